//! The REST API: for programs, and for pages that are not ours.
//!
//! One file a noun; `routes.rs` lists the addresses. Bodies are JSON in and out, errors as in `Refusal`. To add an
//! address: a handler that reads its body by [`Body`] or [`Fields`](fields::Fields), takes the `Extension<Viewer>` that
//! [`signed_in`] puts there, and calls a use case. What is below `/api/chat/` answers in the shapes of
//! `protocol::public`.

pub(super) mod auth;
pub(super) mod conversations;
mod drafts;
mod fields;
mod form;
mod listing;
pub(super) mod marks;
pub(super) mod messages;
pub(super) mod pairs;
pub(super) mod participants;
pub(super) mod presence;
pub(super) mod requests;
pub(super) mod rooms;
pub(super) mod search;
pub(super) mod sessions;
pub(super) mod students;

use axum::{
    Json,
    extract::{FromRequest, Request, State, rejection::JsonRejection},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use super::{AppState, Caller, Refusal, caller::Credential};
use crate::{api::client::CSRF_HEADER, model::WireError};

/// A JSON body. Unknown fields are ignored; what else is wrong is told as JSON too.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(WireError::UnsupportedType.into()),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(WireError::TooLarge.into())
            }
            Err(_) => Err(WireError::Malformed.into()),
        }
    }
}

/// A list that is whole on its first page.
pub(super) fn whole_list<T: Serialize>(results: &[T]) -> Json<serde_json::Value> {
    Json(json!({ "count": results.len(), "next": null, "previous": null, "results": results }))
}

/// 201 with what was made now, 200 with what was there.
pub(super) fn made(body: &impl Serialize, is_new: bool) -> Response {
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    (status, Json(body)).into_response()
}

/// Before every address of somebody who is signed in: who it is, as an `Extension<Viewer>`; and, where a cookie says so,
/// that a write comes from a page of this site.
pub(super) async fn signed_in(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = request.extensions().get::<Caller>().cloned();
    let Some((caller, viewer)) =
        caller.and_then(|caller| caller.viewer.clone().map(|viewer| (caller, viewer)))
    else {
        return unauthorized();
    };
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    let token = request.headers().get(CSRF_HEADER);
    let token = token
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if caller.credential == Credential::Cookie && !is_read && !state.csrf.is_valid(&caller, token) {
        return Refusal(WireError::CrossSite).into_response();
    }
    request.extensions_mut().insert(viewer);
    next.run(request).await
}

/// 401, with the way in that RFC 9110 asks for.
fn unauthorized() -> Response {
    let way_in = [(header::WWW_AUTHENTICATE, "Bearer")];
    (way_in, Refusal(WireError::Unauthorized)).into_response()
}
