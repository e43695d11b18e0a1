//! The caller's own sessions.

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use http::StatusCode;
use serde_json::Value;

use super::whole_list;
use crate::{
    model::WireError,
    server::{
        http::{AppState, Refusal},
        service::Viewer,
    },
};

/// `GET /api/auth/sessions/`: all that are in force, last used first.
pub(in crate::server::http) async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
) -> Result<Json<Value>, Refusal> {
    Ok(whole_list(&state.services.sessions(&viewer).await?))
}

/// `DELETE /api/auth/sessions/{id}/`: ends one. Somebody else's is as one that is not there.
pub(in crate::server::http) async fn end(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let id = id.parse().map_err(|_| WireError::NotFound)?;
    state.services.end_session(&viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
