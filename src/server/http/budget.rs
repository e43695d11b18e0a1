//! Requests of somebody who is signed in count as commands, as those over a socket do.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{AppState, Caller, Refusal};

/// The REST API, at both its places, and the server functions. Pages are not commands.
const API: [&str; 4] = ["/api/", "/chat/rooms", "/chat/messages", "/chat/presence"];

/// Answers 429 to a request over its sender's budget.
pub(super) async fn spend(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Caller>();
    let viewer = caller
        .and_then(|caller| caller.viewer.as_ref())
        .filter(|_| is_command(request.uri().path()));
    if let Some(viewer) = viewer
        && let Err(refusal) = state.services.spend(viewer.user_id, 1)
    {
        return Refusal(refusal).into_response();
    }
    next.run(request).await
}

fn is_command(path: &str) -> bool {
    API.iter().any(|place| path.starts_with(place))
}
