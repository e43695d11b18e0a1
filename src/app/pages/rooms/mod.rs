//! The rooms there are: to come into, to ask for, and to make. A file of its own for the browser.

mod card;
mod create;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{LazyRoute, lazy_route};

use self::{card::CardRow, create::CreateRoom};
use crate::{
    api::{self, School, Session, rooms::Cards},
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{
            form_field::FormError,
            icon::Icon,
            page_title::PageTitle,
            status::{Empty, Skeleton},
        },
        start::{StartFailed, signed_in},
        state::Chat,
    },
    browser::timer,
    model::{RoomKind, WireError, permission::may_make},
};

/// Between the last letter and the question.
const PAUSE_MS: u32 = 250;

/// The page `/rooms`.
pub struct RoomsPage {
    first: Resource<Result<Cards, WireError>>,
}

#[lazy_route]
impl LazyRoute for RoomsPage {
    fn data() -> Self {
        Self {
            first: Resource::new_blocking(|| (), |()| api::rooms::browse_rooms(String::new(), 1)),
        }
    }

    fn view(this: Self) -> AnyView {
        let first = this.first;
        signed_in(move |school, session, chat| {
            view! { <Page school session chat first /> }.into_any()
        })
        .into_any()
    }
}

/// What the page shows.
#[derive(Clone, Copy)]
pub(super) struct Found {
    cards: RwSignal<Cards>,
    page: RwSignal<u32>,
    search: RwSignal<String>,
    problem: RwSignal<Option<WireError>>,
}

impl Found {
    /// Looks for what is asked, from the start or further.
    pub(super) fn look(self, page: u32) {
        let search = self.search.get_untracked();
        spawn_local(async move {
            let found = api::rooms::browse_rooms(search.clone(), page).await;
            // Something else is asked by now.
            if self.search.try_get_untracked() != Some(search) {
                return;
            }
            match found {
                Ok(found) => self.take(page, found),
                Err(error) => self.problem.set(Some(error)),
            }
        });
    }

    fn take(self, page: u32, found: Cards) {
        self.problem.set(None);
        self.page.set(page);
        self.cards.update(|cards| {
            if page == 1 {
                *cards = found;
            } else {
                cards.count = found.count;
                cards.cards.extend(found.cards);
            }
        });
    }
}

#[component]
fn Page(
    /// The school.
    school: School,
    /// Who is signed in.
    session: Session,
    /// The chat.
    chat: Chat,
    /// What there is.
    first: Resource<Result<Cards, WireError>>,
) -> impl IntoView {
    let t = use_locale();
    let title = text!(t, rooms.title);
    let policy = session.lists.policy;
    let makes = [RoomKind::Public, RoomKind::Private]
        .map(|kind| may_make(&policy, session.user.role, kind));
    let inside = move || {
        Suspend::new(async move {
            match first.await {
                Ok(cards) => view! { <Browse chat cards makes /> }.into_any(),
                Err(error) => view! { <StartFailed error /> }.into_any(),
            }
        })
    };
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <Suspense fallback=|| {
            view! { <main id="main" class="page"><Skeleton /></main> }
        }>{inside}</Suspense>
    }
}

#[component]
fn Browse(
    /// The chat.
    chat: Chat,
    /// What there is.
    cards: Cards,
    /// Whether the reader may make public rooms, and private ones.
    makes: [bool; 2],
) -> impl IntoView {
    let t = use_locale();
    let found = Found {
        cards: RwSignal::new(cards),
        page: RwSignal::new(1),
        search: RwSignal::new(String::new()),
        problem: RwSignal::new(None),
    };
    let typed = StoredValue::new(0_u32);
    Effect::new(move |before: Option<()>| {
        found.search.track();
        if before.is_some() {
            typed.update_value(|typed| *typed = typed.wrapping_add(1));
            let at = typed.get_value();
            timer::after(PAUSE_MS, move || {
                if typed.try_get_value() == Some(at) {
                    found.look(1);
                }
            });
        }
    });
    let may_create = makes.contains(&true);
    let is_empty = Memo::new(move |_| found.cards.read().cards.is_empty());
    let has_more = Memo::new(move |_| {
        let cards = found.cards.read();
        i64::try_from(cards.cards.len()).unwrap_or(i64::MAX) < cards.count
    });
    view! {
        <main id="main" class="page rooms" data-region="" tabindex="-1">
            <div class="page-head">
                <h1>{text!(t, rooms.title)}</h1>
                {may_create.then(|| view! { <CreateRoom makes /> })}
            </div>
            {(!may_create).then(|| view! { <p class="page-lead">{text!(t, rooms.students)}</p> })}
            <input
                type="search"
                class="input"
                placeholder=text!(t, rooms.search)
                aria-label=text!(t, rooms.search)
                bind:value=found.search
            />
            {move || {
                found
                    .problem
                    .get()
                    .map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
            }}
            <p class="visually-hidden" role="status">
                {move || text!(t, rooms.found, count = found.cards.read().count)}
            </p>
            <Show when=move || is_empty.get()>
                <Empty icon="search" title=text!(t, rooms.none) text=text!(t, rooms.none_text) />
            </Show>
            <ul class="card-rows" role="list">
                <For each=move || found.cards.get().cards key=|card| card.clone() let(card)>
                    <li>
                        <CardRow chat card found />
                    </li>
                </For>
            </ul>
            <Show when=move || has_more.get()>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| found.look(found.page.get_untracked() + 1)
                >
                    <Icon name="arrow-down" />
                    {text!(t, rooms.more)}
                </button>
            </Show>
        </main>
    }
}
