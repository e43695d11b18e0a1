//! The own support conversation as a page: the same as in the widget, which steps aside here.

use leptos::prelude::*;

use crate::{
    api::{self, School, Session},
    app::{
        errors,
        i18n::{text, use_locale},
        pages::not_found::NotFoundPage,
        parts::{
            connection_bar::ConnectionBar,
            conversation::Conversation,
            page_title::PageTitle,
            status::{Failed, Skeleton},
        },
        start::{signed_in, use_start},
        state::{Chat, RoomView, reading},
        widget::{Phase, Widget},
    },
    model::{RoomForMe, RoomId, RoomKind, WireError, permission::has_own_support_room},
    sync::Snapshot,
};

/// The page's address.
pub const CONTACT: &str = "/contact";

/// The own room's snapshot; `None` where it is not made yet: looking at the page does not make it.
type OwnRoom = Resource<Option<Result<Snapshot, WireError>>>;

/// The page `/contact`.
#[component]
pub fn ContactPage() -> impl IntoView {
    let start = use_start();
    let own: OwnRoom = Resource::new_blocking(
        || (),
        move |()| async move {
            let session = start.boot().await.ok()?.session?;
            Some(api::room_snapshot(own_room(&session)?).await)
        },
    );
    signed_in(move |school, session, chat| {
        if has_own_support_room(session.user.role) {
            view! { <Contact school chat own /> }.into_any()
        } else {
            view! { <NotFoundPage /> }.into_any()
        }
    })
}

fn own_room(session: &Session) -> Option<RoomId> {
    let me = session.user.id;
    let mut rooms = session.lists.rooms.values();
    let own = rooms.find(|room| {
        let person = room.shared.user.as_ref().map(|user| user.id);
        room.shared.kind == RoomKind::Support && person == Some(me)
    });
    own.map(RoomForMe::id)
}

#[component]
fn Contact(
    /// The school.
    school: School,
    /// The chat.
    chat: Chat,
    /// The own room.
    own: OwnRoom,
) -> impl IntoView {
    let t = use_locale();
    let widget = Widget::of_page();
    let title = text!(t, home.support_title);
    let heading = text!(t, widget.heading, school = school.name.clone());
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <main id="main" class="contact" tabindex="-1">
            <header class="contact-head">
                <h1>{heading}</h1>
                <p>{text!(t, widget.answers)}</p>
            </header>
            <ConnectionBar chat />
            <Suspense fallback=|| view! { <Skeleton lines=6 /> }>
                {move || Suspend::new(async move {
                    match own.await {
                        Some(Ok(snapshot)) => match chat.open(snapshot) {
                            Some(view) => {
                                let phase = Phase::Ready(Box::new(view.clone()));
                                Effect::new(move |_| widget.phase.set(phase.clone()));
                                view! { <OwnConversation chat view /> }.into_any()
                            }
                            None => view! { <Begin chat widget /> }.into_any(),
                        },
                        Some(Err(error)) => {
                            let message = errors::sentence(t, &error);
                            view! { <Failed message on_retry=move |()| own.refetch() /> }.into_any()
                        }
                        None => view! { <Begin chat widget /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

/// The first visit: the conversation is made once the page is alive.
#[component]
fn Begin(
    /// The chat.
    chat: Chat,
    /// What makes it.
    widget: Widget,
) -> impl IntoView {
    let t = use_locale();
    Effect::new(move |_| {
        if matches!(widget.phase.get_untracked(), Phase::Unopened) {
            widget.load();
        }
    });
    move || match widget.phase.get() {
        Phase::Unopened | Phase::Loading => view! { <Skeleton lines=6 /> }.into_any(),
        Phase::Ready(view) => view! { <OwnConversation chat view=*view /> }.into_any(),
        Phase::Failed(error) => {
            let message = errors::sentence(t, &error);
            view! { <Failed message on_retry=move |()| widget.load() /> }.into_any()
        }
    }
}

#[component]
fn OwnConversation(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
) -> impl IntoView {
    let t = use_locale();
    let room_id = view.id;
    Effect::new(move |_| reading::show(chat, room_id));
    // The widget goes on with it: it is hidden, not left.
    on_cleanup(move || reading::hide(chat, room_id));
    let empty = (text!(t, widget.empty_title), text!(t, widget.empty_text));
    view! { <Conversation chat view empty autofocus=true /> }
}
