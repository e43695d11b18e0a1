//! Every address of the server, one line each.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any, delete, get, patch, post, put},
};
use http::StatusCode;
use serde_json::json;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use super::{
    AppState, Refusal, auth, budget, caller, cors, headers, logo, password, register,
    rest::{
        self, alerts, auth as auth_rest, conversations, marks, messages, pairs, participants,
        presence, requests, rooms, search, sessions as sessions_rest, students,
    },
    site,
};
use crate::{
    model::{WireError, school::LOGO_BYTES},
    protocol::public::Dialect,
    server::ws,
};

/// The router. Paths are known with and without their final slash: the accept loop takes it off.
pub fn router(state: AppState) -> Router {
    let of_the_signed_in = Router::new()
        .route("/api/auth/ticket", post(auth_rest::ticket))
        .route("/api/auth/me", get(auth_rest::me))
        .route("/api/auth/sessions", get(sessions_rest::list))
        .route("/api/auth/sessions/{id}", delete(sessions_rest::end))
        .nest("/api/chat", chat().merge(rooms_and_messages()))
        .nest("/chat", rooms_and_messages())
        .route_layer(from_fn_with_state(state.clone(), rest::signed_in));
    let api = Router::new()
        .route("/api/health", get(health))
        .route("/api/auth/token", post(auth_rest::token))
        .route("/api/auth/token/refresh", post(auth_rest::refresh))
        .route("/api/auth/login", post(auth_rest::login))
        .route("/api/auth/register", post(auth_rest::register))
        .merge(of_the_signed_in)
        .route("/api/{*rest}", any(not_found))
        .route("/chat/rooms/{id}/{*rest}", any(not_found))
        .route("/chat/messages/{id}/{*rest}", any(not_found))
        .route("/chat/presence/{*rest}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(state.clone(), cors::allow));
    let live = Router::new()
        .merge(api)
        .route("/ws/chat", get(ws::connect).fallback(method_not_allowed))
        .route(
            "/ws/presence",
            get(ws::connect_to_signs).fallback(method_not_allowed),
        )
        .route("/ws/chat/{room_id}", room_socket(Dialect::Plain))
        .route("/ws/chat/rooms/{room_id}", room_socket(Dialect::Rooms))
        .route("/ws/chat/private/{room_id}", room_socket(Dialect::Private))
        .route("/password", post(password::choose))
        .route("/register", post(register::register))
        .route("/sign-in", post(auth::sign_in))
        .route("/sign-out", post(auth::sign_out));
    // Pages, and the server functions below /api/fn/, are added by Leptos.
    let live = site::pages(live, &state)
        .layer(from_fn_with_state(state.clone(), site::guard_functions))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(state.clone(), budget::spend))
        .layer(from_fn_with_state(state.clone(), caller::identify));
    let files = Router::new()
        .route("/icons.svg", get(site::icons))
        .route("/school/logo/{hash}", get(logo::show));
    let all = live.merge(files);
    let reload = site::reload_source(&state.leptos);
    shielded(all, reload.into()).with_state(state)
}

/// Around every answer: a handler that hangs or panics has one too, and all carry the security headers.
fn shielded<S: Clone + Send + Sync + 'static>(router: Router<S>, reload: Arc<str>) -> Router<S> {
    router
        .layer(CompressionLayer::new())
        .layer(from_fn(in_time))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| Refusal(WireError::Internal).into_response(),
        ))
        .layer(from_fn_with_state(reload, headers::secure))
}

/// What stands below `/api/chat/`, for those who are signed in.
fn chat() -> Router<AppState> {
    Router::new()
        .route(
            "/conversation",
            get(conversations::own).post(conversations::create_own),
        )
        .route("/conversations", get(conversations::list))
        .route("/conversations/start", post(pairs::start))
        .route("/conversations/start_conversation", post(pairs::start))
        .route("/conversations/{id}", get(conversations::show))
        .route(
            "/conversations/{id}/add_message",
            post(messages::send_to_conversation),
        )
        .route(
            "/conversations/{id}/mark_read",
            post(marks::read_conversation),
        )
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
        .route(
            "/private-threads",
            get(pairs::threads).post(pairs::open_thread),
        )
        .route("/private-threads/{id}", get(pairs::thread))
        .route(
            "/private-threads/{id}/messages",
            get(pairs::messages).post(pairs::send),
        )
        .route("/private-messages/{id}", delete(messages::delete))
        .route("/delete-message", post(messages::delete_named))
        .route("/mark-read", post(marks::read))
        .route("/messages/mark-read", post(marks::read))
        .route("/send-message", post(messages::send))
        .route("/unread-count", get(marks::count))
        .route("/notifications", get(marks::notifications))
        .route("/students", get(students::list))
        .route("/users", get(presence::people))
        .route("/users/status/update", post(presence::choose))
        .route("/users/{user_id}/status", get(presence::of_person))
        .route("/search", get(search::find))
        .route("/alerts", get(alerts::list).post(alerts::tell))
        .route("/alerts/{alert_id}", delete(alerts::end))
        .route("/alerts/{alert_id}/dismiss", post(alerts::dismiss))
        .route(
            "/school/logo",
            put(logo::give)
                .delete(logo::take_away)
                .layer(DefaultBodyLimit::max(LOGO_BYTES)),
        )
}

/// The socket of one room, in these words.
fn room_socket(dialect: Dialect) -> MethodRouter<AppState> {
    get(ws::connect_to_room)
        .layer(Extension(dialect))
        .fallback(method_not_allowed)
}

/// What stands there, and below `/chat/` too.
fn rooms_and_messages() -> Router<AppState> {
    Router::new()
        .route("/rooms", get(rooms::list).post(rooms::make))
        .route("/rooms/create", post(rooms::create))
        .route(
            "/rooms/{id}",
            get(rooms::show)
                .patch(rooms::update)
                .put(rooms::update)
                .delete(rooms::delete),
        )
        .route("/rooms/{id}/archive", post(rooms::archive))
        .route("/rooms/{id}/unarchive", post(rooms::unarchive))
        .route("/rooms/{id}/join", post(participants::join))
        .route("/rooms/{id}/leave", post(participants::leave))
        .route("/rooms/{id}/kick/{user_id}", post(participants::kick))
        .route(
            "/rooms/{id}/participants",
            get(participants::list).post(participants::invite),
        )
        .route(
            "/rooms/{id}/participants/{user_id}",
            patch(participants::set_role),
        )
        .route("/rooms/{id}/join-request", post(requests::ask))
        .route("/rooms/{id}/join-requests", get(requests::list))
        .route(
            "/rooms/{id}/approve-join/{request_id}",
            post(requests::decide::<true>),
        )
        .route(
            "/rooms/{id}/deny-join/{request_id}",
            post(requests::decide::<false>),
        )
        .route("/rooms/{id}/approve", post(requests::decide_named::<true>))
        .route("/rooms/{id}/deny", post(requests::decide_named::<false>))
        .route(
            "/rooms/{id}/handle-join-request/{user_id}",
            post(requests::handle),
        )
        .route(
            "/rooms/{id}/messages",
            get(messages::of_room).post(messages::send_to_room),
        )
        .route("/rooms/{id}/mark-unread", post(marks::unread_from))
        .route("/presence", get(presence::own).put(presence::choose))
        .route("/presence/online", get(presence::online))
        .route("/presence/typing", get(presence::typing))
        .route(
            "/messages",
            get(messages::of_named).post(messages::send_to_named),
        )
        .route(
            "/messages/{id}",
            get(messages::show).delete(messages::delete),
        )
        .route("/messages/{id}/delete", delete(messages::delete))
}

/// The longest body of JSON: a message of the longest kind, and some.
const BODY_BYTES: usize = 128 * 1024;

/// An answer begins within this time; nothing that works takes as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// An import makes some ten thousand accounts, each with a link that its answer alone tells.
const IMPORT_PATIENCE: Duration = Duration::from_secs(600);

/// Answers `unavailable` for what hangs, so that whoever asks is not kept.
async fn in_time(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let patience = if path == site::IMPORT {
        IMPORT_PATIENCE
    } else {
        PATIENCE
    };
    tokio::time::timeout(patience, next.run(request))
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

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::StatusCode;
    use tower::ServiceExt;

    use super::*;

    async fn asked(router: &Router, path: &str) -> Response {
        let request = Request::get(path).body(Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn a_handler_that_panics_answers_with_all_headers_and_disturbs_no_other() {
        async fn panics() {
            panic!("a fault of this handler");
        }
        let router = Router::new()
            .route("/panics", get(panics))
            .route("/works", get(async || "fine"));
        let router = shielded(router, Arc::from(""));
        for _ in 0..3 {
            let (broken, working) =
                tokio::join!(asked(&router, "/panics"), asked(&router, "/works"));
            assert_eq!(broken.status(), StatusCode::INTERNAL_SERVER_ERROR);
            for name in ["content-security-policy", "x-content-type-options"] {
                assert!(broken.headers().contains_key(name), "{name}");
            }
            assert_eq!(broken.headers()["cache-control"], "no-store");
            let body = axum::body::to_bytes(broken.into_body(), 1000)
                .await
                .unwrap();
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["code"], "internal");
            assert_eq!(working.status(), StatusCode::OK);
        }
    }
}
