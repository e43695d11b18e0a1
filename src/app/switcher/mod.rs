//! The quick way to a room or a person: Ctrl+K, some letters, Enter.
//!
//! - `entries`: where one may go, by what was typed. `matching`: how well a name answers it.

mod entries;
mod matching;

use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use self::{
    entries::{Entry, entries},
    matching::{Kind, asked},
};
use super::{
    i18n::{text, use_locale},
    parts::{
        avatar::Avatar,
        icon::Icon,
        room_link::{RoomMark, kind_icon},
    },
    state::Chat,
};
use crate::{
    api,
    browser::{dialog, frame, scroll, timer},
    model::{Listing, PeopleQuery, RoomId, UserId},
};

/// The id of the dialog.
pub const SWITCHER: &str = "switcher";
const LIST: &str = "switcher-list";
/// Between the last letter and the question for people.
const PAUSE_MS: u32 = 200;

fn option_id(at: usize) -> String {
    format!("{LIST}-{at}")
}

/// What the switcher knows and does.
#[derive(Clone, Copy)]
struct Switch {
    is_open: RwSignal<bool>,
    typed: RwSignal<String>,
    people: RwSignal<Vec<Listing>>,
    active: RwSignal<usize>,
    entries: Memo<Vec<Entry>>,
}

impl Switch {
    /// Other letters: people are asked for after a pause.
    fn types(self, text: String) {
        self.typed.set(text.clone());
        self.active.set(0);
        let (kind, wanted) = asked(&text);
        if wanted.is_empty() || matches!(kind, Kind::Rooms | Kind::Messages) {
            self.people.set(Vec::new());
            return;
        }
        let query = PeopleQuery {
            text: wanted.to_owned(),
            ..PeopleQuery::default()
        };
        timer::after(PAUSE_MS, move || {
            if self.typed.try_get_untracked().as_ref() != Some(&text) {
                return;
            }
            spawn_local(async move {
                // Without an answer the rooms are there.
                let found = api::directory::find_people(query).await.unwrap_or_default();
                if self.typed.try_get_untracked() == Some(text) {
                    self.people.set(found.people);
                }
            });
        });
    }

    fn step(self, by: usize) {
        let count = self.entries.read_untracked().len();
        if count > 0 {
            self.active
                .update(|active| *active = (*active + by) % count);
            let id = option_id(self.active.get_untracked());
            frame::next(move || scroll::into_view(&id));
        }
    }

    fn closed(self) {
        self.is_open.set(false);
        self.typed.set(String::new());
        self.people.set(Vec::new());
        self.active.set(0);
    }
}

/// The dialog. It gives the focus back by itself when it closes.
#[component]
pub fn Switcher(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let (is_open, typed) = (RwSignal::new(false), RwSignal::new(String::new()));
    let people = RwSignal::new(Vec::new());
    let switch = Switch {
        is_open,
        typed,
        people,
        active: RwSignal::new(0),
        entries: Memo::new(move |_| {
            if is_open.get() {
                entries(t, &chat.lists.read(), &typed.read(), &people.read())
            } else {
                Vec::new()
            }
        }),
    };
    let navigate = use_navigate();
    let go = Callback::new(move |at: usize| {
        let Some(entry) = switch.entries.read_untracked().get(at).cloned() else {
            return;
        };
        dialog::close(SWITCHER);
        match entry {
            Entry::Room { path, .. } | Entry::Search { path, .. } => {
                navigate(&path, Default::default());
            }
            Entry::Person { id, .. } => {
                let navigate = navigate.clone();
                spawn_local(async move {
                    if let Some(path) = direct(id).await {
                        navigate(&path, Default::default());
                    }
                });
            }
        }
    });
    let on_key = move |ev: KeyboardEvent| {
        if ev.is_composing() {
            return;
        }
        let count = switch.entries.read_untracked().len();
        match ev.key().as_str() {
            "ArrowDown" => switch.step(1),
            "ArrowUp" => switch.step(count.saturating_sub(1)),
            "Enter" => go.run(switch.active.get_untracked()),
            _ => return,
        }
        ev.prevent_default();
    };
    let said = move || match switch.entries.read().len() {
        _ if !is_open.get() => String::new(),
        0 => text!(t, switcher.none),
        count => text!(t, switcher.found, count = count),
    };
    view! {
        <dialog
            id=SWITCHER
            class="dialog switcher"
            aria-labelledby="switcher-title"
            on:close=move |_| switch.closed()
        >
            <h2 id="switcher-title">{text!(t, switcher.title)}</h2>
            <input
                class="input"
                type="text"
                role="combobox"
                dir="auto"
                autocomplete="off"
                aria-autocomplete="list"
                aria-label=text!(t, switcher.label)
                aria-expanded=move || (!switch.entries.read().is_empty()).to_string()
                aria-controls=LIST
                aria-activedescendant=move || {
                    (!switch.entries.read().is_empty()).then(|| option_id(switch.active.get()))
                }
                placeholder=text!(t, switcher.hint)
                prop:value=move || typed.get()
                on:focus=move |_| is_open.set(true)
                on:input:target=move |ev| switch.types(ev.target().value())
                on:keydown=on_key
            />
            <ul id=LIST class="switcher-list" role="listbox" aria-label=text!(t, switcher.results)>
                {move || {
                    let entries = switch.entries.get().into_iter().enumerate();
                    entries.map(|(at, entry)| view! { <Row switch at entry go /> }).collect_view()
                }}
            </ul>
            <p role="status">{said}</p>
        </dialog>
    }
    .into_any()
}

/// The address of the room with that person; none where there is none to be had.
async fn direct(id: UserId) -> Option<String> {
    let room_id: RoomId = api::rooms::open_direct(id).await.ok()?;
    Some(format!("/chat/{room_id}"))
}

#[component]
fn Row(
    /// What the switcher knows.
    switch: Switch,
    /// Its place.
    at: usize,
    /// Where it leads.
    entry: Entry,
    /// Goes there.
    go: Callback<usize>,
) -> impl IntoView {
    let t = use_locale();
    let picture = match &entry {
        Entry::Room {
            kind, person, name, ..
        } => match kind_icon(*kind) {
            Some(icon) => view! { <RoomMark icon /> }.into_any(),
            None => view! { <Avatar id=*person name=name.clone() /> }.into_any(),
        },
        Entry::Person { id, name } => view! { <Avatar id=*id name=name.clone() /> }.into_any(),
        Entry::Search { .. } => view! { <Icon name="search" /> }.into_any(),
    };
    let is_unread = matches!(
        entry,
        Entry::Room {
            is_unread: true,
            ..
        }
    );
    view! {
        <li
            id=option_id(at)
            class="switcher-row"
            role="option"
            aria-selected=move || (switch.active.get() == at).to_string()
            // The keyboard stays in the field.
            on:mousedown=move |ev| ev.prevent_default()
            on:click=move |_| go.run(at)
        >
            {picture}
            <bdi>{entry.label(t)}</bdi>
            {is_unread.then(|| view! { <span class="switcher-note">{text!(t, switcher.unread)}</span> })}
        </li>
    }
}
