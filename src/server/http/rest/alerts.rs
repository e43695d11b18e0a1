//! What everybody is told.

use axum::{
    Extension, Json,
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use serde_json::Value;

use super::{fields::Fields, made, whole_list};
use crate::{
    model::{AlertId, Timestamp, WireError},
    server::{
        http::{AppState, Refusal},
        service::Viewer,
    },
};

/// `GET alerts/`: those that stand, oldest first.
pub(in crate::server::http) async fn list(
    State(state): State<AppState>,
) -> Result<Json<Value>, Refusal> {
    Ok(whole_list(&state.services.alerts().await?))
}

/// `POST alerts/` `{text, until?}`: by admins.
pub(in crate::server::http) async fn tell(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let text = fields.text(&["text"])?.unwrap_or_default();
    let until = fields.text(&["until"])?.map(time).transpose()?;
    let services = &state.services;
    let alert = services.tell_everybody(viewer.actor(), text, until).await?;
    Ok(made(&alert, true))
}

/// `DELETE alerts/{id}/`: ends it, for everybody; by admins.
pub(in crate::server::http) async fn end(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let id = alert_id(&id)?;
    state.services.end_alert(viewer.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST alerts/{id}/dismiss/`: puts it away, for the caller.
pub(in crate::server::http) async fn dismiss(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let id = alert_id(&id)?;
    state.services.dismiss_alert(&viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn alert_id(digits: &str) -> Result<AlertId, WireError> {
    AlertId::from_digits(digits).ok_or(WireError::NotFound)
}

fn time(text: &str) -> Result<Timestamp, WireError> {
    let time = serde_json::from_value(Value::from(text));
    time.map_err(|_| WireError::field("until", "This must be a time, as in 2026-08-04T10:30:00Z."))
}
