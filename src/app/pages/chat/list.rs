//! The list of rooms in its sections. While somebody aims at a row, none moves.

use leptos::prelude::*;

use super::order::{Order, SECTIONS, Section, held, order};
use crate::{
    app::{
        i18n::{Locale, text, use_locale},
        parts::{
            icon::Icon,
            room_link::{RoomLink, room_name},
            status::Empty,
        },
        state::Chat,
    },
    browser::focus,
    model::{RoomForMe, RoomId, Zone},
};

/// The links that the arrow keys walk through.
const LINKS: &str = "#rooms .room-link";

impl Section {
    /// The id of its heading.
    fn id(self) -> &'static str {
        match self {
            Self::Unread => "section-unread",
            Self::Direct => "section-direct",
            Self::Courses => "section-courses",
            Self::Rooms => "section-rooms",
        }
    }

    fn name(self, t: Locale) -> String {
        match self {
            Self::Unread => text!(t, chat.unread),
            Self::Direct => text!(t, chat.direct),
            Self::Courses => text!(t, chat.courses),
            Self::Rooms => text!(t, chat.rooms),
        }
    }
}

/// The left column.
#[component]
pub fn RoomList(
    /// The chat.
    chat: Chat,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
    /// The room that is open beside the list.
    selected: Memo<Option<RoomId>>,
) -> impl IntoView {
    let t = use_locale();
    let name = RwSignal::new(String::new());
    let is_empty = Memo::new(move |_| {
        let lists = chat.lists.read();
        !lists.rooms.values().any(RoomForMe::is_chat)
    });
    let (is_hovered, is_focused) = (RwSignal::new(false), RwSignal::new(false));
    let order = Memo::new(move |before: Option<&Order>| {
        let now = shown(t, chat, &name.read(), selected.get());
        match before {
            Some(before) if is_hovered.get() || is_focused.get() => held(before, &now),
            _ => now,
        }
    });
    view! {
        <nav class="inbox-list" data-region="" aria-label=text!(t, chat.title)>
            <div class="inbox-filters">
                <div class="list-head">
                    <p class="inbox-heading" aria-hidden="true">
                        {text!(t, chat.title)}
                    </p>
                    <a class="button" href="/people">
                        <Icon name="users" />
                        {text!(t, directory.title)}
                    </a>
                    <a class="button" href="/rooms">
                        <Icon name="search" />
                        {text!(t, chat.browse)}
                    </a>
                </div>
                <input
                    type="search"
                    class="input"
                    placeholder=text!(t, chat.filter)
                    aria-label=text!(t, chat.filter)
                    bind:value=name
                />
            </div>
            <div
                id="rooms"
                class="room-links"
                on:pointerenter=move |ev| is_hovered.set(ev.pointer_type() == "mouse")
                on:pointerleave=move |_| is_hovered.set(false)
                on:focusin=move |_| is_focused.set(true)
                on:focusout=move |_| is_focused.set(false)
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
                {SECTIONS
                    .map(|section| view! { <RoomSection chat zone selected order section /> })
                    .into_iter()
                    .collect_view()}
                <Show when=move || is_empty.get()>
                    <Empty icon="messages" title=text!(t, chat.none) text=text!(t, chat.none_text) />
                </Show>
            </div>
        </nav>
    }
    .into_any()
}

#[component]
fn RoomSection(
    /// The chat.
    chat: Chat,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
    /// The room that is open beside the list.
    selected: Memo<Option<RoomId>>,
    /// Where each room stands.
    order: Memo<Order>,
    /// Which part of the list.
    section: Section,
) -> impl IntoView {
    let t = use_locale();
    let ids = Memo::new(move |_| {
        let order = order.read();
        let here = order.iter().filter(|(of, _)| *of == section);
        here.map(|(_, id)| *id).collect::<Vec<_>>()
    });
    let is_shown = Memo::new(move |_| !ids.read().is_empty());
    let heading = section.id();
    view! {
        <Show when=move || is_shown.get()>
            <section aria-labelledby=heading>
                <h2 class="section-heading" id=heading>
                    {section.name(t)}
                </h2>
                <ul class="room-links-part" role="list">
                    <For each=move || ids.get() key=|id| *id let(id)>
                        <li>
                            <RoomLink chat id zone selected page="/chat" />
                        </li>
                    </For>
                </ul>
            </section>
        </Show>
    }
    .into_any()
}

/// A room of two in which nothing was said yet is there only while it is open.
fn shown(t: Locale, chat: Chat, name: &str, selected: Option<RoomId>) -> Order {
    let name = name.trim().to_lowercase();
    let lists = chat.lists.read();
    let me = Some(lists.me);
    let rooms = lists.by_activity().into_iter().filter(|room| {
        let is_begun = !room.is_personal() || room.last_message.is_some();
        room.is_chat()
            && (is_begun || selected == Some(room.id()))
            && (name.is_empty() || room_name(t, room, me).to_lowercase().contains(&name))
    });
    order(rooms)
}
