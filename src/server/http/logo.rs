//! The school's logo: shown to everybody, given by admins.

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};

use super::{AppState, Refusal};
use crate::{model::WireError, server::service::Viewer};

/// Its address holds the hash of what is in it.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// `GET /school/logo/{hash}`.
pub(super) async fn show(
    State(state): State<AppState>,
    Path(hash): Path<String>,
) -> Result<Response, Refusal> {
    let (kind, bytes) = state.services.logo(&hash).await?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, "inline".to_owned()),
    ];
    let mut response = (headers, bytes).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, IMMUTABLE);
    Ok(response)
}

/// `PUT /api/chat/school/logo/`: the picture itself as the body; what it is its first bytes say.
pub(super) async fn give(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    picture: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Refusal> {
    let picture = picture.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => WireError::TooLarge,
        _ => WireError::Malformed,
    })?;
    let services = &state.services;
    services.set_logo(viewer.actor(), Some(&picture)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/chat/school/logo/`.
pub(super) async fn take_away(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
) -> Result<StatusCode, Refusal> {
    state.services.set_logo(viewer.actor(), None).await?;
    Ok(StatusCode::NO_CONTENT)
}
