//! Conversations beyond what the list carries: asked for by a button, and while a name is looked for.

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};

use super::filter::Filter;
use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        state::Chat,
    },
    browser::timer,
    model::{
        Desk, InboxQuery, MessageId, RoomForMe, RoomId, SupportStatus, WireError,
        limits::DESK_ROOMS,
    },
};

/// Somebody who types a name pauses for so long before it is looked for.
const PAUSE_MS: u32 = 300;

/// How it stands with the older ones that match.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Older {
    /// There may be some.
    Unknown,
    /// They are on their way.
    Loading,
    /// There are none.
    None,
    /// They did not come.
    Failed(WireError),
}

/// What is asked for, and how far the answers have come.
#[derive(Clone, Copy)]
struct Search {
    chat: Chat,
    status: Memo<Option<SupportStatus>>,
    desk: Memo<Option<Desk>>,
    name: RwSignal<String>,
    older: RwSignal<Older>,
    /// Where the next page of this question begins.
    cursor: StoredValue<Option<MessageId>>,
    /// Rooms that came by answers: the list does not reach down to them without a gap.
    answered: StoredValue<BTreeSet<RoomId>>,
}

impl Search {
    fn asked(self) -> Option<InboxQuery> {
        Some(InboxQuery {
            status: self.status.try_get_untracked()?,
            desk: self.desk.try_get_untracked()?,
            name: self.name.try_get_untracked()?,
            before: None,
        })
    }

    /// Another question: what is known of the last one's answers does not count.
    fn restart(self) {
        self.cursor.set_value(None);
        self.older.set(Older::Unknown);
    }

    /// Fetches the next page.
    fn load(self) {
        let Some(question) = self.asked() else { return };
        let asked = InboxQuery {
            before: self
                .cursor
                .get_value()
                .or_else(|| self.end_of_list(&question)),
            ..question.clone()
        };
        self.older.set(Older::Loading);
        spawn_local(async move {
            let answer = api::support::inbox(asked).await;
            if self.asked() != Some(question) {
                return;
            }
            match answer {
                Ok(page) => self.take(page.rooms, page.has_older),
                Err(error) => self.older.set(Older::Failed(error)),
            }
        });
    }

    fn take(self, rooms: Vec<RoomForMe>, has_older: bool) {
        let last = rooms.last().and_then(|room| room.last_message.as_ref());
        self.cursor.set_value(last.map(|message| message.id));
        self.answered
            .update_value(|known| known.extend(rooms.iter().map(RoomForMe::id)));
        self.older.set(if has_older {
            Older::Unknown
        } else {
            Older::None
        });
        self.chat.know(rooms);
    }

    /// The last message of the last conversation that the list carries; from the newest where a name is looked for.
    fn end_of_list(self, question: &InboxQuery) -> Option<MessageId> {
        if !question.name.trim().is_empty() {
            return None;
        }
        let lists = self.chat.lists.read_untracked();
        let meant = |room: &&RoomForMe| {
            let status = room.support.as_ref().map(|support| support.status);
            (question.status.is_none() || status == question.status)
                && (question.desk.is_none() || room.shared.desk == question.desk)
                && !self.answered.with_value(|known| known.contains(&room.id()))
        };
        let rooms = lists.rooms.values().filter(meant);
        rooms
            .filter_map(|room| room.last_message.as_ref().map(|last| last.id))
            .min()
    }
}

/// The button below the list; nothing where the list has everything.
#[component]
pub fn OlderRooms(
    /// The chat.
    chat: Chat,
    /// What the address says.
    filter: Memo<Filter>,
    /// The part of a name that is looked for.
    name: RwSignal<String>,
) -> impl IntoView {
    let t = use_locale();
    let is_cut = Memo::new(move |_| chat.lists.read().rooms.len() >= DESK_ROOMS);
    let search = Search {
        chat,
        status: Memo::new(move |_| filter.get().status),
        desk: Memo::new(move |_| filter.get().desk),
        name,
        older: RwSignal::new(Older::Unknown),
        cursor: StoredValue::new(None),
        answered: StoredValue::new(BTreeSet::new()),
    };
    Effect::new(move |_| {
        search.status.track();
        search.desk.track();
        let typed = name.get();
        search.restart();
        if is_cut.get_untracked() && !typed.trim().is_empty() {
            timer::after(PAUSE_MS, move || {
                if name.try_get_untracked().as_ref() == Some(&typed) {
                    search.load();
                }
            });
        }
    });
    let failed = move || match search.older.get() {
        Older::Failed(error) => Some(errors::sentence(t, &error)),
        _ => None,
    };
    view! {
        <Show when=move || is_cut.get() && search.older.get() != Older::None>
            <p class="list-note">
                {move || failed().map(|error| view! { <span role="alert">{error} " "</span> })}
                <button
                    type="button"
                    class="button small"
                    disabled=move || search.older.get() == Older::Loading
                    on:click=move |_| search.load()
                >
                    {text!(t, inbox.older)}
                </button>
            </p>
        </Show>
    }
}
