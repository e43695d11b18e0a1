//! The list of conversations, as the filter shows them; older ones come from the server.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{filter::Filter, filters::Filters, older::OlderRooms};
use crate::{
    app::{
        i18n::{Locale, text, use_locale},
        parts::{
            desk::answered,
            room_link::{RoomLink, room_name},
            status::Empty,
        },
        state::Chat,
    },
    browser::focus,
    model::{RoomForMe, RoomId, Zone},
};

/// The links that the arrow keys walk through.
const LINKS: &str = "#conversations .room-link";

/// The left column.
#[component]
pub fn ConversationList(
    /// The chat.
    chat: Chat,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
    /// The room that is open beside the list.
    selected: Memo<Option<RoomId>>,
) -> impl IntoView {
    let t = use_locale();
    let asked = use_query_map();
    let filter = Memo::new(move |_| Filter::of_query(&asked.read()));
    let query = Signal::derive(move || filter.get().query());
    let name = RwSignal::new(String::new());
    let ids = Memo::new(move |_| shown(t, chat, &filter.read(), &name.read(), selected.get()));
    view! {
        <nav class="inbox-list" data-region="" aria-label=text!(t, inbox.conversations)>
            <Filters filter name desks=answered(t, chat) />
            <ul
                id="conversations"
                class="room-links"
                role="list"
                on:keydown=move |ev| {
                    let backwards = match ev.key().as_str() {
                        "ArrowDown" => false,
                        "ArrowUp" => true,
                        _ => return,
                    };
                    if focus::step(LINKS, backwards) {
                        ev.prevent_default();
                    }
                }
            >
                <For each=move || ids.get() key=|id| *id let(id)>
                    <li>
                        <RoomLink chat id zone selected query />
                    </li>
                </For>
            </ul>
            <OlderRooms chat filter name />
            <NothingShown chat filter ids name />
        </nav>
    }
}

/// What stands in an empty list's place.
#[component]
fn NothingShown(
    /// The chat.
    chat: Chat,
    /// What the address says.
    filter: Memo<Filter>,
    /// The rooms that are shown.
    ids: Memo<Vec<RoomId>>,
    /// The part of a name that is looked for.
    name: RwSignal<String>,
) -> impl IntoView {
    let t = use_locale();
    let has_none = Memo::new(move |_| {
        let lists = chat.lists.read();
        lists.rooms.values().all(RoomForMe::is_chat)
    });
    let is_all_done = Memo::new(move |_| {
        let usual = Filter {
            order: filter.get().order,
            ..Filter::default()
        };
        filter.get() == usual && name.read().trim().is_empty()
    });
    let nothing = move || {
        if has_none.get() {
            let (title, text) = (
                text!(t, home.no_conversations),
                text!(t, home.no_conversations_text),
            );
            view! { <Empty icon="messages" title text /> }.into_any()
        } else if is_all_done.get() {
            let (title, text) = (text!(t, inbox.no_open), text!(t, inbox.no_open_text));
            view! { <Empty icon="check-check" title text /> }.into_any()
        } else {
            view! {
                <p class="list-note" role="status">
                    {text!(t, inbox.no_match)}
                </p>
            }
            .into_any()
        }
    };
    let is_empty = Memo::new(move |_| ids.read().is_empty());
    move || is_empty.get().then(nothing)
}

fn shown(
    t: Locale,
    chat: Chat,
    filter: &Filter,
    name: &str,
    selected: Option<RoomId>,
) -> Vec<RoomId> {
    let name = name.trim().to_lowercase();
    let me = chat.user().map(|user| user.id);
    let lists = chat.lists.read();
    let mut rooms: Vec<&RoomForMe> = lists
        .by_activity()
        .into_iter()
        .filter(|room| !room.is_chat())
        .filter(|room| filter.shows(room, me, selected))
        .filter(|room| name.is_empty() || room_name(t, room, me).to_lowercase().contains(&name))
        .collect();
    filter.sort(&mut rooms);
    rooms.into_iter().map(RoomForMe::id).collect()
}
