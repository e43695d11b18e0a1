//! The socket of one room, `/ws/chat/{room_id}/`, in the words of other systems' clients.
//!
//! `life`: one task that writes what waits and reads what comes. `commands`: what each command does. `telling`: what goes
//! out. The frames stand in `protocol::public`. What is not about this room never goes out here.

mod commands;
mod life;
mod telling;

use axum::{
    extract::{
        Extension, Path, Query, State,
        rejection::{PathRejection, QueryRejection},
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    response::{IntoResponse, Response},
};
use http::HeaderMap;

use super::handshake::{InAddress, SOCKETS_PER_USER, sized, viewer};
use crate::{
    model::{RoomId, WireError},
    server::http::{AppState, Caller, Refusal},
};

/// `GET /ws/chat/{room_id}/`: as the native socket, and without a subprotocol.
///
/// Refused before the upgrade: 403 for a cookie from a foreign `Origin`, 401 without a session, 404 for a room that is
/// not there or not the viewer's, 429 over the cap.
pub async fn connect(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    room_id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    in_address: Result<Query<InAddress>, QueryRejection>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let Query(in_address) = in_address.map_err(|_| WireError::Malformed)?;
    let viewer = viewer(&state, caller, &headers, &in_address).await?;
    let room_id = room_id.ok().and_then(|Path(id)| RoomId::from_digits(&id));
    let room_id = room_id.ok_or(WireError::NotFound)?;
    state.services.may_visit(&viewer, room_id).await?;
    if state.services.hub.count_of(viewer.user_id) >= SOCKETS_PER_USER {
        return Err(WireError::RateLimited { retry_after: 10 }.into());
    }
    let upgrade = upgrade.map_err(|_| WireError::Malformed)?;
    Ok(sized(upgrade)
        .on_upgrade(move |websocket| life::run(state.services, viewer, room_id, websocket))
        .into_response())
}
