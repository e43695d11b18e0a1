//! Every address of the server, one line each.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, delete, get, post},
};
use serde_json::json;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use super::{
    AppState, Refusal, auth, caller, cors, headers, register,
    rest::{
        self, auth as auth_rest, conversations, marks, messages, rooms, sessions as sessions_rest,
        students,
    },
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
        .nest("/api/chat", chat())
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
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(state.clone(), cors::allow));
    let live = Router::new()
        .merge(api)
        .route("/ws/chat", get(ws::connect))
        .route("/ws/chat/{room_id}", get(ws::connect_to_room))
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

/// What stands below `/api/chat/`, for those who are signed in.
fn chat() -> Router<AppState> {
    Router::new()
        .route("/rooms", get(rooms::list))
        .route("/rooms/create", post(rooms::create))
        .route("/rooms/{id}", get(rooms::show))
        .route(
            "/rooms/{id}/messages",
            get(messages::of_room).post(messages::send_to_room),
        )
        .route("/rooms/{id}/mark-unread", post(marks::unread_from))
        .route(
            "/conversation",
            get(conversations::own).post(conversations::create_own),
        )
        .route("/conversations", get(conversations::list))
        .route("/conversations/{id}", get(conversations::show))
        .route(
            "/conversations/{id}/messages",
            get(messages::of_conversation).post(messages::send_to_conversation),
        )
        .route(
            "/conversations/{id}/mark-read",
            post(marks::read_conversation),
        )
        .route(
            "/conversations/{id}/unread-count",
            get(marks::count_of_conversation),
        )
        .route("/mark-read", post(marks::read))
        .route("/messages/mark-read", post(marks::read))
        .route("/send-message", post(messages::send))
        .route("/unread-count", get(marks::count))
        .route("/notifications", get(marks::notifications))
        .route("/students", get(students::list))
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

async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok" }))
}

async fn not_found() -> Refusal {
    Refusal(WireError::NotFound)
}

async fn method_not_allowed() -> Refusal {
    Refusal(WireError::MethodNotAllowed)
}
