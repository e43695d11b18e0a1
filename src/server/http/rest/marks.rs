//! What was read and what was not: marks, counts, and the list of what is new.

use axum::{Extension, Json, extract::State};
use serde_json::{Value, json};

use super::{
    fields::{Fields, InRoom, missing},
    listing::Asked,
    rooms::{in_one_piece, is_in_one_piece},
};
use crate::{
    model::{Listed, RoomFilter, Shelf},
    protocol::public::PublicRoom,
    server::{
        http::{AppState, Refusal},
        service::Viewer,
    },
};

const CONVERSATIONS: Option<Shelf> = Some(Shelf::Conversations);

/// `POST mark-read/`, `messages/mark-read/` `{message_ids}` or `{room_id}`: never back.
pub(in crate::server::http) async fn read(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    fields: Fields,
) -> Result<Json<Value>, Refusal> {
    if let Some(ids) = fields.messages("message_ids")? {
        let count = state.services.read_messages(&viewer, None, &ids).await?;
        return Ok(read_answer(count));
    }
    let room_id = fields.room(&["room_id", "room", "conversation_id"])?;
    let room_id = room_id.ok_or_else(|| missing("message_ids"))?;
    let count = state.services.read_room(&viewer, None, room_id).await?;
    Ok(read_answer(count))
}

/// `POST conversations/{id}/mark-read/`: to its end.
pub(in crate::server::http) async fn read_conversation(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<Json<Value>, Refusal> {
    let read = state.services.read_room(&viewer, CONVERSATIONS, room_id);
    Ok(read_answer(read.await?))
}

fn read_answer(count: i64) -> Json<Value> {
    let message = "The messages are marked as read.";
    Json(json!({ "success": true, "message": message, "updated_count": count }))
}

/// `POST rooms/{id}/mark-unread/` `{message_id}`: unread from that message on.
pub(in crate::server::http) async fn unread_from(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    fields: Fields,
) -> Result<Json<Value>, Refusal> {
    state.services.may_visit(&viewer, room_id).await?;
    let message_id = fields.message("message_id")?;
    let message_id = message_id.ok_or_else(|| missing("message_id"))?;
    state
        .services
        .mark_unread(&viewer, room_id, message_id)
        .await?;
    let count = state.services.unread_in(&viewer, None, room_id).await?;
    let message = "The room is marked as unread.";
    Ok(Json(
        json!({ "success": true, "message": message, "unread_count": count }),
    ))
}

/// `GET unread-count/`: in everything.
pub(in crate::server::http) async fn count(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
) -> Result<Json<Value>, Refusal> {
    let count = state.services.unread_total(&viewer).await?;
    Ok(Json(json!({ "unread_count": count })))
}

/// `GET conversations/{id}/unread-count/`.
pub(in crate::server::http) async fn count_of_conversation(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<Json<Value>, Refusal> {
    let count = state.services.unread_in(&viewer, CONVERSATIONS, room_id);
    Ok(Json(json!({ "unread_count": count.await? })))
}

/// `GET notifications/`: rooms with something unread, newest first. With `user_type` or `user_id` (S0): in one piece.
pub(in crate::server::http) async fn notifications(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let services = &state.services;
    let filter = RoomFilter {
        is_unread: true,
        ..RoomFilter::all_of(Shelf::Everything)
    };
    if is_in_one_piece(&asked) {
        let rooms = services
            .find_rooms(&viewer, &filter, in_one_piece())
            .await?;
        let total = services.unread_total(&viewer).await?;
        let rows = notified(rooms).items;
        return Ok(Json(
            json!({ "success": true, "total_unread": total, "notifications": rows }),
        ));
    }
    let page = asked.page()?;
    let rooms = services.find_rooms(&viewer, &filter, page.slice()).await?;
    Ok(asked.listed(page, &notified(rooms)))
}

fn notified(rooms: Listed<PublicRoom>) -> Listed<Value> {
    Listed {
        count: rooms.count,
        items: rooms.items.iter().map(notification).collect(),
    }
}

fn notification(room: &PublicRoom) -> Value {
    let mut row = json!({ "room_id": room.id(), "mentions": [] });
    let shown = json!(room);
    for name in [
        "name",
        "kind",
        "user",
        "user_name",
        "unread_count",
        "mention_count",
        "last_message",
        "last_message_at",
        "updated_at",
    ] {
        if let (Some(row), Some(value)) = (row.as_object_mut(), shown.get(name)) {
            row.insert(name.to_owned(), value.clone());
        }
    }
    row
}
