//! The inbox of those who answer: conversations on one side, the open one on the other.
//!
//! A file of its own for the browser ([`lazy_route`]): students do not load it. `cargo leptos` needs `--split` for that,
//! always: without, the attribute leaves an import behind which no browser can resolve.

mod filter;
mod filters;
mod list;
mod lookers;
mod older;
mod person;
mod room;
mod triage;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    LazyRoute,
    hooks::{use_params_map, use_query_map},
    lazy_route,
};

use self::{list::ConversationList, room::RoomPane};
use super::not_found::NotFoundPage;
use crate::{
    api::{self, School, Session},
    app::{
        i18n::{text, use_locale},
        parts::{connection_bar::ConnectionBar, page_title::PageTitle, room_link::room_name},
        start::signed_in,
        state::Chat,
    },
    model::{MessageId, RoomId, WireError},
    sync::Snapshot,
};

/// A room's snapshot; `None` where no room is chosen.
pub(super) type RoomResource = Resource<Option<Result<Snapshot, WireError>>>;

/// The pages `/admin/chat` and `/admin/chat/:room`; with `?message=` around one of its messages.
pub struct InboxPage {
    room_id: Memo<Option<RoomId>>,
    message_id: Memo<Option<MessageId>>,
    snapshot: RoomResource,
    is_malformed: Memo<bool>,
}

#[lazy_route]
impl LazyRoute for InboxPage {
    fn data() -> Self {
        let params = use_params_map();
        let room_id = Memo::new(move |_| params.read().get("room")?.parse().ok());
        let is_malformed =
            Memo::new(move |_| params.read().get("room").is_some() && room_id.get().is_none());
        let query = use_query_map();
        let message_id = Memo::new(move |_| query.read().get_str("message")?.parse().ok());
        let snapshot = Resource::new_blocking(
            move || (room_id.get(), message_id.get()),
            |(room_id, message_id)| async move { Some(api::room_at(room_id?, message_id).await) },
        );
        Self {
            room_id,
            message_id,
            snapshot,
            is_malformed,
        }
    }

    fn view(this: Self) -> AnyView {
        signed_in(move |school, session, chat| {
            if !session.answered().is_empty() && !this.is_malformed.get() {
                let (room_id, message_id) = (this.room_id, this.message_id);
                let snapshot = this.snapshot;
                view! { <Inbox school session chat room_id message_id snapshot /> }.into_any()
            } else {
                view! { <NotFoundPage /> }.into_any()
            }
        })
        .into_any()
    }
}

#[component]
fn Inbox(
    /// The school.
    school: School,
    /// Who is signed in.
    session: Session,
    /// The chat.
    chat: Chat,
    /// The chosen room.
    room_id: Memo<Option<RoomId>>,
    /// The message that is looked for in it.
    message_id: Memo<Option<MessageId>>,
    /// Its snapshot.
    snapshot: RoomResource,
) -> impl IntoView {
    let t = use_locale();
    let zone = StoredValue::new(session.user.zone);
    let title = Memo::new(move |_| {
        let lists = chat.lists.read();
        room_id
            .get()
            .and_then(|id| {
                lists
                    .rooms
                    .get(&id)
                    .map(|room| room_name(t, room, Some(lists.me)))
            })
            .unwrap_or_else(|| text!(t, inbox.title))
    });
    // Once the page is alive: without a script there is no completion.
    let canned = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        spawn_local(async move {
            // Without them one writes by hand; the next page tries again.
            if let Ok(replies) = api::canned::canned_replies().await {
                drop(canned.try_set(replies));
            }
        });
    });
    let pane = move || {
        if room_id.get().is_some() {
            "room"
        } else {
            "list"
        }
    };
    view! {
        <PageTitle chat name=title school=school.name />
        <main id="main" class="inbox" tabindex="-1" data-pane=pane>
            <h1 class="visually-hidden">{text!(t, inbox.title)}</h1>
            <ConnectionBar chat />
            <div class="inbox-columns">
                <ConversationList chat zone selected=room_id />
                <RoomPane chat message_id snapshot canned />
            </div>
        </main>
    }
}
