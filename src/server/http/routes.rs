//! Every address of the server, one line each.

use axum::{
    Json, Router,
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
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
        .layer(from_fn(headers::secure))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| Refusal(WireError::Internal).into_response(),
        ))
        .with_state(state)
}

async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok" }))
}

async fn not_found() -> Refusal {
    Refusal(WireError::NotFound)
}
