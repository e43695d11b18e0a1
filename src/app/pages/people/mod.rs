//! The directory: the people of the school, and what others may know of each. Files of their own for the browser.

mod asked;
mod list;
mod profile;

use leptos::prelude::*;
use leptos_router::{
    LazyRoute, NavigateOptions,
    hooks::{use_navigate, use_query_map},
    lazy_route,
};

pub use self::profile::ProfilePage;
use self::{
    asked::{PEOPLE, of_query, path},
    list::{Found, People},
};
use crate::{
    api::{self, School, Session},
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{
            connection_bar::ConnectionBar,
            page_title::PageTitle,
            query_field::QueryField,
            status::{Failed, Skeleton},
            top_bar::role_name,
        },
        start::signed_in,
        state::Chat,
    },
    model::{self, PeopleQuery, Role, WireError},
};

/// The first page of people.
type First = Resource<Result<model::PeoplePage, WireError>>;

/// The roles by which one looks.
const ROLES: [Option<Role>; 5] = [
    None,
    Some(Role::Student),
    Some(Role::Teacher),
    Some(Role::Agent),
    Some(Role::Admin),
];

/// The page `/people`.
pub struct PeoplePage {
    asked: Memo<PeopleQuery>,
    first: First,
}

#[lazy_route]
impl LazyRoute for PeoplePage {
    fn data() -> Self {
        let query = use_query_map();
        let asked = Memo::new(move |_| of_query(&query.read()));
        let first = Resource::new_blocking(move || asked.get(), api::directory::find_people);
        Self { asked, first }
    }

    fn view(this: Self) -> AnyView {
        let (asked, first) = (this.asked, this.first);
        signed_in(move |school, session, chat| {
            view! { <Page school session chat asked first /> }.into_any()
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
    /// Who is looked for.
    asked: Memo<PeopleQuery>,
    /// Who was found.
    first: First,
) -> impl IntoView {
    let t = use_locale();
    drop(session);
    let title = text!(t, directory.title);
    let found = Found::default();
    let navigate = use_navigate();
    let go = move |text: String| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        let asked = asked.get_untracked();
        navigate(&path(&PeopleQuery { text, ..asked }), options);
    };
    let others = Signal::derive(move || {
        let role = asked.read().role;
        role.map(|role| ("role", role.as_str().to_owned()))
            .into_iter()
            .collect::<Vec<_>>()
    });
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <main id="main" class="page people" data-region="" tabindex="-1">
            <h1>{text!(t, directory.title)}</h1>
            <ConnectionBar chat />
            <QueryField
                id="people-field"
                action=PEOPLE
                label=text!(t, directory.search)
                submit=text!(t, search.submit)
                text=Signal::derive(move || asked.get().text)
                others
                go
            />
            <div class="search-chips" role="group" aria-label=text!(t, directory.role)>
                {ROLES.map(|role| view! { <RoleLink asked role /> }).into_iter().collect_view()}
            </div>
            <Transition fallback=|| view! { <Skeleton lines=6 /> }>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok(page) => {
                            found.begin(asked.get_untracked(), page);
                            view! { <People found /> }.into_any()
                        }
                        Err(error) => {
                            let message = errors::sentence(t, &error);
                            view! { <Failed message on_retry=move |()| first.refetch() /> }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        </main>
    }
    .into_any()
}

/// A link to the same page with another role.
#[component]
fn RoleLink(
    /// Who is looked for.
    asked: Memo<PeopleQuery>,
    /// In which role; none: in any.
    role: Option<Role>,
) -> impl IntoView {
    let t = use_locale();
    let to = move || {
        path(&PeopleQuery {
            role,
            ..asked.get()
        })
    };
    view! {
        <a
            class="chip"
            href=to
            aria-current=move || (asked.read().role == role).then_some("true")
        >
            {role.map_or_else(|| text!(t, directory.all), |role| role_name(t, role))}
        </a>
    }
}
