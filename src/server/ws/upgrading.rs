//! Whether a request is an upgrade to WebSocket as RFC 6455 has it, and what to say where it is not.

use axum::{
    Json,
    extract::ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection as Rejection},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::{model::WireError, server::http::Refusal};

/// The version of the protocol, the only one there is.
const VERSION: HeaderValue = HeaderValue::from_static("13");
const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");
/// A client's key is so many random bytes in base64.
const KEY_BYTES: usize = 16;

/// Why a socket is not opened.
pub enum Refused {
    /// As everywhere.
    Error(WireError),
    /// The request asks for something else than this version of WebSocket.
    UpgradeRequired,
}

impl From<WireError> for Refused {
    fn from(error: WireError) -> Self {
        Self::Error(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Error(error) => Refusal(error).into_response(),
            Self::UpgradeRequired => upgrade_required(),
        }
    }
}

/// The upgrade, where it is one.
pub(super) fn checked(
    upgrade: Result<WebSocketUpgrade, Rejection>,
    headers: &HeaderMap,
) -> Result<WebSocketUpgrade, Refused> {
    match upgrade {
        Ok(upgrade) if has_key(headers) => Ok(upgrade),
        Ok(_) | Err(Rejection::WebSocketKeyHeaderMissing(_)) => Err(WireError::Malformed.into()),
        Err(_) => Err(Refused::UpgradeRequired),
    }
}

fn has_key(headers: &HeaderMap) -> bool {
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let bytes = key.and_then(|key| STANDARD.decode(key.as_bytes()).ok());
    bytes.is_some_and(|bytes| bytes.len() == KEY_BYTES)
}

fn upgrade_required() -> Response {
    let headers = [
        (header::UPGRADE, WEBSOCKET),
        (header::CONNECTION, HeaderValue::from_static("Upgrade")),
        (header::SEC_WEBSOCKET_VERSION, VERSION),
    ];
    let body = Json(WireError::Malformed.body());
    (StatusCode::UPGRADE_REQUIRED, headers, body).into_response()
}
