//! Presence: one's own, that of those whom one knows, who is online, who types; and the people whom one knows.

use axum::{
    Extension, Json,
    extract::{Path, State, rejection::PathRejection},
};
use serde_json::{Value, json};

use super::{
    fields::{Fields, missing},
    listing::Asked,
};
use crate::{
    model::{Listed, Presence, PresenceStatus, UserCard, UserId, WireError},
    protocol::public::Person,
    server::{
        http::{AppState, Refusal},
        service::{Known, Viewer},
    },
};

/// What the seeds' clients call a room.
const ROOM: [&str; 3] = ["room", "room_id", "conversation_id"];

/// `GET presence/`: one's own, as others see it while one is there.
pub(in crate::server::http) async fn own(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
) -> Result<Json<Value>, Refusal> {
    let own = state.services.own_as_seen(&viewer).await?;
    Ok(Json(told(&own)))
}

/// `PUT presence/` `{status}`, `POST users/status/update/` `{status}` or `{is_online}`: how one wants to be seen.
pub(in crate::server::http) async fn choose(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    fields: Fields,
) -> Result<Json<Value>, Refusal> {
    let chosen = chosen(&fields)?;
    state.services.choose_presence(&viewer, chosen).await?;
    let own = state.services.own_as_seen(&viewer).await?;
    Ok(Json(told(&own)))
}

fn chosen(fields: &Fields) -> Result<PresenceStatus, WireError> {
    if let Some(word) = fields.text(&["status"])? {
        let problem = "This must be online, away, busy or offline.";
        return PresenceStatus::from_word(word).ok_or_else(|| WireError::field("status", problem));
    }
    match fields.switch(&["is_online"])? {
        Some(true) => Ok(PresenceStatus::Online),
        Some(false) => Ok(PresenceStatus::Offline),
        None => Err(missing("status")),
    }
}

/// `GET presence/online/`: those whom one knows and who are there, by name.
pub(in crate::server::http) async fn online(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let page = asked.page()?;
    let people = state.services.people(&viewer, "", true, page.slice());
    let rows = rows(people.await?, |(row, presence)| {
        let mut told = told(&presence);
        put(&mut told, "user", json!(person(row)));
        told
    });
    Ok(asked.listed(page, &rows))
}

/// `GET presence/typing/?room=`: who types there, but for oneself.
pub(in crate::server::http) async fn typing(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let name = ROOM.into_iter().find(|name| asked.names(name));
    let room_id = asked.room(name.unwrap_or("room"))?;
    let people = state.services.typing_in(&viewer, room_id).await?;
    let rows: Vec<Value> = people
        .into_iter()
        .map(|(user_id, name)| {
            json!({ "room_id": room_id, "user_id": user_id, "sender_name": name, "is_typing": true })
        })
        .collect();
    Ok(super::whole_list(&rows))
}

/// `GET users/?search=`, `?q=`: the people whom one knows, by name, and whether they are there.
pub(in crate::server::http) async fn people(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    asked: Asked,
) -> Result<Json<Value>, Refusal> {
    let page = asked.page()?;
    let search = ["search", "q"].map(|name| asked.word(name));
    let search = search.into_iter().find(|word| !word.is_empty());
    let part = search.unwrap_or_default();
    let people = state.services.people(&viewer, part, false, page.slice());
    let rows = rows(people.await?, |(row, presence)| {
        let mut user = json!(person(row));
        if let Some(fields) = told(&presence).as_object() {
            for name in ["status", "is_online", "last_seen"] {
                let value = fields.get(name).cloned();
                put(&mut user, name, value.unwrap_or_default());
            }
        }
        user
    });
    Ok(asked.listed(page, &rows))
}

/// `GET users/{id}/status/`.
pub(in crate::server::http) async fn of_person(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    user_id: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, Refusal> {
    let user_id = user_id.ok().and_then(|Path(id)| UserId::from_digits(&id));
    let user_id = user_id.ok_or(WireError::NotFound)?;
    let presence = state.services.presence_of(&viewer, user_id).await?;
    Ok(Json(told(&presence)))
}

fn rows(people: Listed<Known>, row: impl Fn(Known) -> Value) -> Listed<Value> {
    Listed {
        count: people.count,
        items: people.items.into_iter().map(row).collect(),
    }
}

fn person(row: crate::server::service::KnownRow) -> Person {
    let card = UserCard {
        id: row.id,
        name: row.name,
        role: row.role,
    };
    Person {
        username: Some(row.username),
        ..card.into()
    }
}

/// As it stands in every answer: with the words of S4 beside ours.
fn told(presence: &Presence) -> Value {
    let mut told = json!(presence);
    let is_online = presence.status != PresenceStatus::Offline;
    put(&mut told, "is_online", json!(is_online));
    put(&mut told, "current_room", json!(presence.current_room));
    put(&mut told, "is_typing", json!(presence.is_typing));
    told
}

fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}
