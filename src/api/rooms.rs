//! Server functions of rooms that people make and join, and of rooms of two.

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::client::ApiClient;
use crate::model::{
    CourseCard, JoinRequest, JoinRequestId, Member, MemberChange, Message, MessageId, RoomCard,
    RoomChoice, RoomDraft, RoomId, RoomPatch, UserId, WireError,
};

/// A page of rooms that one may know of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cards {
    /// Of all of them.
    pub count: i64,
    /// By name.
    pub cards: Vec<RoomCard>,
}

/// A page of a room's members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MembersPage {
    /// Of all of them.
    pub count: i64,
    /// Those who run it first.
    pub members: Vec<Member>,
}

/// The courses of which the caller makes rooms, by code. Errors: `unauthorized`.
#[server(prefix = "/api/fn", endpoint = "taught_courses", input = Json, client = ApiClient)]
pub async fn taught_courses() -> Result<Vec<CourseCard>, WireError> {
    crate::server::pages::rooms::taught_courses().await
}

/// Makes a room that the caller runs; answers it. Errors: `unauthorized`, `invalid`, `forbidden` for students and
/// `teachers_only` for what is of a course, `full`.
#[server(prefix = "/api/fn", endpoint = "create_room", input = Json, client = ApiClient)]
pub async fn create_room(
    /// What it is to be.
    draft: RoomDraft,
) -> Result<RoomId, WireError> {
    crate::server::pages::rooms::create_room(draft).await
}

/// Rooms that the caller may know of, by name. Errors: `unauthorized`.
#[server(prefix = "/api/fn", endpoint = "browse_rooms", input = Json, client = ApiClient)]
pub async fn browse_rooms(
    /// A part of the name; empty: all.
    search: String,
    /// From 1 on.
    page: u32,
) -> Result<Cards, WireError> {
    crate::server::pages::rooms::browse_rooms(search, page).await
}

/// One room's card. Errors: `unauthorized`, `not_found`.
#[server(prefix = "/api/fn", endpoint = "open_card", input = Json, client = ApiClient)]
pub async fn open_card(
    /// The room.
    room_id: RoomId,
) -> Result<RoomCard, WireError> {
    crate::server::pages::rooms::open_card(room_id).await
}

/// Changes what a room is. Errors: `unauthorized`, `invalid`, `not_found`, `forbidden`, `archived`.
#[server(prefix = "/api/fn", endpoint = "update_room", input = Json, client = ApiClient)]
pub async fn update_room(
    /// The room.
    room_id: RoomId,
    /// What is to change.
    patch: RoomPatch,
) -> Result<(), WireError> {
    crate::server::pages::rooms::update_room(room_id, patch).await
}

/// Makes a room read-only, or writable again. Errors: `unauthorized`, `not_found`, `forbidden`.
#[server(prefix = "/api/fn", endpoint = "archive_room", input = Json, client = ApiClient)]
pub async fn archive_room(
    /// The room.
    room_id: RoomId,
    /// Which.
    is_archived: bool,
) -> Result<(), WireError> {
    crate::server::pages::rooms::archive_room(room_id, is_archived).await
}

/// Lets a room go. Errors: `unauthorized`, `not_found`, `forbidden`.
#[server(prefix = "/api/fn", endpoint = "delete_room", input = Json, client = ApiClient)]
pub async fn delete_room(
    /// The room.
    room_id: RoomId,
) -> Result<(), WireError> {
    crate::server::pages::rooms::delete_room(room_id).await
}

/// Takes what the caller wants of a room, for themselves alone. Errors: `unauthorized`, `not_found`.
#[server(prefix = "/api/fn", endpoint = "choose_room", input = Json, client = ApiClient)]
pub async fn choose_room(
    /// The room.
    room_id: RoomId,
    /// What.
    choice: RoomChoice,
) -> Result<(), WireError> {
    crate::server::pages::rooms::choose_room(room_id, choice).await
}

/// Comes into a public room. Errors: `unauthorized`, `not_found`, `forbidden`, `archived`, `full`.
#[server(prefix = "/api/fn", endpoint = "join_room", input = Json, client = ApiClient)]
pub async fn join_room(
    /// The room.
    room_id: RoomId,
) -> Result<(), WireError> {
    crate::server::pages::rooms::join_room(room_id).await
}

/// Goes out of a room. Errors: `unauthorized`, `not_found`, `forbidden`, `last_host`.
#[server(prefix = "/api/fn", endpoint = "leave_room", input = Json, client = ApiClient)]
pub async fn leave_room(
    /// The room.
    room_id: RoomId,
) -> Result<(), WireError> {
    crate::server::pages::rooms::leave_room(room_id).await
}

/// Asks to be let in. Errors: `unauthorized`, `invalid`, `not_found`, `forbidden`, `archived`, `already_exists`.
#[server(prefix = "/api/fn", endpoint = "ask_to_join", input = Json, client = ApiClient)]
pub async fn ask_to_join(
    /// The room.
    room_id: RoomId,
    /// What to say about it.
    note: String,
) -> Result<(), WireError> {
    crate::server::pages::rooms::ask_to_join(room_id, note).await
}

/// Those who ask to be let in and wait, oldest first. Errors: `unauthorized`, `not_found`, `forbidden`.
#[server(prefix = "/api/fn", endpoint = "join_requests", input = Json, client = ApiClient)]
pub async fn join_requests(
    /// The room.
    room_id: RoomId,
) -> Result<Vec<JoinRequest>, WireError> {
    crate::server::pages::rooms::join_requests(room_id).await
}

/// Decides over a request, once. Errors: `unauthorized`, `not_found`, `forbidden`, `archived`, `full`, `conflict`.
#[server(prefix = "/api/fn", endpoint = "decide_request", input = Json, client = ApiClient)]
pub async fn decide_request(
    /// The room.
    room_id: RoomId,
    /// The request.
    request_id: JoinRequestId,
    /// Whether to let them in.
    is_approved: bool,
) -> Result<(), WireError> {
    crate::server::pages::rooms::decide_request(room_id, request_id, is_approved).await
}

/// Who is in a room, in pages. Errors: `unauthorized`, `not_found`.
#[server(prefix = "/api/fn", endpoint = "room_members", input = Json, client = ApiClient)]
pub async fn room_members(
    /// The room.
    room_id: RoomId,
    /// From 1 on.
    page: u32,
) -> Result<MembersPage, WireError> {
    crate::server::pages::rooms::room_members(room_id, page).await
}

/// Lets somebody in who did not ask. Errors: `unauthorized`, `not_found`, `forbidden`, `archived`, `full`.
#[server(prefix = "/api/fn", endpoint = "invite_member", input = Json, client = ApiClient)]
pub async fn invite_member(
    /// The room.
    room_id: RoomId,
    /// Whom.
    user_id: UserId,
) -> Result<(), WireError> {
    crate::server::pages::rooms::invite_member(room_id, user_id).await
}

/// Does that with a member. Errors: `unauthorized`, `invalid`, `not_found`, `forbidden`.
#[server(prefix = "/api/fn", endpoint = "change_member", input = Json, client = ApiClient)]
pub async fn change_member(
    /// The room.
    room_id: RoomId,
    /// Whom.
    user_id: UserId,
    /// What.
    change: MemberChange,
    /// Why, in words that the room is told; empty: none.
    reason: String,
) -> Result<(), WireError> {
    crate::server::pages::rooms::change_member(room_id, user_id, change, reason).await
}

/// Opens the direct room with somebody; answers it. Errors: `unauthorized`, `not_found`, `invalid` for oneself.
#[server(prefix = "/api/fn", endpoint = "open_direct", input = Json, client = ApiClient)]
pub async fn open_direct(
    /// With whom.
    user_id: UserId,
) -> Result<RoomId, WireError> {
    crate::server::pages::rooms::open_direct(user_id).await
}

/// Opens the private thread with the sender of a message; answers it. Errors: `unauthorized`, `not_found`, `invalid`.
#[server(prefix = "/api/fn", endpoint = "open_thread", input = Json, client = ApiClient)]
pub async fn open_thread(
    /// The message.
    message_id: MessageId,
) -> Result<RoomId, WireError> {
    crate::server::pages::rooms::open_thread(message_id).await
}

/// The message from which a private thread was opened; none where the caller does not see it in its room.
///
/// Errors: `unauthorized`, `not_found` for the thread.
#[server(prefix = "/api/fn", endpoint = "thread_origin", input = Json, client = ApiClient)]
pub async fn thread_origin(
    /// The thread.
    room_id: RoomId,
) -> Result<Option<Message>, WireError> {
    crate::server::pages::rooms::thread_origin(room_id).await
}
