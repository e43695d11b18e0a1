//! Before the upgrade: who, from where, how many, which dialect. What is wrong is said in HTTP.

use axum::{
    extract::{
        Extension, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    response::{IntoResponse, Response},
};
use http::HeaderMap;

use super::socket;
use crate::{
    model::WireError,
    protocol::SUBPROTOCOL,
    server::http::{AppState, Caller, Refusal, origin},
};

/// Read buffer of a socket: commands are small (tungstenite's default reserves 128 KiB a socket).
const READ_BUFFER_BYTES: usize = 4 * 1024;
/// Frames are gathered up to here before a write.
const WRITE_BUFFER_BYTES: usize = 4 * 1024;
/// More than this unwritten means a peer that has stopped reading.
const MAX_WRITE_BUFFER_BYTES: usize = 1 << 20;
/// The longest message of a client.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;
/// Sockets of one user on this node.
const SOCKETS_PER_USER: usize = 50;

/// `GET /ws/chat/`: the native client's socket.
///
/// Refused before the upgrade: 403 for a foreign `Origin`, 401 without a session, 429 over the cap, 400 without the
/// subprotocol `quad.1`.
pub async fn connect(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    if !origin::is_allowed(&headers, &state.services.settings) {
        return Err(WireError::CrossSite.into());
    }
    let viewer = caller.viewer.ok_or(WireError::Unauthorized)?;
    if state.services.hub.count_of(viewer.user_id) >= SOCKETS_PER_USER {
        return Err(WireError::RateLimited { retry_after: 10 }.into());
    }
    let upgrade = upgrade
        .map_err(|_| WireError::Malformed)?
        .protocols([SUBPROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return Err(WireError::Malformed.into());
    }
    Ok(upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_write_buffer_size(MAX_WRITE_BUFFER_BYTES)
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES)
        .on_upgrade(move |websocket| socket::run(state.services, viewer, websocket))
        .into_response())
}
