//! What was found, newest first, and the way to more of it.

use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};

use super::{
    hit::{Hit, hit_id},
    last::LastSearch,
};
use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{form_field::FormError, icon::Icon, status::Empty},
        state::Chat,
    },
    browser::{focus, frame},
    model::{
        FoundMessage, MessageId, RoomForMe, RoomId, SearchPage, SearchQuery, UserId, WireError,
        Zone,
    },
};

/// What the page shows of a search.
#[derive(Clone, Copy, Default)]
pub struct Found {
    asked: RwSignal<SearchQuery>,
    hits: RwSignal<Vec<FoundMessage>>,
    rooms: RwSignal<BTreeMap<RoomId, RoomForMe>>,
    next: RwSignal<Option<MessageId>>,
    is_busy: RwSignal<bool>,
    problem: RwSignal<Option<WireError>>,
}

impl Found {
    /// Nothing is asked, or it could not be answered.
    pub fn clear(self) {
        self.show(SearchPage::default());
    }

    /// The first page of what is asked.
    pub fn begin(self, asked: SearchQuery, page: SearchPage, last: LastSearch) {
        last.keep(asked.clone(), page.clone());
        self.asked.set(asked);
        self.show(page);
    }

    fn show(self, page: SearchPage) {
        let rooms = page.rooms.into_iter().map(|room| (room.id(), room));
        self.rooms.set(rooms.collect());
        self.next.set(page.next);
        self.problem.set(None);
        self.is_busy.set(false);
        self.hits.set(page.found);
    }

    /// Older ones.
    fn more(self, last: LastSearch) {
        let (asked, Some(next)) = (self.asked.get_untracked(), self.next.get_untracked()) else {
            return;
        };
        if self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        spawn_local(async move {
            let older = SearchQuery {
                before: Some(next),
                ..asked.clone()
            };
            let answer = api::search::search_messages(older).await;
            // Something else is asked by now.
            if self.asked.try_get_untracked() != Some(asked) {
                return;
            }
            self.is_busy.set(false);
            match answer {
                Ok(page) => self.extend(page, last),
                Err(error) => self.problem.set(Some(error)),
            }
        });
    }

    fn extend(self, page: SearchPage, last: LastSearch) {
        self.problem.set(None);
        self.next.set(page.next);
        let rooms = page.rooms.into_iter().map(|room| (room.id(), room));
        self.rooms.update(|known| known.extend(rooms));
        self.hits.update(|hits| hits.extend(page.found));
        last.keep(self.asked.get_untracked(), self.page());
    }

    fn page(self) -> SearchPage {
        SearchPage {
            found: self.hits.get_untracked(),
            rooms: self.rooms.get_untracked().into_values().collect(),
            next: self.next.get_untracked(),
        }
    }

    /// A room of what was found.
    pub fn room(self, id: RoomId) -> Option<RoomForMe> {
        self.rooms.read().get(&id).cloned()
    }

    /// The rooms of what was found, each once, newest hit first.
    pub fn seen_rooms(self) -> Vec<RoomId> {
        once(self.hits.read().iter().map(|hit| hit.message.room_id))
    }

    /// Who wrote what was found, each once, newest hit first.
    pub fn seen_people(self) -> Vec<UserId> {
        once(self.hits.read().iter().map(|hit| hit.message.sender.id))
    }

    /// The name of somebody who wrote of what was found.
    pub fn name_of(self, id: UserId) -> Option<String> {
        let hits = self.hits.read();
        let hit = hits.iter().find(|hit| hit.message.sender.id == id)?;
        Some(hit.message.sender.name.clone())
    }
}

fn once<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.fold(Vec::new(), |mut seen, one| {
        if !seen.contains(&one) {
            seen.push(one);
        }
        seen
    })
}

/// The list.
#[component]
pub fn Results(
    /// The chat.
    chat: Chat,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
    /// What was found.
    found: Found,
    /// The last search.
    last: LastSearch,
) -> impl IntoView {
    let t = use_locale();
    // Plain functions: what is shown already hears of the next search once more before it is replaced, and what is
    // owned here is gone by then.
    let count = move || found.hits.read().len();
    let has_more = move || found.next.read().is_some();
    let said = move || {
        if has_more() {
            text!(t, search.found_more, count = count())
        } else {
            text!(t, search.found, count = count())
        }
    };
    // Whoever comes back stands where they left.
    Effect::new(move |_| {
        if let Some(id) = last.take_opened() {
            frame::next(move || focus::on(&hit_id(id)));
        }
    });
    view! {
        <p class="search-count" role="status">
            {said}
        </p>
        <Show when=move || count() == 0 && !has_more()>
            <Empty icon="search" title=text!(t, search.none) text=text!(t, search.none_text) />
        </Show>
        <ul class="search-hits" role="list">
            <For each=move || found.hits.get() key=|hit| (hit.message.id, hit.message.rev) let(hit)>
                <li>
                    <Hit chat zone found last hit />
                </li>
            </For>
        </ul>
        {move || {
            found
                .problem
                .get()
                .map(|error| {
                    let why = errors::sentence(t, &error);
                    let sentence = format!("{} {why}", text!(t, search.more_failed));
                    view! { <FormError sentence /> }
                })
        }}
        <Show when=has_more>
            <button
                type="button"
                class="button"
                aria-disabled=move || found.is_busy.get().to_string()
                on:click=move |_| found.more(last)
            >
                <Icon name="arrow-down" />
                {move || {
                    if found.is_busy.get() { text!(t, app.loading) } else { text!(t, search.more) }
                }}
            </button>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::once;

    #[test]
    fn each_is_told_once_in_the_order_of_the_first() {
        assert_eq!(once([3, 1, 3, 2, 1].into_iter()), [3, 1, 2]);
    }
}
