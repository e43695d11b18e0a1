//! The school's accounts, for those who keep them: found, made, changed, closed. A file of its own for the browser, as the
//! inbox is.

mod create;
mod faults;
mod filter;
mod import;
mod imported;
mod link;
mod rows;
mod verbs;

use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_query_map, lazy_route};

use self::{
    create::CreateAccount, filter::FilterForm, import::ImportPeople, link::LinkDialog,
    rows::AccountRows,
};
use super::not_found::NotFoundPage;
use crate::{
    api::{self, School, Session},
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{
            confirm::{Confirm, ConfirmDialog},
            form_field::FormError,
            page_title::PageTitle,
            status::Skeleton,
        },
        start::signed_in,
        state::Chat,
    },
    browser::page,
    model::{
        WireError, Zone,
        keeping::{AccountList, AccountQuery, PasswordLink},
        permission::may_manage_people,
    },
};

/// Where the page is.
pub const ACCOUNTS: &str = "/admin/people";

type Found = Resource<Result<AccountList, WireError>>;

/// The page `/admin/people`.
pub struct AccountsPage {
    asked: Memo<AccountQuery>,
    found: Found,
}

#[lazy_route]
impl LazyRoute for AccountsPage {
    fn data() -> Self {
        let query = use_query_map();
        let asked = Memo::new(move |_| filter::of_query(&query.read()));
        let found = Resource::new_blocking(
            move || asked.get(),
            |asked| async move { api::accounts::accounts(asked).await },
        );
        Self { asked, found }
    }

    fn view(this: Self) -> AnyView {
        let AccountsPage { asked, found } = this;
        signed_in(move |school, session, chat| {
            if may_manage_people(session.user.role) {
                view! { <Page school session chat asked found /> }.into_any()
            } else {
                view! { <NotFoundPage /> }.into_any()
            }
        })
        .into_any()
    }
}

/// A link that was made just now, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    name: String,
    link: PasswordLink,
}

/// What the page's parts share.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    found: Found,
    /// What was done last, for everybody to see and hear.
    done: RwSignal<String>,
    /// What went wrong.
    error: RwSignal<Option<WireError>>,
    /// Shown once.
    made: RwSignal<Option<Made>>,
    /// Asks before something is lost.
    confirm: Confirm,
    zone: StoredValue<Zone>,
}

impl Desk {
    /// Says what was done, or what went wrong.
    pub(super) fn tell(self, result: Result<String, WireError>) {
        match result {
            Ok(done) => {
                self.error.set(None);
                self.done.set(done);
            }
            Err(WireError::Unauthorized) => page::reload(),
            Err(error) => {
                self.done.set(String::new());
                self.error.set(Some(error));
            }
        }
    }

    /// Shows a link that was made.
    pub(super) fn show(self, name: String, link: PasswordLink) {
        self.made.set(Some(Made { name, link }));
        link::show();
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
    /// What the address asks for.
    asked: Memo<AccountQuery>,
    /// The accounts.
    found: Found,
) -> impl IntoView {
    let t = use_locale();
    let title = text!(t, accounts.title);
    let desk = Desk {
        found,
        done: RwSignal::new(String::new()),
        error: RwSignal::new(None),
        made: RwSignal::new(None),
        confirm: Confirm::default(),
        zone: StoredValue::new(session.user.zone),
    };
    let rows = move || {
        Suspend::new(async move {
            match found.await {
                Ok(list) => view! { <AccountRows desk asked list /> }.into_any(),
                Err(error) => {
                    view! { <FormError sentence=errors::sentence(t, &error) /> }.into_any()
                }
            }
        })
    };
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <main id="main" class="page accounts" data-region="" tabindex="-1">
            <div class="page-head">
                <h1>{text!(t, accounts.title)}</h1>
                <div class="page-acts">
                    <ImportPeople desk />
                    <CreateAccount desk />
                </div>
            </div>
            <FilterForm asked />
            {move || {
                desk.error
                    .get()
                    .map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
            }}
            <p class="form-done" role="status">
                {move || Some(desk.done.get()).filter(|done| !done.is_empty())}
            </p>
            <Transition fallback=|| view! { <Skeleton /> }>{rows}</Transition>
            <LinkDialog desk />
            <ConfirmDialog confirm=desk.confirm />
        </main>
    }
    .into_any()
}
