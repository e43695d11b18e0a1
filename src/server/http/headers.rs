//! Headers that every answer carries.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue, header};

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

/// The policy of a page whose scripts and styles carry this nonce.
///
/// `'self'` beside the nonce: the client's modules are fetched by `import()` and `modulepreload`, which have no nonce.
/// `'wasm-unsafe-eval'` lets WebAssembly compile; it allows no `eval`. `reload`: the hot reload's socket, in development.
pub(super) fn page_policy(nonce: &str, reload: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data: blob:; connect-src 'self'{reload}; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// Adds what is missing.
pub(super) async fn secure(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in STATIC {
        headers.entry(name).or_insert(value);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(NOT_A_PAGE);
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert_with(|| caching(&path));
    response
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
