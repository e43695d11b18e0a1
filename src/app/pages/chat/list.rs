//! The list of rooms: what two have for themselves, courses, rooms; each with what is unread first.

use leptos::prelude::*;

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
    model::{RoomForMe, RoomId, RoomKind, Zone},
};

/// The links that the arrow keys walk through.
const LINKS: &str = "#rooms .room-link";

/// A part of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Direct,
    Courses,
    Rooms,
}

const SECTIONS: [Section; 3] = [Section::Direct, Section::Courses, Section::Rooms];

impl Section {
    fn holds(self, kind: RoomKind) -> bool {
        match self {
            Self::Direct => matches!(kind, RoomKind::Direct | RoomKind::Thread),
            Self::Courses => kind == RoomKind::Course,
            Self::Rooms => matches!(kind, RoomKind::Public | RoomKind::Private),
        }
    }

    /// The id of its heading.
    fn id(self) -> &'static str {
        match self {
            Self::Direct => "section-direct",
            Self::Courses => "section-courses",
            Self::Rooms => "section-rooms",
        }
    }

    fn name(self, t: Locale) -> String {
        match self {
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
    view! {
        <nav class="inbox-list" data-region="" aria-label=text!(t, chat.title)>
            <div class="inbox-filters">
                <div class="list-head">
                    <p class="inbox-heading" aria-hidden="true">
                        {text!(t, chat.title)}
                    </p>
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
                    .map(|section| view! { <RoomSection chat zone selected name section /> })
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
    /// The part of a name that is looked for.
    name: RwSignal<String>,
    /// Which part of the list.
    section: Section,
) -> impl IntoView {
    let t = use_locale();
    let ids = Memo::new(move |_| shown(t, chat, section, &name.read(), selected.get()));
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

/// What is unread first, then by last activity. A room of two in which nothing was said yet is there only while it is
/// open.
fn shown(
    t: Locale,
    chat: Chat,
    section: Section,
    name: &str,
    selected: Option<RoomId>,
) -> Vec<RoomId> {
    let name = name.trim().to_lowercase();
    let lists = chat.lists.read();
    let me = Some(lists.me);
    let mut rooms: Vec<&RoomForMe> = lists
        .by_activity()
        .into_iter()
        .filter(|room| section.holds(room.shared.kind))
        .filter(|room| {
            !room.is_personal() || room.last_message.is_some() || selected == Some(room.id())
        })
        .filter(|room| name.is_empty() || room_name(t, room, me).to_lowercase().contains(&name))
        .collect();
    rooms.sort_by_key(|room| room.unread_count == 0);
    rooms.into_iter().map(RoomForMe::id).collect()
}
