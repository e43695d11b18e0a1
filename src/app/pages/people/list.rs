//! Who was found, by name, and the way to more.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{
            avatar::Avatar, chat_with::ChatWith, form_field::FormError, icon::Icon, status::Empty,
            top_bar::role_name,
        },
        paths::profile_path,
    },
    model::{Listing, PeoplePage, PeopleQuery, WireError},
};

/// What the page shows.
#[derive(Clone, Copy, Default)]
pub struct Found {
    asked: RwSignal<PeopleQuery>,
    people: RwSignal<Vec<Listing>>,
    has_more: RwSignal<bool>,
    problem: RwSignal<Option<WireError>>,
}

impl Found {
    /// The first page of who is looked for.
    pub fn begin(self, asked: PeopleQuery, page: PeoplePage) {
        self.asked.set(asked);
        self.problem.set(None);
        self.has_more.set(page.has_more);
        self.people.set(page.people);
    }

    fn more(self) {
        let asked = self.asked.get_untracked();
        let after = self.people.read_untracked().last().map(|last| last.id);
        spawn_local(async move {
            let query = PeopleQuery {
                after,
                ..asked.clone()
            };
            let answer = api::directory::find_people(query).await;
            // Somebody else is looked for by now, or these have come already.
            let last = |people: &Vec<Listing>| people.last().map(|last| last.id);
            if self.asked.try_get_untracked() != Some(asked)
                || self.people.try_with_untracked(last) != Some(after)
            {
                return;
            }
            match answer {
                Ok(page) => {
                    self.problem.set(None);
                    self.has_more.set(page.has_more);
                    self.people.update(|people| people.extend(page.people));
                }
                Err(error) => self.problem.set(Some(error)),
            }
        });
    }
}

/// The list.
#[component]
pub fn People(
    /// Who was found.
    found: Found,
) -> impl IntoView {
    let t = use_locale();
    // Plain functions: what is shown already hears of the next page's people once more before it is replaced, and what
    // is owned here is gone by then.
    let count = move || found.people.read().len();
    let said = move || {
        if found.has_more.get() {
            text!(t, directory.found_more, count = count())
        } else {
            text!(t, directory.found, count = count())
        }
    };
    view! {
        <p class="search-count" role="status">
            {said}
        </p>
        <Show when=move || count() == 0>
            <Empty icon="users" title=text!(t, directory.none) text=text!(t, directory.none_text) />
        </Show>
        <ul class="card-rows" role="list">
            <For each=move || found.people.get() key=|person| person.clone() let(person)>
                <li>
                    <PersonRow person />
                </li>
            </For>
        </ul>
        {move || {
            found
                .problem
                .get()
                .map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
        }}
        <Show when=move || found.has_more.get()>
            <button type="button" class="button" on:click=move |_| found.more()>
                <Icon name="arrow-down" />
                {text!(t, directory.more)}
            </button>
        </Show>
    }
    .into_any()
}

#[component]
fn PersonRow(
    /// Who.
    person: Listing,
) -> impl IntoView {
    let t = use_locale();
    let href = profile_path(&person.username);
    view! {
        <article class="card card-row person-row" aria-label=person.name.clone()>
            <Avatar id=person.id name=person.name.clone() />
            <div class="card-row-text">
                <h2>
                    <a href=href>
                        <bdi>{person.name.clone()}</bdi>
                    </a>
                </h2>
                <p class="card-row-about">{role_name(t, person.role)}</p>
            </div>
            <div class="card-row-way">
                <ChatWith person=person.card() />
            </div>
        </article>
    }
    .into_any()
}
