//! The socket of one room, `/ws/chat/{room_id}/`, `/ws/chat/rooms/{room_id}/` and `/ws/chat/private/{thread_id}/`, in the
//! words of other systems' clients.
//!
//! `life`: one task that writes what waits and reads what comes. `hearing`: what its frames come to. `commands`: what
//! each command does. `telling`: what goes out. The frames stand in `protocol::public`. What is not about this room
//! never goes out here.

mod commands;
mod hearing;
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

use super::{
    handshake::{InAddress, place, sized, viewer},
    upgrading::{Refused, checked},
};
use crate::{
    model::{RoomId, Shelf, WireError},
    protocol::public::Dialect,
    server::http::{AppState, Caller},
};

/// What an address names as its room.
type InPath = Result<Path<String>, PathRejection>;
/// What it says of who comes.
type InQuery = Result<Query<InAddress>, QueryRejection>;
type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

/// `GET /ws/chat/{room_id}/`: as the native socket, and without a subprotocol. `/ws/chat/rooms/{room_id}/` is the same in
/// S2's words, `/ws/chat/private/{thread_id}/` too, for private threads alone; each address says its dialect.
///
/// Refused before the upgrade: 403 for a cookie from a foreign `Origin`, 401 without a session, 404 for a room that is
/// not there or not the viewer's, 400 or 426 for what is no upgrade to WebSocket, 429 over the cap of sockets or over the
/// budget of commands.
pub async fn connect(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    Extension(dialect): Extension<Dialect>,
    room_id: InPath,
    headers: HeaderMap,
    in_address: InQuery,
    upgrade: Upgrade,
) -> Result<Response, Refused> {
    let Query(in_address) = in_address.map_err(|_| WireError::Malformed)?;
    let viewer = viewer(&state, caller, &headers, &in_address).await?;
    let room_id = room_id.ok().and_then(|Path(id)| RoomId::from_digits(&id));
    let room_id = room_id.ok_or(WireError::NotFound)?;
    let shelf = (dialect == Dialect::Private).then_some(Shelf::Threads);
    let services = &state.services;
    services.may_visit_on(&viewer, shelf, room_id).await?;
    let upgrade = checked(upgrade, &headers)?;
    let place = place(&state, &viewer)?;
    // From here on a stop waits for this socket.
    let leave = state.services.sockets.token();
    let there = (room_id, dialect);
    Ok(sized(upgrade)
        .on_upgrade(async move |websocket| {
            life::run(state.services, viewer, there, websocket, place).await;
            drop(leave);
        })
        .into_response())
}
