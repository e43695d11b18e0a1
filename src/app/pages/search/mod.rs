//! Search in messages: what is asked stands in the address, what is found below it. A file of its own for the browser.
//!
//! - `asked`: the address. `field`: where one types. `chips`: the filters. `results`, `hit`, `excerpt`: what is found.
//!   `last`: the way back into the results.

mod asked;
mod chips;
mod excerpt;
mod field;
mod hit;
mod last;
mod results;

use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_query_map, lazy_route};

pub use self::{asked::search_path, last::LastSearch};
use self::{
    chips::Chips,
    field::SearchField,
    results::{Found, Results},
};
use crate::{
    api::{self, School, Session},
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{
            connection_bar::ConnectionBar,
            page_title::PageTitle,
            status::{Empty, Failed, Skeleton},
        },
        start::signed_in,
        state::Chat,
    },
    model::{self, SearchQuery, WireError},
};

/// What was found; none where nothing is asked.
type First = Resource<Option<Result<model::SearchPage, WireError>>>;

/// The page `/search`.
pub struct SearchPage {
    asked: Memo<SearchQuery>,
    first: First,
    last: LastSearch,
}

#[lazy_route]
impl LazyRoute for SearchPage {
    fn data() -> Self {
        let query = use_query_map();
        let asked = Memo::new(move |_| asked::of_query(&query.read()));
        let last = use_context::<LastSearch>().unwrap_or_default();
        let first = Resource::new_blocking(
            move || asked.get(),
            move |asked| async move {
                if !asked::is_something(&asked) {
                    return None;
                }
                match last.found(&asked) {
                    Some(page) => Some(Ok(page)),
                    None => Some(api::search::search_messages(asked).await),
                }
            },
        );
        Self { asked, first, last }
    }

    fn view(this: Self) -> AnyView {
        let (asked, first, last) = (this.asked, this.first, this.last);
        signed_in(move |school, session, chat| {
            view! { <Page school session chat asked first last /> }.into_any()
        })
        .into_any()
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
    /// What the address asks.
    asked: Memo<SearchQuery>,
    /// What was found.
    first: First,
    /// The last search.
    last: LastSearch,
) -> impl IntoView {
    let t = use_locale();
    let title = text!(t, search.title);
    let zone = StoredValue::new(session.user.zone);
    let found = Found::default();
    let is_pending = RwSignal::new(false);
    // The server waits for what is found: what it writes is never half done.
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <main id="main" class="page search" data-region="" tabindex="-1">
            <h1>{text!(t, search.title)}</h1>
            <ConnectionBar chat />
            <SearchField asked />
            <Chips chat asked found />
            <section
                class="search-results"
                aria-label=text!(t, search.results)
                aria-busy=move || (is_alive.get() && is_pending.get()).to_string()
            >
                <Transition
                    fallback=|| view! { <Skeleton lines=6 /> }
                    set_pending=is_pending
                >
                    {move || Suspend::new(async move {
                        match first.await {
                            None => {
                                found.clear();
                                view! {
                                    <Empty
                                        icon="search"
                                        title=text!(t, search.start)
                                        text=text!(t, search.start_text)
                                    />
                                }
                                    .into_any()
                            }
                            Some(Ok(page)) => {
                                found.begin(asked.get_untracked(), page, last);
                                view! { <Results chat zone found last /> }.into_any()
                            }
                            Some(Err(error)) => {
                                found.clear();
                                let message = errors::sentence(t, &error);
                                view! { <Failed message on_retry=move |()| first.refetch() /> }
                                    .into_any()
                            }
                        }
                    })}
                </Transition>
            </section>
        </main>
    }
    .into_any()
}
