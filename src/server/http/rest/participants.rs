//! Who is in a room: coming in, going out, and what hosts do with others.

use axum::{Extension, Json, extract::State, response::Response};
use serde_json::{Value, json};

use super::{
    fields::{Fields, InRoom, InRoomAnd, missing},
    listing::Asked,
    made,
};
use crate::{
    model::{MemberChange, MemberRole, UserId, WireError, permission::Action},
    protocol::public::{Participant, PublicRoom},
    server::{
        http::{AppState, Refusal},
        service::Viewer,
    },
};

/// `POST rooms/{id}/join/`: into a public room; who is in stays in.
pub(in crate::server::http) async fn join(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<Json<PublicRoom>, Refusal> {
    state.services.join(viewer.actor(), room_id).await?;
    Ok(Json(state.services.known_room(&viewer, room_id).await?))
}

/// `POST rooms/{id}/leave/`.
pub(in crate::server::http) async fn leave(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<Json<Value>, Refusal> {
    state.services.leave(viewer.actor(), room_id).await?;
    let message = "You have left this room.";
    Ok(Json(
        json!({ "success": true, "message": message, "room_id": room_id }),
    ))
}

/// `POST rooms/{id}/kick/{user_id}/` `{reason?}`: they may come back.
pub(in crate::server::http) async fn kick(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoomAnd(room_id, user_id): InRoomAnd,
    fields: Fields,
) -> Result<Json<Value>, Refusal> {
    let services = &state.services;
    services.may_do(&viewer, Action::Kick, room_id).await?;
    let reason = fields.text(&["reason"])?.map(str::to_owned);
    let whom = (room_id, UserId(user_id));
    let kicked = services.change_member(viewer.actor(), whom, MemberChange::Kick, reason);
    kicked.await?;
    let message = "They are out of this room.";
    Ok(Json(
        json!({ "success": true, "message": message, "room_id": room_id, "user_id": user_id }),
    ))
}

/// `GET rooms/{id}/participants/`: hosts first, then by name.
pub(in crate::server::http) async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    state.services.may_visit(&viewer, room_id).await?;
    let page = asked.page()?;
    let slice = page.slice();
    let people = state.services.participants(&viewer, room_id, slice).await?;
    Ok(asked.listed(page, &people))
}

/// `POST rooms/{id}/participants/` `{user_id}`: lets somebody in who did not ask. 200 where they were in.
pub(in crate::server::http) async fn invite(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    fields: Fields,
) -> Result<Response, Refusal> {
    let services = &state.services;
    services.may_do(&viewer, Action::Invite, room_id).await?;
    let user_id = fields.user("user_id")?;
    let user_id = user_id.ok_or_else(|| missing("user_id"))?;
    let is_new = services.invite(viewer.actor(), room_id, user_id).await?;
    let participant = services.participant(&viewer, room_id, user_id).await?;
    Ok(made(&participant, is_new))
}

/// `PATCH rooms/{id}/participants/{user_id}/` `{role}`: makes a member that.
pub(in crate::server::http) async fn set_role(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoomAnd(room_id, user_id): InRoomAnd,
    fields: Fields,
) -> Result<Json<Participant>, Refusal> {
    let services = &state.services;
    services.may_do(&viewer, Action::SetRole, room_id).await?;
    let change = MemberChange::Role(role(&fields)?);
    let whom = (room_id, UserId(user_id));
    let changed = services.change_member(viewer.actor(), whom, change, None);
    changed.await?;
    let participant = services.participant(&viewer, room_id, UserId(user_id));
    Ok(Json(participant.await?))
}

/// A role in our words or in S3's, where the host is `admin`.
fn role(fields: &Fields) -> Result<MemberRole, WireError> {
    let word = fields.text(&["role", "room_role"])?;
    match word.ok_or_else(|| missing("role"))? {
        "admin" => Ok(MemberRole::Host),
        word => MemberRole::from_word(word)
            .ok_or_else(|| WireError::field("role", "This must be member, moderator or host.")),
    }
}
