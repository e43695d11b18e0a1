//! One's own account: where one is signed in, how one writes, and the password. A file of its own for the browser, as the inbox is.

mod devices;
mod password;
mod presence;
mod writing;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use self::{devices::Devices, password::ChangePassword, presence::LastSeen, writing::Writing};
use crate::{
    api::{self, School, Session},
    app::{
        i18n::{text, use_locale},
        parts::page_title::PageTitle,
        start::{StartFailed, signed_in},
        state::Chat,
    },
    model::{OwnSession, WireError},
};

/// The page `/account`.
pub struct AccountPage {
    sessions: Resource<Result<Vec<OwnSession>, WireError>>,
}

#[lazy_route]
impl LazyRoute for AccountPage {
    fn data() -> Self {
        Self {
            sessions: Resource::new_blocking(|| (), |()| api::account::sessions()),
        }
    }

    fn view(this: Self) -> AnyView {
        let sessions = this.sessions;
        signed_in(move |school, session, chat| {
            view! { <Account school session chat sessions /> }.into_any()
        })
        .into_any()
    }
}

#[component]
fn Account(
    /// The school.
    school: School,
    /// Who is signed in.
    session: Session,
    /// The chat.
    chat: Chat,
    /// Where else they are.
    sessions: Resource<Result<Vec<OwnSession>, WireError>>,
) -> impl IntoView {
    let t = use_locale();
    let title = text!(t, account.title);
    let user = StoredValue::new(session.user);
    let inside = move || {
        Suspend::new(async move {
            match sessions.await {
                Ok(sessions) => view! {
                    <main id="main" class="page narrow account" data-region="" tabindex="-1">
                        <h1>{text!(t, account.title)}</h1>
                        <Devices chat zone=user.get_value().zone sessions />
                        <Writing chat />
                        <LastSeen chat />
                        <ChangePassword username=user.get_value().username />
                    </main>
                }
                .into_any(),
                Err(error) => view! { <StartFailed error /> }.into_any(),
            }
        })
    };
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <Suspense>{inside}</Suspense>
    }
}
