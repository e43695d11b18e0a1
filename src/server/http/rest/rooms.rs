//! Rooms: the list, one of them, and a student's support room.

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    fields::{Fields, InRoom, missing},
    listing::Asked,
};
use crate::{
    model::{Desk, Listed, RoomFilter, Shelf, Slice, WireError, limits::DESK_ROOMS},
    protocol::public::PublicRoom,
    server::{
        http::{AppState, Refusal},
        service::{Opened, Viewer},
    },
};

/// `GET rooms/`: what one joins, and support. With `user_type` or `user_id` (S0): the caller's rooms in one piece,
/// whoever is named there.
pub(in crate::server::http) async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let filter = RoomFilter {
        kind: asked.kind()?,
        search: asked.word("search").to_owned(),
        is_archived: asked.switch("archived")?,
        ..RoomFilter::all_of(Shelf::Rooms)
    };
    if is_in_one_piece(&asked) {
        let slice = in_one_piece();
        let rooms = state.services.find_rooms(&viewer, &filter, slice).await?;
        return Ok(Json(json!({ "success": true, "rooms": rooms.items })));
    }
    let page = asked.page()?;
    // Nobody sees a room yet without being in it.
    let rooms: Listed<PublicRoom> = match asked.switch("joined")? {
        Some(false) => Listed::empty(),
        _ => {
            let slice = page.slice();
            state.services.find_rooms(&viewer, &filter, slice).await?
        }
    };
    Ok(asked.listed(page, &rooms))
}

/// Whether a list is wanted as S0's clients read it.
pub(super) fn is_in_one_piece(asked: &Asked) -> bool {
    asked.names("user_type") || asked.names("user_id")
}

/// As much of a list as comes in one piece.
pub(super) fn in_one_piece() -> Slice {
    Slice {
        limit: i64::try_from(DESK_ROOMS).unwrap_or(i64::MAX),
        offset: 0,
    }
}

/// `GET rooms/{id}/`: one of them, of whatever kind.
pub(in crate::server::http) async fn show(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<Json<PublicRoom>, Refusal> {
    let room = state.services.public_room(&viewer, None, room_id).await?;
    Ok(Json(room))
}

/// `POST rooms/create/` `{recipient_type?}`: one's own support room at that desk; for those who answer, with
/// `{student_id}`, a student's. 201 where it was made, 200 where it was there.
pub(in crate::server::http) async fn create(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let desk = match fields.text(&["recipient_type"])? {
        Some(name) => state.services.desk("recipient_type", name)?,
        None => Desk::default_desk(),
    };
    let opened = if viewer.role.is_staff() || viewer.desks.contains(&desk) {
        let student = fields.user("student_id")?;
        let student = student.ok_or_else(|| missing("student_id"))?;
        let opened = state.services.conversation_of(&viewer, student, desk);
        opened.await?
    } else {
        state.services.own_conversation(&viewer, desk).await?
    };
    Ok(made(&opened))
}

/// 201 for what was made now, 200 for what was there.
pub(super) fn made(opened: &Opened) -> Response {
    let status = if opened.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    (status, Json(&opened.room)).into_response()
}

/// 400 for what was there, with it.
pub(super) fn already(opened: &Opened) -> Response {
    let mut body = WireError::AlreadyExists.body();
    if let Some(body) = body.as_object_mut() {
        body.insert("conversation".to_owned(), json!(opened.room));
    }
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
