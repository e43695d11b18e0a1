//! The canned replies of those who answer: what there is, and keeping them. A file of its own for the browser, as the
//! inbox is.

mod form;
mod list;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use self::{form::ReplyForm, list::ReplyList};
use super::not_found::NotFoundPage;
use crate::{
    api::{self, School, Session},
    app::{
        i18n::{text, use_locale},
        parts::{desk::answered, page_title::PageTitle},
        start::{StartFailed, signed_in},
        state::Chat,
    },
    model::{self, CannedReply, WireError},
};

type Replies = Resource<Result<Vec<CannedReply>, WireError>>;

/// The page `/admin/replies`.
pub struct RepliesPage {
    replies: Replies,
}

#[lazy_route]
impl LazyRoute for RepliesPage {
    fn data() -> Self {
        Self {
            replies: Resource::new_blocking(|| (), |()| api::canned::canned_replies()),
        }
    }

    fn view(this: Self) -> AnyView {
        let replies = this.replies;
        signed_in(move |school, session, chat| {
            if !session.answered().is_empty() {
                view! { <Page school session chat replies /> }.into_any()
            } else {
                view! { <NotFoundPage /> }.into_any()
            }
        })
        .into_any()
    }
}

/// What the page holds and says.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// What there is, by name.
    replies: RwSignal<Vec<CannedReply>>,
    /// The one that is being changed; none: the form makes a new one.
    edited: RwSignal<Option<CannedReply>>,
    /// What was done last, for everybody to see and hear.
    done: RwSignal<String>,
    /// The one that was let go last, as long as it can be had back.
    dropped: RwSignal<Option<CannedReply>>,
    /// What went wrong.
    error: RwSignal<Option<WireError>>,
    /// The desks that the reader answers, with their titles.
    desks: StoredValue<Vec<(model::Desk, String)>>,
}

impl Desk {
    fn new(replies: Vec<CannedReply>, desks: Vec<(model::Desk, String)>) -> Self {
        Self {
            replies: RwSignal::new(replies),
            edited: RwSignal::new(None),
            done: RwSignal::new(String::new()),
            dropped: RwSignal::new(None),
            error: RwSignal::new(None),
            desks: StoredValue::new(desks),
        }
    }

    /// Takes one as it is kept now.
    fn take(self, kept: CannedReply, done: String) {
        self.replies.update(|replies| {
            replies.retain(|known| known.id != kept.id);
            replies.push(kept);
            replies.sort_by(|a, b| a.name.cmp(&b.name));
        });
        self.say(done, None);
    }

    /// What the desk of a reply is called, where there are several.
    fn title_of(self, reply: &CannedReply) -> Option<String> {
        self.desks.with_value(|desks| {
            let own = desks.iter().find(|(desk, _)| *desk == reply.desk);
            own.filter(|_| desks.len() > 1)
                .map(|(_, title)| title.clone())
        })
    }

    fn say(self, done: String, dropped: Option<CannedReply>) {
        self.error.set(None);
        self.dropped.set(dropped);
        self.done.set(done);
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
    replies: Replies,
) -> impl IntoView {
    let t = use_locale();
    let title = text!(t, canned.title);
    let limit = session.limits.message_chars;
    let inside = move || {
        Suspend::new(async move {
            match replies.await {
                Ok(replies) => {
                    let desk = Desk::new(replies, answered(t, chat));
                    view! {
                        <main id="main" class="page narrow replies" data-region="" tabindex="-1">
                            <h1>{text!(t, canned.title)}</h1>
                            <p class="page-lead">{text!(t, canned.lead)}</p>
                            <ReplyForm desk limit />
                            <ReplyList desk />
                        </main>
                    }
                    .into_any()
                }
                Err(error) => view! { <StartFailed error /> }.into_any(),
            }
        })
    };
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <Suspense>{inside}</Suspense>
    }
}
