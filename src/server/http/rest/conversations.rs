//! Conversations: one's own with the default desk, the list, one of them with its newest messages.

use axum::{Extension, Json, extract::State, response::Response};
use serde_json::{Value, json};

use super::{fields::InRoom, listing::Asked, made, rooms::already};
use crate::{
    model::{Desk, HistoryPart, Reach, RoomFilter, Shelf, Slice, WireError, limits::PAGE_SIZE},
    protocol::public::PublicRoom,
    server::{
        http::{AppState, Refusal},
        service::Viewer,
    },
};

const SHELF: Option<Shelf> = Some(Shelf::Conversations);

/// `GET conversation/`: one's own with the default desk; made where it is not there yet, the one GET that writes.
pub(in crate::server::http) async fn own(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
) -> Result<Json<PublicRoom>, Refusal> {
    let desk = Desk::default_desk();
    let opened = state.services.own_conversation(&viewer, desk).await?;
    Ok(Json(opened.room))
}

/// `POST conversation/`: makes it. 400 where it is there, with it.
pub(in crate::server::http) async fn create_own(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
) -> Result<Response, Refusal> {
    let desk = Desk::default_desk();
    let opened = state.services.own_conversation(&viewer, desk).await?;
    Ok(if opened.is_new {
        made(&opened.room, opened.is_new)
    } else {
        already(&opened)
    })
}

/// `GET conversations/`: those of one's desks and one's own, newest first.
pub(in crate::server::http) async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let filter = RoomFilter {
        shelf: Shelf::Conversations,
        kind: asked.kind()?,
        search: asked.word("search").to_owned(),
        is_unread: asked.switch("unread_only")?.unwrap_or_default(),
        is_archived: asked.switch("archived")?,
        is_own: is_own(&asked)?,
        reach: Reach::Inside,
    };
    let page = asked.page()?;
    let slice = page.slice();
    let rooms = state.services.find_rooms(&viewer, &filter, slice).await?;
    Ok(asked.listed(page, &rooms))
}

fn is_own(asked: &Asked) -> Result<bool, WireError> {
    match asked.word("scope") {
        "" | "all" => Ok(false),
        "mine" => Ok(true),
        _ => Err(WireError::field("scope", "This must be all or mine.")),
    }
}

/// `GET conversations/{id}/`: one of them, with the newest page of messages.
pub(in crate::server::http) async fn show(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    InRoom(room_id): InRoom,
) -> Result<Json<Value>, Refusal> {
    let room = state.services.public_room(&viewer, SHELF, room_id).await?;
    let newest = HistoryPart::Page(Slice {
        limit: PAGE_SIZE,
        offset: 0,
    });
    let part = state.services.history(&viewer, SHELF, room_id, newest);
    let part = part.await?;
    let mut body = json!(room);
    if let Some(body) = body.as_object_mut() {
        body.insert("messages".to_owned(), json!(part.messages));
    }
    Ok(Json(body))
}
