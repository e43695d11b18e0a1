//! Search in messages.

use axum::{Extension, Json, extract::State};
use serde_json::{Value, json};

use super::listing::Asked;
use crate::{
    model::{Has, MessageId, RoomId, SearchQuery, UserId, WireError},
    server::{
        http::{AppState, Refusal},
        service::{PublicFound, Viewer},
    },
};

/// What the seeds' clients call a room.
const ROOM: [&str; 3] = ["room", "room_id", "conversation_id"];

/// `GET search/?q=&room=&from=&has=&before=&after=`: newest first. Each message has its text in parts, `marked`. `before`
/// and `after` are ids of messages.
pub(in crate::server::http) async fn find(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let (query, slice) = (query(&asked)?, asked.page()?.slice());
    // What a page with a number leaves out is gone through: these do not go far.
    let [limit, offset] = [slice.limit, slice.offset].map(|n| usize::try_from(n).unwrap_or(0));
    let limit = limit.saturating_add(offset);
    let mut found = state.services.public_search(&viewer, &query, limit).await?;
    found.results.drain(..offset.min(found.results.len()));
    Ok(answered(&asked, &found))
}

fn query(asked: &Asked) -> Result<SearchQuery, WireError> {
    let has =
        match asked.word("has") {
            "" => None,
            word => Some(Has::from_word(word).ok_or_else(|| {
                WireError::field("has", "This must be link, image, file or voice.")
            })?),
        };
    let room = ROOM.into_iter().find(|name| asked.names(name));
    let room = room.unwrap_or_default();
    Ok(SearchQuery {
        text: asked.word("q").to_owned(),
        room_id: asked.number(room)?.map(RoomId),
        from: asked.number("from")?.map(UserId),
        has,
        before: asked.number("before")?.map(MessageId),
        after: asked.number("after")?.map(MessageId),
    })
}

fn answered(asked: &Asked, found: &PublicFound) -> Json<Value> {
    let results: Vec<Value> = found
        .results
        .iter()
        .map(|(message, parts)| {
            let mut row = json!(message);
            if let Some(fields) = row.as_object_mut() {
                fields.insert("marked".to_owned(), json!(parts));
            }
            row
        })
        .collect();
    let next = found.next.map(|id| asked.before(id));
    Json(json!({ "count": null, "next": next, "previous": null, "results": results }))
}
