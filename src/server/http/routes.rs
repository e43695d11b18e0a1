//! Every address of the server, one line each.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::Request,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use serde_json::json;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use super::{AppState, Refusal, auth, caller, headers, site};
use crate::{model::WireError, server::ws};

/// The router. Paths are known with and without their final slash: the accept loop takes it off.
pub fn router(state: AppState) -> Router {
    let live = Router::new()
        .route("/api/health", get(health))
        .route("/api/{*rest}", any(not_found))
        .route("/ws/chat", get(ws::connect))
        .route("/sign-in", post(auth::sign_in))
        .route("/sign-out", post(auth::sign_out));
    // Pages, and the server functions below /api/fn/, are added by Leptos.
    let live = site::pages(live, &state)
        .layer(from_fn_with_state(state.clone(), site::guard_functions))
        .layer(from_fn_with_state(state.clone(), caller::identify));
    live.merge(Router::new().route("/icons.svg", get(site::icons)))
        .layer(CompressionLayer::new())
        .layer(from_fn(in_time))
        .layer(from_fn(headers::secure))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| Refusal(WireError::Internal).into_response(),
        ))
        .with_state(state)
}

/// An answer begins within this time; nothing that works takes as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Answers `unavailable` for what hangs, so that whoever asks is not kept.
async fn in_time(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    tokio::time::timeout(PATIENCE, next.run(request))
        .await
        .unwrap_or_else(|_| {
            tracing::error!(path, "no answer in time");
            Refusal(WireError::Unavailable).into_response()
        })
}

async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok" }))
}

async fn not_found() -> Refusal {
    Refusal(WireError::NotFound)
}
