//! Before the upgrade: who, from where, how many, which dialect. What is wrong is said in HTTP.

use axum::{
    extract::{
        Extension, Query, State,
        rejection::QueryRejection,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{
    patience::HELLO_COST,
    socket::{self, Scope},
    upgrading::{Refused, checked},
};
use crate::{
    model::WireError,
    protocol::SUBPROTOCOL,
    server::{
        http::{
            AppState, Caller,
            caller::{Credential, by_access_token},
            origin,
        },
        hub::Place,
        service::Viewer,
    },
};

/// Read buffer of a socket, which it keeps while it is quiet: commands are small (tungstenite's default reserves 128 KiB a
/// socket). What is longer is read in several parts.
const READ_BUFFER_BYTES: usize = 1024;
/// Frames are gathered up to here before a write.
const WRITE_BUFFER_BYTES: usize = 4 * 1024;
/// More than this unwritten means a peer that has stopped reading.
const MAX_WRITE_BUFFER_BYTES: usize = 1 << 20;
/// The longest message of a client.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;
/// Sockets of one user on this node.
const SOCKETS_PER_USER: usize = 50;

/// What an address may say of who comes, where a program cannot set headers. None of it reaches a log: only paths do.
#[derive(Deserialize)]
pub struct InAddress {
    ticket: Option<SecretString>,
    token: Option<SecretString>,
    /// `s4`: its client speaks that system's words from the first frame on.
    compat: Option<String>,
}

/// `GET /ws/chat/`: the socket of everything, for the holder of an `Authorization` header, a `?token=`, a `?ticket=` or the
/// session's cookie, the first that is there. With the subprotocol `quad.1` it is the native client's; with none it speaks
/// as the public contract has it.
///
/// Refused before the upgrade: 403 for a cookie from a foreign `Origin`, 401 without a session, 400 or 426 for what is no
/// upgrade to WebSocket, 400 for other subprotocols alone, 429 over the cap of sockets or over the budget of commands.
pub async fn connect(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    in_address: Result<Query<InAddress>, QueryRejection>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refused> {
    let Query(in_address) = in_address.map_err(|_| WireError::Malformed)?;
    let viewer = viewer(&state, caller, &headers, &in_address).await?;
    let upgrade = checked(upgrade, &headers)?.protocols([SUBPROTOCOL]);
    let is_native = upgrade.selected_protocol().is_some();
    if !is_native && headers.contains_key(header::SEC_WEBSOCKET_PROTOCOL) {
        return Err(WireError::Malformed.into());
    }
    let is_direct = in_address.compat.as_deref() == Some("s4");
    let scope = if is_native {
        Scope::Everything
    } else {
        Scope::Bare { is_direct }
    };
    let place = place(&state, &viewer)?;
    // From here on a stop waits for this socket.
    let leave = state.services.sockets.token();
    Ok(sized(upgrade)
        .on_upgrade(move |websocket| {
            let carries = (websocket, scope);
            socket::run(state.services, viewer, carries, (place, leave))
        })
        .into_response())
}

/// `GET /ws/presence/`: presence and typing alone, without a subprotocol. Otherwise as [`connect`].
pub async fn connect_to_signs(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    in_address: Result<Query<InAddress>, QueryRejection>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refused> {
    let Query(in_address) = in_address.map_err(|_| WireError::Malformed)?;
    let viewer = viewer(&state, caller, &headers, &in_address).await?;
    let upgrade = checked(upgrade, &headers)?;
    let place = place(&state, &viewer)?;
    let leave = state.services.sockets.token();
    Ok(sized(upgrade)
        .on_upgrade(move |websocket| {
            let carries = (websocket, Scope::Signs);
            socket::run(state.services, viewer, carries, (place, leave))
        })
        .into_response())
}

/// With our sizes in place of tungstenite's.
pub(super) fn sized(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_write_buffer_size(MAX_WRITE_BUFFER_BYTES)
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES)
}

/// The socket's place, held from here on: sockets that are still being opened count too.
pub(super) fn place(state: &AppState, viewer: &Viewer) -> Result<Place, WireError> {
    let services = &state.services;
    let place = services.hub.places.take(viewer.user_id, SOCKETS_PER_USER);
    let place = place.ok_or(WireError::RateLimited { retry_after: 10 })?;
    services.spend(viewer.user_id, HELLO_COST)?;
    Ok(place)
}

/// Who comes. A cookie alone is added by the browser itself, whatever page asks it to: so its page must be ours.
pub(super) async fn viewer(
    state: &AppState,
    caller: Caller,
    headers: &HeaderMap,
    in_address: &InAddress,
) -> Result<Viewer, WireError> {
    let viewer = match (caller.credential, &in_address.token, &in_address.ticket) {
        (Credential::Bearer, _, _) => caller.viewer,
        (_, Some(token), _) => by_access_token(state, token.expose_secret()).await?,
        (_, None, Some(ticket)) => {
            let ticket = ticket.expose_secret();
            state.services.viewer_by_ticket(ticket).await?
        }
        (Credential::Cookie, None, None) => {
            if !origin::is_allowed(headers, &state.services.settings) {
                return Err(WireError::CrossSite);
            }
            caller.viewer
        }
    };
    viewer.ok_or(WireError::Unauthorized)
}
