//! The list of conversations, last activity first, with its filters.

use leptos::prelude::*;

use crate::{
    app::{
        i18n::{Locale, text, use_locale},
        parts::{
            room_link::{RoomLink, room_name},
            status::Empty,
        },
        state::Chat,
    },
    browser::focus,
    model::{RoomId, RoomKind, Zone},
    sync::Lists,
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
    let name = RwSignal::new(String::new());
    let only_unread = RwSignal::new(false);
    let ids = Memo::new(move |_| {
        let filter = Filter {
            name: &name.read(),
            only_unread: only_unread.get(),
            selected: selected.get(),
        };
        filter.ids(t, &chat.lists.read())
    });
    let is_empty = Memo::new(move |_| ids.read().is_empty());
    let has_none = Memo::new(move |_| chat.lists.read().rooms.is_empty());
    view! {
        <nav class="inbox-list" aria-label=text!(t, inbox.conversations)>
            <div class="inbox-filters">
                <p class="inbox-heading" aria-hidden="true">
                    {text!(t, inbox.title)}
                </p>
                <input
                    class="input"
                    type="search"
                    dir="auto"
                    autocomplete="off"
                    aria-label=text!(t, inbox.filter)
                    placeholder=text!(t, inbox.filter)
                    on:input:target=move |ev| name.set(ev.target().value())
                />
                <div class="segments" role="group" aria-label=text!(t, inbox.show)>
                    <FilterButton label=text!(t, inbox.all) only_unread value=false />
                    <FilterButton label=text!(t, inbox.unread) only_unread value=true />
                </div>
            </div>
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
                        <RoomLink chat id zone selected />
                    </li>
                </For>
            </ul>
            <Show when=move || is_empty.get() && !has_none.get()>
                <p class="list-note" role="status">
                    {text!(t, inbox.no_match)}
                </p>
            </Show>
            <Show when=move || has_none.get()>
                <Empty
                    icon="messages"
                    title=text!(t, home.no_conversations)
                    text=text!(t, home.no_conversations_text)
                />
            </Show>
        </nav>
    }
}

#[component]
fn FilterButton(
    /// Its words.
    label: String,
    /// What it switches.
    only_unread: RwSignal<bool>,
    /// To what.
    value: bool,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="segment"
            aria-pressed=move || (only_unread.get() == value).to_string()
            on:click=move |_| only_unread.set(value)
        >
            {label}
        </button>
    }
}

struct Filter<'a> {
    name: &'a str,
    only_unread: bool,
    /// The open conversation stays in the list of unread ones while it is being read.
    selected: Option<RoomId>,
}

impl Filter<'_> {
    fn ids(&self, t: Locale, lists: &Lists) -> Vec<RoomId> {
        let name = self.name.trim().to_lowercase();
        lists
            .by_activity()
            .into_iter()
            .filter(|room| room.shared.kind == RoomKind::Support)
            .filter(|room| {
                !self.only_unread || room.unread_count > 0 || self.selected == Some(room.id())
            })
            .filter(|room| name.is_empty() || room_name(t, room).to_lowercase().contains(&name))
            .map(|room| room.id())
            .collect()
    }
}
