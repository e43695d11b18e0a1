//! Rooms: the list, one of them, making, changing and letting go; and a student's support room.

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    drafts::{CourseName, course, draft, patch},
    fields::{Fields, InRoom, missing},
    listing::Asked,
    made,
};
use crate::{
    model::{
        Desk, Reach, RoomFilter, RoomId, Shelf, Slice, WireError,
        limits::DESK_ROOMS,
        permission::{Action, may_create_rooms},
    },
    protocol::public::PublicRoom,
    server::{
        http::{AppState, Refusal},
        service::{Opened, Services, Viewer},
    },
};

/// `GET rooms/`: what one may join, and support. With `user_type` or `user_id` (S0): the caller's rooms in one piece,
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
    let filter = RoomFilter {
        reach: reach(&asked)?,
        ..filter
    };
    let page = asked.page()?;
    let slice = page.slice();
    let rooms = state.services.find_rooms(&viewer, &filter, slice).await?;
    Ok(asked.listed(page, &rooms))
}

fn reach(asked: &Asked) -> Result<Reach, WireError> {
    Ok(match asked.switch("joined")? {
        None => Reach::Known,
        Some(true) => Reach::Inside,
        Some(false) => Reach::Outside,
    })
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

/// `GET rooms/{id}/`: one of them, of whatever kind; its card where one is not in it.
pub(in crate::server::http) async fn show(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<Json<PublicRoom>, Refusal> {
    Ok(Json(state.services.known_room(&viewer, room_id).await?))
}

/// `POST rooms/` `{name, kind, …}`: a room that the caller runs.
pub(in crate::server::http) async fn make(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let opened = made_as(&state.services, &viewer, &fields).await?;
    Ok(made(&opened.room, opened.is_new))
}

async fn made_as(
    services: &Services,
    viewer: &Viewer,
    fields: &Fields,
) -> Result<Opened, WireError> {
    let is_of_course = course(fields)?.is_some();
    if !may_create_rooms(&services.school().policy, viewer.role) && !is_of_course {
        return Err(WireError::Forbidden);
    }
    let mut draft = draft(fields)?;
    draft.course = match course(fields)? {
        Some(CourseName::Id(id)) => Some(id),
        Some(CourseName::Code(code)) => Some(services.course_by_code(viewer, &code).await?),
        None => None,
    };
    let room_id = services.create_room(viewer.actor(), draft).await?;
    Ok(Opened {
        room: services.known_room(viewer, room_id).await?,
        is_new: true,
    })
}

/// `PATCH`, `PUT rooms/{id}/`: changes what is named, and leaves the rest.
pub(in crate::server::http) async fn update(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    fields: Fields,
) -> Result<Json<PublicRoom>, Refusal> {
    let services = &state.services;
    services.may_do(&viewer, Action::Update, room_id).await?;
    let kind = services.known_room(&viewer, room_id).await?.kind();
    let patch = patch(&fields, kind)?;
    let (actor, services) = (viewer.actor(), &state.services);
    services.update_room(actor, room_id, patch).await?;
    Ok(Json(services.known_room(&viewer, room_id).await?))
}

/// `DELETE rooms/{id}/`.
pub(in crate::server::http) async fn delete(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<StatusCode, Refusal> {
    state.services.delete_room(viewer.actor(), room_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST rooms/{id}/archive/`: read-only from now on.
pub(in crate::server::http) async fn archive(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<Json<PublicRoom>, Refusal> {
    set_archived(&state.services, &viewer, room_id, true).await
}

/// `POST rooms/{id}/unarchive/`: writable again.
pub(in crate::server::http) async fn unarchive(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<Json<PublicRoom>, Refusal> {
    set_archived(&state.services, &viewer, room_id, false).await
}

async fn set_archived(
    services: &Services,
    viewer: &Viewer,
    room_id: RoomId,
    is_archived: bool,
) -> Result<Json<PublicRoom>, Refusal> {
    let actor = viewer.actor();
    services.archive_room(actor, room_id, is_archived).await?;
    Ok(Json(services.known_room(viewer, room_id).await?))
}

/// `POST rooms/create/` `{recipient_type?}`: one's own support room at that desk; for those who answer, with
/// `{student_id}`, a student's, and with `{name}` as `POST rooms/`. 201 where it was made, 200 where it was there.
pub(in crate::server::http) async fn create(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let desk = match fields.text(&["recipient_type"])? {
        Some(name) => state.services.desk("recipient_type", name)?,
        None => Desk::default_desk(),
    };
    let answers = viewer.role.is_staff() || viewer.desks.contains(&desk);
    let opened = if answers && fields.names("name") && !fields.names("student_id") {
        made_as(&state.services, &viewer, &fields).await?
    } else if answers {
        let student = fields.user("student_id")?;
        let student = student.ok_or_else(|| missing("student_id"))?;
        let opened = state.services.conversation_of(&viewer, student, desk);
        opened.await?
    } else {
        state.services.own_conversation(&viewer, desk).await?
    };
    Ok(made(&opened.room, opened.is_new))
}

/// 400 for what was there, with it.
pub(super) fn already(opened: &Opened) -> Response {
    let mut body = WireError::AlreadyExists.body();
    if let Some(body) = body.as_object_mut() {
        body.insert("conversation".to_owned(), json!(opened.room));
    }
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
