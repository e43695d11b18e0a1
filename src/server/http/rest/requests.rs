//! Requests to join a room: asking, seeing who asks, deciding.

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::Value;

use super::{
    fields::{Fields, InRoom, InRoomAnd, missing},
    listing::Asked,
};
use crate::{
    model::{JoinRequestId, Listed, RoomId, UserId, WireError, permission::Action},
    protocol::public::PublicRequest,
    server::{
        http::{AppState, Refusal},
        service::{Services, Viewer},
    },
};

/// `POST rooms/{id}/join-request/` `{note?}`: asks to be let in, once at a time.
pub(in crate::server::http) async fn ask(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    fields: Fields,
) -> Result<Response, Refusal> {
    let services = &state.services;
    services.may_do(&viewer, Action::AskToJoin, room_id).await?;
    let note = fields.text(&["note", "message"])?.unwrap_or_default();
    let request = services.ask_to_join(viewer.actor(), room_id, note).await?;
    Ok((StatusCode::CREATED, Json(PublicRequest::from(request))).into_response())
}

/// `GET rooms/{id}/join-requests/?status=`: oldest first.
pub(in crate::server::http) async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let services = &state.services;
    services
        .may_do(&viewer, Action::SeeRequests, room_id)
        .await?;
    let (page, status) = (asked.page()?, asked.status()?);
    let found = services.join_requests(&viewer, room_id, status, page.slice());
    let found = found.await?;
    let requests = Listed {
        count: found.count,
        items: found.items.into_iter().map(PublicRequest::from).collect(),
    };
    Ok(asked.listed(page, &requests))
}

/// `POST rooms/{id}/approve-join/{request_id}/`, `deny-join/{request_id}/`: who was denied may ask again.
pub(in crate::server::http) async fn decide<const IS_APPROVED: bool>(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoomAnd(room_id, id): InRoomAnd,
) -> Result<Json<PublicRequest>, Refusal> {
    let id = JoinRequestId(id);
    decided(&state.services, &viewer, room_id, id, IS_APPROVED).await
}

/// `POST rooms/{id}/approve/`, `deny/` `{request_id}`: the same, as S2 also says it.
pub(in crate::server::http) async fn decide_named<const IS_APPROVED: bool>(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    fields: Fields,
) -> Result<Json<PublicRequest>, Refusal> {
    let services = &state.services;
    services.may_do(&viewer, Action::Decide, room_id).await?;
    let id = fields.request("request_id")?;
    let id = id.ok_or_else(|| missing("request_id"))?;
    decided(services, &viewer, room_id, id, IS_APPROVED).await
}

/// `POST rooms/{id}/handle-join-request/{user_id}/` `{action}`: what that person asks and nobody has decided yet.
pub(in crate::server::http) async fn handle(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoomAnd(room_id, user_id): InRoomAnd,
    fields: Fields,
) -> Result<Json<PublicRequest>, Refusal> {
    let services = &state.services;
    services.may_do(&viewer, Action::Decide, room_id).await?;
    let is_approved = is_approved(&fields)?;
    let id = services.pending_request(&viewer, room_id, UserId(user_id));
    let id = id.await?;
    decided(services, &viewer, room_id, id, is_approved).await
}

fn is_approved(fields: &Fields) -> Result<bool, WireError> {
    let word = fields.text(&["action"])?;
    match word.ok_or_else(|| missing("action"))? {
        "approve" | "approved" | "accept" => Ok(true),
        "deny" | "denied" | "reject" => Ok(false),
        _ => Err(WireError::field("action", "This must be approve or deny.")),
    }
}

async fn decided(
    services: &Services,
    viewer: &Viewer,
    room_id: RoomId,
    id: JoinRequestId,
    is_approved: bool,
) -> Result<Json<PublicRequest>, Refusal> {
    let decided = services.decide_request(viewer.actor(), room_id, id, is_approved);
    Ok(Json(PublicRequest::from(decided.await?)))
}
