//! Messages: a room's history, and sending.

use axum::{Extension, Json, extract::State, response::Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    fields::{Fields, InRoom, Named, missing},
    form::Sent,
    listing::Asked,
    made,
};
use crate::{
    model::{Audience, HistoryPart, MessageKind, RoomId, Shelf, WireError},
    protocol::public::PublicMessage,
    server::{
        http::{AppState, Refusal},
        service::{NewMessage, Services, Viewer},
    },
};

const CONVERSATIONS: Option<Shelf> = Some(Shelf::Conversations);

/// `GET rooms/{id}/messages/`.
pub(in crate::server::http) async fn of_room(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    history(&state.services, &viewer, None, room_id, &asked).await
}

/// `GET conversations/{id}/messages/`.
pub(in crate::server::http) async fn of_conversation(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    history(&state.services, &viewer, CONVERSATIONS, room_id, &asked).await
}

pub(super) async fn history(
    services: &Services,
    viewer: &Viewer,
    shelf: Option<Shelf>,
    room_id: RoomId,
    asked: &Asked,
) -> Result<Json<Value>, Refusal> {
    // First whether there is such a room: for others a mistake in the rest is not worth a word.
    services.may_visit(viewer, room_id).await?;
    let what = asked.history()?;
    let part = services.history(viewer, shelf, room_id, what).await?;
    Ok(asked.part(what, &part))
}

/// `POST rooms/{id}/messages/` `{content, message_type?, client_id?, audience?}`: 201, or 200 where that key was sent before.
pub(in crate::server::http) async fn send_to_room(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    Sent(fields): Sent,
) -> Result<Response, Refusal> {
    let (message, is_new) = sent(&state.services, &viewer, None, room_id, &fields).await?;
    Ok(made(&message, is_new))
}

/// `POST conversations/{id}/messages/`: the same, for conversations alone.
pub(in crate::server::http) async fn send_to_conversation(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    Sent(fields): Sent,
) -> Result<Response, Refusal> {
    let services = &state.services;
    let (message, is_new) = sent(services, &viewer, CONVERSATIONS, room_id, &fields).await?;
    Ok(made(&message, is_new))
}

/// `GET messages/?room=`: as `GET rooms/{id}/messages/`.
pub(in crate::server::http) async fn of_named(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let room_id = asked.room("room")?;
    history(&state.services, &viewer, None, room_id, &asked).await
}

/// `POST messages/` `{room, content, …}`: as `POST rooms/{id}/messages/`.
pub(in crate::server::http) async fn send_to_named(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Sent(fields): Sent,
) -> Result<Response, Refusal> {
    let room_id = fields.room(&["room", "room_id"])?;
    let room_id = room_id.ok_or_else(|| missing("room"))?;
    let (message, is_new) = sent(&state.services, &viewer, None, room_id, &fields).await?;
    Ok(made(&message, is_new))
}

/// `POST send-message/` `{room_id, content}`: S0's, answered as S0 does.
pub(in crate::server::http) async fn send(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Sent(fields): Sent,
) -> Result<Json<Value>, Refusal> {
    let room_id = fields.room(&["room_id", "room"])?;
    let room_id = room_id.ok_or_else(|| missing("room_id"))?;
    let (message, _) = sent(&state.services, &viewer, None, room_id, &fields).await?;
    Ok(Json(json!({ "success": true, "message": message })))
}

/// `GET messages/{id}/`.
pub(in crate::server::http) async fn show(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Named(message_id): Named,
) -> Result<Json<PublicMessage>, Refusal> {
    let services = &state.services;
    let room_id = services.room_of(message_id).await?;
    let alone = HistoryPart::Around {
        message_id,
        limit: 1,
    };
    let mut part = services.history(&viewer, None, room_id, alone).await?;
    Ok(Json(part.messages.pop().ok_or(WireError::NotFound)?))
}

/// `DELETE messages/{id}/`, S4's `messages/{id}/delete/`, S2's `private-messages/{id}/`: again is the same.
pub(in crate::server::http) async fn delete(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Named(message_id): Named,
) -> Result<StatusCode, Refusal> {
    let deleted = state.services.delete_message(&viewer, None, message_id);
    deleted.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST delete-message/` `{message_id}`: S0's, answered as S0 does.
pub(in crate::server::http) async fn delete_named(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    fields: Fields,
) -> Result<Json<Value>, Refusal> {
    let message_id = fields.message("message_id")?;
    let message_id = message_id.ok_or_else(|| missing("message_id"))?;
    let deleted = state.services.delete_message(&viewer, None, message_id);
    let message = PublicMessage::from(deleted.await?);
    Ok(Json(json!({ "success": true, "message": message })))
}

pub(super) async fn sent(
    services: &Services,
    viewer: &Viewer,
    shelf: Option<Shelf>,
    room_id: RoomId,
    fields: &Fields,
) -> Result<(PublicMessage, bool), WireError> {
    services.may_send(viewer, shelf, room_id).await?;
    check_kind(fields)?;
    let content = fields.text(&["content", "message"])?;
    let new = NewMessage {
        room_id,
        client_id: fields.client_id()?,
        audience: fields.audience()?,
        content: content.unwrap_or_default().to_owned(),
    };
    let (message, is_new) = services.send_once(viewer, new).await?;
    Ok((PublicMessage::from(message), is_new))
}

/// Sends a text and nothing else.
pub(super) async fn sent_text(
    services: &Services,
    viewer: &Viewer,
    room_id: RoomId,
    content: &str,
) -> Result<(), WireError> {
    let new = NewMessage {
        room_id,
        client_id: None,
        audience: Audience::All,
        content: content.to_owned(),
    };
    services.send(viewer, new).await.map(drop)
}

/// Text is all that can be sent without a file, and there are no files yet.
fn check_kind(fields: &Fields) -> Result<(), WireError> {
    let kind = fields.text(&["message_type"])?;
    if kind.is_some_and(|word| word != MessageKind::Text.as_str()) {
        let problem = "Only text can be sent this way.";
        return Err(WireError::field("message_type", problem));
    }
    if fields.has_any("attachment_ids") {
        return Err(WireError::field("attachment_ids", "There is no such file."));
    }
    Ok(())
}
