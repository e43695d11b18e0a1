//! Headers that every answer carries.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::server::random;

const STATIC: [(HeaderName, HeaderValue); 4] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// For answers that are not pages: nothing may run in them, nobody may frame them.
const NOT_A_PAGE: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Files whose name changes with their content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const PERSONAL: HeaderValue = HeaderValue::from_static("no-store");
const SHORT: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The nonce for the page that a request asks for.
#[derive(Clone, Debug)]
pub(super) struct PageNonce(pub(super) String);

/// The policy of a page whose scripts and styles carry this nonce.
///
/// `'self'` beside the nonce: the client's modules are fetched by `import()` and `modulepreload`, which have no nonce.
/// `'wasm-unsafe-eval'` lets WebAssembly compile; it allows no `eval`. `reload`: the hot reload's socket, in development.
fn page_policy(nonce: &str, reload: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data: blob:; connect-src 'self'{reload}; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// Gives the request a nonce, and its answer what is missing: a page its policy. It is given here, by what the answer is,
/// and not by the page: an answer that lost its policy on the way would be one in which nothing runs. `reload`: the hot
/// reload's socket, in development.
pub(super) async fn secure(
    State(reload): State<Arc<str>>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let nonce = random::token();
    request.extensions_mut().insert(PageNonce(nonce.clone()));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = if is_page(headers) {
        HeaderValue::from_str(&page_policy(&nonce, &reload)).unwrap_or(NOT_A_PAGE)
    } else {
        NOT_A_PAGE
    };
    for (name, value) in STATIC {
        headers.entry(name).or_insert(value);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(policy);
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert_with(|| caching(&path));
    response
}

/// Whatever else answers with HTML would be a page, too.
fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn caching(path: &str) -> HeaderValue {
    if path.starts_with("/pkg/") || path == "/icons.svg" {
        IMMUTABLE
    } else if path == "/favicon.svg" || path == "/robots.txt" {
        SHORT
    } else {
        PERSONAL
    }
}
