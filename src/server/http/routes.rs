//! Every address of the server, one line each.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, delete, get, post},
};
use http::StatusCode;
use serde_json::json;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use super::{
    AppState, Refusal, auth, caller, headers, register,
    rest::{self, auth as auth_rest, sessions as sessions_rest},
    site,
};
use crate::{model::WireError, server::ws};

/// The router. Paths are known with and without their final slash: the accept loop takes it off.
pub fn router(state: AppState) -> Router {
    let of_the_signed_in = Router::new()
        .route("/api/auth/ticket", post(auth_rest::ticket))
        .route("/api/auth/me", get(auth_rest::me))
        .route("/api/auth/sessions", get(sessions_rest::list))
        .route("/api/auth/sessions/{id}", delete(sessions_rest::end))
        .route_layer(from_fn_with_state(state.clone(), rest::signed_in));
    let api = Router::new()
        .route("/api/health", get(health))
        .route("/api/auth/token", post(auth_rest::token))
        .route("/api/auth/token/refresh", post(auth_rest::refresh))
        .route("/api/auth/login", post(auth_rest::login))
        .route("/api/auth/register", post(auth_rest::register))
        .merge(of_the_signed_in)
        .route("/api/{*rest}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES));
    let live = Router::new()
        .merge(api)
        .route("/ws/chat", get(ws::connect))
        .route("/register", post(register::register))
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

/// The longest body of JSON: a message of the longest kind, and some.
const BODY_BYTES: usize = 128 * 1024;

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

/// 503 once nothing can be written any more: whoever watches sends nobody here, and starts it afresh.
async fn health(State(state): State<AppState>) -> Response {
    if state.services.is_working() {
        Json(json!({ "status": "ok" })).into_response()
    } else {
        let status = Json(json!({ "status": "unavailable" }));
        (StatusCode::SERVICE_UNAVAILABLE, status).into_response()
    }
}

async fn not_found() -> Refusal {
    Refusal(WireError::NotFound)
}

async fn method_not_allowed() -> Refusal {
    Refusal(WireError::MethodNotAllowed)
}
