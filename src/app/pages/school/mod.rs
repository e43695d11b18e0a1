//! What admins decide for the school: what everybody is told, who writes to whom, its name, colour and logo. A file of its
//! own for the browser, as the inbox is.

mod alerts;
mod logo;
mod look;
mod policy;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use self::{alerts::Alerts, logo::LogoForm, look::LookForm, policy::PolicyForm};
use super::not_found::NotFoundPage;
use crate::{
    api::{self, School, Session, school::Decisions},
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{form_field::FormError, page_title::PageTitle, status::Skeleton},
        start::{StartFailed, signed_in},
        state::Chat,
    },
    model::{WireError, permission::runs_the_school},
};

/// The page `/admin/school`.
pub struct SchoolPage {
    stands: Resource<Result<Decisions, WireError>>,
}

#[lazy_route]
impl LazyRoute for SchoolPage {
    fn data() -> Self {
        Self {
            stands: Resource::new_blocking(|| (), |()| api::school::school_settings()),
        }
    }

    fn view(this: Self) -> AnyView {
        let stands = this.stands;
        signed_in(move |school, session, chat| {
            if runs_the_school(session.user.role) {
                view! { <Page school session chat stands /> }.into_any()
            } else {
                view! { <NotFoundPage /> }.into_any()
            }
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
    /// What stands.
    stands: Resource<Result<Decisions, WireError>>,
) -> impl IntoView {
    let t = use_locale();
    let title = text!(t, school.title);
    let zone = StoredValue::new(session.user.zone);
    let inside = move || {
        Suspend::new(async move {
            match stands.await {
                Ok(stands) => view! {
                    <main id="main" class="page narrow account school-page" data-region="" tabindex="-1">
                        <h1>{text!(t, school.title)}</h1>
                        <p class="page-lead">{text!(t, school.lead)}</p>
                        <Alerts chat zone alerts=stands.alerts />
                        <PolicyForm policy=stands.policy />
                        <LookForm name=stands.name accent=stands.accent />
                        <LogoForm logo=stands.logo />
                    </main>
                }
                .into_any(),
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

/// What a form says after it was sent.
#[derive(Clone, Copy)]
struct Said {
    /// Whether an answer is waited for, or the page is not alive yet.
    is_busy: RwSignal<bool>,
    /// What was done.
    done: RwSignal<String>,
    /// What went wrong.
    problem: RwSignal<Option<WireError>>,
}

impl Said {
    fn new() -> Self {
        let is_busy = RwSignal::new(true);
        Effect::new(move |_| is_busy.set(false));
        Self {
            is_busy,
            done: RwSignal::new(String::new()),
            problem: RwSignal::new(None),
        }
    }

    fn begin(self) {
        self.is_busy.set(true);
        self.problem.set(None);
        self.done.set(String::new());
    }

    fn end<T>(self, answer: Result<T, WireError>, done: String) -> Option<T> {
        // The page may be gone by now.
        self.is_busy.try_set(false);
        match answer {
            Ok(answer) => {
                self.done.try_set(done);
                Some(answer)
            }
            Err(WireError::Unauthorized) => {
                crate::browser::page::reload();
                None
            }
            Err(error) => {
                self.problem.try_set(Some(error));
                None
            }
        }
    }

    /// What is wrong with that field, in these words.
    fn of(self, field: &'static str, words: String) -> Signal<Option<String>> {
        Signal::derive(move || match self.problem.get() {
            Some(WireError::Invalid { fields }) if fields.contains_key(field) => {
                Some(words.clone())
            }
            _ => None,
        })
    }
}

/// What was done, and what went wrong with more than one field.
#[component]
fn Told(
    /// What the form says.
    said: Said,
) -> impl IntoView {
    let t = use_locale();
    let problem = move || {
        let error = said.problem.get()?;
        // These are said beside their fields.
        let is_of_field = matches!(error, WireError::Invalid { .. } | WireError::Conflict);
        (!is_of_field).then(|| errors::sentence(t, &error))
    };
    view! {
        {move || problem().map(|sentence| view! { <FormError sentence /> })}
        <p class="form-done" role="status">
            {move || Some(said.done.get()).filter(|done| !done.is_empty())}
        </p>
    }
}
