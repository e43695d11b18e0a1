//! Rooms of two: private threads, and direct rooms in S4's words.

use axum::{Extension, Json, extract::State, response::Response};
use serde_json::Value;

use super::{
    fields::{Fields, InRoom, missing},
    form::Sent,
    listing::Asked,
    made,
    messages::{history, sent, sent_text},
};
use crate::{
    model::{RoomFilter, RoomId, Shelf},
    protocol::public::PublicRoom,
    server::{
        http::{AppState, Refusal},
        service::{Services, Viewer},
    },
};

const THREADS: Option<Shelf> = Some(Shelf::Threads);

/// `GET private-threads/`: the caller's, last activity first.
pub(in crate::server::http) async fn threads(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let filter = RoomFilter {
        search: asked.word("search").to_owned(),
        is_archived: asked.switch("archived")?,
        ..RoomFilter::all_of(Shelf::Threads)
    };
    let page = asked.page()?;
    let slice = page.slice();
    let rooms = state.services.find_rooms(&viewer, &filter, slice).await?;
    Ok(asked.listed(page, &rooms))
}

/// `POST private-threads/` `{owner_message}` or `{user_id}`: 201 where it was made, 200 where it was there.
pub(in crate::server::http) async fn open_thread(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (services, actor) = (&state.services, viewer.actor());
    let opened = match fields.message("owner_message")? {
        Some(message_id) => services.open_thread(actor, message_id).await?,
        None => {
            let with = fields.user("user_id")?;
            let with = with.ok_or_else(|| missing("owner_message"))?;
            services.open_thread_with(actor, with).await?
        }
    };
    shown(services, &viewer, opened).await
}

/// `GET private-threads/{id}/`.
pub(in crate::server::http) async fn thread(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<Json<PublicRoom>, Refusal> {
    let room = state.services.public_room(&viewer, THREADS, room_id);
    Ok(Json(room.await?))
}

/// `GET private-threads/{id}/messages/`.
pub(in crate::server::http) async fn messages(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    history(&state.services, &viewer, THREADS, room_id, &asked).await
}

/// `POST private-threads/{id}/messages/`.
pub(in crate::server::http) async fn send(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
    Sent(fields): Sent,
) -> Result<Response, Refusal> {
    let services = &state.services;
    let (message, is_new) = sent(services, &viewer, THREADS, room_id, &fields).await?;
    Ok(made(&message, is_new))
}

/// `POST conversations/start_conversation/`, `conversations/start/` `{user_id, message?}`: the direct room with somebody,
/// and what is said there first. 201 where it was made, 200 where it was there.
pub(in crate::server::http) async fn start(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let services = &state.services;
    let with = fields.user("user_id")?;
    let with = with.ok_or_else(|| missing("user_id"))?;
    let first = fields.text(&["message", "content"])?;
    let first = first.filter(|text| !text.is_empty());
    // What cannot be sent opens nothing.
    first.map(|text| services.check_text(text)).transpose()?;
    let opened = services.open_direct(viewer.actor(), with).await?;
    if let Some(text) = first {
        sent_text(services, &viewer, opened.0, text).await?;
    }
    shown(services, &viewer, opened).await
}

async fn shown(
    services: &Services,
    viewer: &Viewer,
    (room_id, is_new): (RoomId, bool),
) -> Result<Response, Refusal> {
    let room = services.public_room(viewer, None, room_id).await?;
    Ok(made(&room, is_new))
}
