//! Pages of other origins that may call the API: those of the settings, with a Bearer token and without credentials.
//!
//! Ours and not tower-http's, since that tells every origin which methods there are; here no other origin gets an allow
//! header at all.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::AppState;
use crate::server::settings::Settings;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static("authorization, content-type");
const EXPOSED: HeaderValue = HeaderValue::from_static("retry-after");
/// How long a browser need not ask again, in seconds.
const ASKED_FOR: HeaderValue = HeaderValue::from_static("3600");

/// Answers a browser's question beforehand, and lets it hand the answer to a page that may have it.
pub(super) async fn allow(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let origin = allowed(request.headers(), &state.services.settings);
    let is_question = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match (is_question, &origin) {
        (true, Some(_)) => {
            let answer = [
                (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
                (header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
                (header::ACCESS_CONTROL_MAX_AGE, ASKED_FOR),
            ];
            (StatusCode::NO_CONTENT, answer).into_response()
        }
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    response
}

fn allowed(headers: &HeaderMap, settings: &Settings) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let text = origin.to_str().ok()?.to_ascii_lowercase();
    settings
        .allowed_origins
        .contains(&text)
        .then(|| origin.clone())
}
