//! The filters as chips: those that are on can be taken off, others put on. Links, so that they work without a script.

use leptos::prelude::*;

use super::{asked::path, results::Found};
use crate::{
    app::{
        i18n::{Locale, text, use_locale},
        parts::{icon::Icon, room_link::room_name},
        state::Chat,
    },
    model::{Has, RoomId, SearchQuery, UserId},
};

/// What a message may have.
const HAS: [Has; 4] = [Has::Link, Has::Image, Has::File, Has::Voice];
/// So many people, and so many rooms, of the results are offered.
const OFFERED: usize = 4;

/// A filter: its words, and the search with it put on or taken off.
#[derive(Clone, PartialEq)]
struct Chip {
    label: String,
    is_on: bool,
    to: SearchQuery,
}

/// The row of chips.
#[component]
pub fn Chips(
    /// The chat.
    chat: Chat,
    /// What the address asks.
    asked: Memo<SearchQuery>,
    /// What was found.
    found: Found,
) -> impl IntoView {
    let t = use_locale();
    // The results come after this row in the page: until it is alive, server and browser know none of them here.
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let chips = Memo::new(move |_| {
        let found = is_alive.get().then_some(found);
        chips(t, chat, &asked.read(), found)
    });
    let remove = move |chip: &Chip| {
        let name = chip.label.clone();
        chip.is_on.then(|| text!(t, search.remove, name = name))
    };
    view! {
        <div class="search-chips" role="group" aria-label=text!(t, search.filters)>
            {move || {
                chips
                    .get()
                    .into_iter()
                    .map(|chip| {
                        let label = remove(&chip);
                        view! {
                            <a
                                class="chip"
                                href=path(&chip.to)
                                aria-label=label
                                aria-current=chip.is_on.then_some("true")
                            >
                                <span class="chip-words">
                                    <bdi>{chip.label}</bdi>
                                    {chip.is_on.then(|| view! { <Icon name="x" /> })}
                                </span>
                            </a>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
    .into_any()
}

/// Those that are on first.
fn chips(t: Locale, chat: Chat, asked: &SearchQuery, found: Option<Found>) -> Vec<Chip> {
    let mut chips = Vec::new();
    chips.extend(rooms(t, chat, asked, found));
    chips.extend(people(t, chat, asked, found));
    chips.extend(HAS.map(|has| Chip {
        label: has_name(t, has),
        is_on: asked.has == Some(has),
        to: SearchQuery {
            has: (asked.has != Some(has)).then_some(has),
            ..asked.clone()
        },
    }));
    chips.extend(asked.before.map(|_| Chip {
        label: text!(t, search.before),
        is_on: true,
        to: SearchQuery {
            before: None,
            ..asked.clone()
        },
    }));
    chips.extend(asked.after.map(|_| Chip {
        label: text!(t, search.after),
        is_on: true,
        to: SearchQuery {
            after: None,
            ..asked.clone()
        },
    }));
    chips.sort_by_key(|chip| !chip.is_on);
    chips
}

/// The room that is searched alone; else those of the results, where there are several.
fn rooms(t: Locale, chat: Chat, asked: &SearchQuery, found: Option<Found>) -> Vec<Chip> {
    let name = |id: RoomId| {
        let lists = chat.lists.read();
        let me = Some(lists.me);
        let listed = lists.rooms.get(&id).map(|room| room_name(t, room, me));
        listed
            .or_else(|| found?.room(id).map(|room| room_name(t, &room, me)))
            .unwrap_or_else(|| text!(t, inbox.unknown))
    };
    let chip = |id: RoomId, is_on: bool| Chip {
        label: text!(t, search.within, name = name(id)),
        is_on,
        to: SearchQuery {
            room_id: (!is_on).then_some(id),
            ..asked.clone()
        },
    };
    match asked.room_id {
        Some(id) => vec![chip(id, true)],
        None => {
            let ids = few(found.map(Found::seen_rooms).unwrap_or_default());
            ids.into_iter().map(|id| chip(id, false)).collect()
        }
    }
}

/// The person whose messages alone are searched; else those who wrote the results, where there are several.
fn people(t: Locale, chat: Chat, asked: &SearchQuery, found: Option<Found>) -> Vec<Chip> {
    let me = chat.lists.read().me;
    let name = |id: UserId| {
        let you = (id == me).then(|| text!(t, timeline.you));
        you.or_else(|| found?.name_of(id))
            .unwrap_or_else(|| text!(t, search.somebody))
    };
    let chip = |id: UserId, is_on: bool| Chip {
        label: text!(t, search.from, name = name(id)),
        is_on,
        to: SearchQuery {
            from: (!is_on).then_some(id),
            ..asked.clone()
        },
    };
    match asked.from {
        Some(id) => vec![chip(id, true)],
        None => {
            let ids = few(found.map(Found::seen_people).unwrap_or_default());
            ids.into_iter().map(|id| chip(id, false)).collect()
        }
    }
}

/// One alone would leave out nothing.
fn few<T>(mut all: Vec<T>) -> Vec<T> {
    if all.len() < 2 {
        all.clear();
    }
    all.truncate(OFFERED);
    all
}

fn has_name(t: Locale, has: Has) -> String {
    match has {
        Has::Link => text!(t, search.link),
        Has::Image => text!(t, search.image),
        Has::File => text!(t, search.file),
        Has::Voice => text!(t, search.voice),
    }
}
