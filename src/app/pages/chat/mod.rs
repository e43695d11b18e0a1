//! The rooms of whoever is signed in: the list on one side, the open room on the other, who is in it beside that.
//!
//! A file of its own for the browser, as the inbox is.

mod about;
mod choices;
mod list;
mod members;
mod of_course;
mod order;
mod origin;
mod requests;
mod room;
mod verbs;

use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_params_map, lazy_route};

use self::{list::RoomList, origin::Opened, room::RoomPane};
use super::not_found::NotFoundPage;
use crate::{
    api::{School, Session},
    app::{
        i18n::{text, use_locale},
        parts::{
            confirm::{Confirm, ConfirmDialog},
            connection_bar::ConnectionBar,
            page_title::PageTitle,
            room_link::room_name,
        },
        start::signed_in,
        state::Chat,
    },
    model::{MessageId, RoomId, WireError},
};

/// A room's snapshot, and what it was opened from; `None` where no room is chosen.
pub(super) type RoomResource = Resource<Option<Result<Opened, WireError>>>;

/// The pages `/chat`, `/chat/:room` and, around one of its messages, `/chat/:room/:message`.
pub struct ChatPage {
    room_id: Memo<Option<RoomId>>,
    message_id: Memo<Option<MessageId>>,
    snapshot: RoomResource,
    is_malformed: Memo<bool>,
}

#[lazy_route]
impl LazyRoute for ChatPage {
    fn data() -> Self {
        let params = use_params_map();
        let room_id = Memo::new(move |_| params.read().get("room")?.parse().ok());
        let message_id = Memo::new(move |_| params.read().get("message")?.parse().ok());
        let is_malformed = Memo::new(move |_| {
            let params = params.read();
            params.get("room").is_some() && room_id.get().is_none()
                || params.get("message").is_some() && message_id.get().is_none()
        });
        let snapshot = Resource::new_blocking(
            move || (room_id.get(), message_id.get()),
            |(room_id, message_id)| async move { Some(origin::open(room_id?, message_id).await) },
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
            if this.is_malformed.get() {
                view! { <NotFoundPage /> }.into_any()
            } else {
                let (room_id, message_id) = (this.room_id, this.message_id);
                let snapshot = this.snapshot;
                view! { <Rooms school session chat room_id message_id snapshot /> }.into_any()
            }
        })
        .into_any()
    }
}

#[component]
fn Rooms(
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
        let room = room_id.get().and_then(|id| lists.rooms.get(&id));
        room.map_or_else(
            || text!(t, chat.title),
            |room| room_name(t, room, Some(lists.me)),
        )
    });
    let confirm = Confirm::default();
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
            <h1 class="visually-hidden">{text!(t, chat.title)}</h1>
            <ConnectionBar chat />
            <div class="inbox-columns">
                <RoomList chat zone selected=room_id />
                <RoomPane chat message_id snapshot confirm />
            </div>
            <ConfirmDialog confirm />
        </main>
    }
    .into_any()
}
