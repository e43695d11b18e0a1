//! The Leptos application on the server: its pages, its server functions, its files.

use std::sync::LazyLock;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use leptos::{config::LeptosOptions, context::provide_context, nonce::Nonce, prelude::use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};

use super::{AppState, Caller, Refusal, cookies, headers::PageNonce};
use crate::{
    api::client::CSRF_HEADER,
    app::{
        App,
        parts::icon,
        prefs::{Prefs, Theme},
        shell::shell,
    },
    model::{WireError, limits::IMPORT_BYTES, permission::may_manage_people},
};

/// The pages' addresses. Listed once a process: while Leptos does it, no resource of any page in the process is loaded,
/// and those that begin in that time wait for ever (leptos-rs/leptos#4773).
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Adds the pages, and the built client's files behind them.
pub(super) fn pages(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    let context = page_context(state.clone());
    let options = state.leptos.clone();
    router
        .leptos_routes_with_context(state, ROUTES.clone(), context.clone(), move || {
            shell(options.clone())
        })
        .fallback(leptos_axum::file_and_error_handler_with_context::<
            AppState,
            _,
        >(context, shell))
}

/// What a page finds in its context: the state, the reader's preferences, the nonce of its answer's policy.
fn page_context(state: AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(state.clone());
        let parts = use_context::<Parts>();
        provide_context(prefs(parts.as_ref(), &state));
        let nonce = parts.and_then(|parts| parts.extensions.get::<PageNonce>().cloned());
        if let Some(PageNonce(nonce)) = nonce {
            provide_context(Nonce::from_value(nonce));
        }
    }
}

/// The hot reload's socket while `cargo leptos watch` runs.
pub(super) fn reload_source(options: &LeptosOptions) -> String {
    if std::env::var_os("LEPTOS_WATCH").is_none() {
        return String::new();
    }
    format!(
        " ws://{}:{} ws://localhost:{1}",
        options.site_addr.ip(),
        options.reload_port
    )
}

fn prefs(parts: Option<&Parts>, state: &AppState) -> Prefs {
    let none = HeaderMap::new();
    let headers = parts.map_or(&none, |parts| &parts.headers);
    let viewer = parts
        .and_then(|parts| parts.extensions.get::<Caller>())
        .and_then(|caller| caller.viewer.as_ref());
    let language = viewer
        .map(|viewer| viewer.language.clone())
        .or_else(|| accepted_language(headers))
        .unwrap_or_else(|| state.services.settings.school.language.clone());
    let theme = cookies::named("theme", headers).map_or(Theme::System, |word| Theme::parse(&word));
    Prefs {
        language,
        theme,
        now: state.services.clock.now(),
        accent: state.services.school().look.accent,
    }
}

/// The first language of `Accept-Language` that the interface speaks.
fn accepted_language(headers: &HeaderMap) -> Option<String> {
    let line = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let tags = line
        .split(',')
        .filter_map(|part| part.split(';').next())
        .map(str::trim);
    let mut primary = tags
        .filter_map(|tag| tag.split('-').next())
        .map(str::to_ascii_lowercase);
    primary.find(|tag| crate::server::settings::parse::LANGUAGES.contains(&tag.as_str()))
}

/// Where the server functions are.
pub const FUNCTIONS: &str = "/api/fn/";

/// Before every server function: JSON alone, and with the CSRF header. Leptos adds their routes by itself, so this
/// stands around them instead of in them.
pub(super) async fn guard_functions(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if !request.uri().path().starts_with(FUNCTIONS) {
        return next.run(request).await;
    }
    if !content_type(&request).is_some_and(|kind| kind.starts_with("application/json")) {
        return Refusal(WireError::UnsupportedType).into_response();
    }
    let token = request
        .headers()
        .get(CSRF_HEADER)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let is_own = request
        .extensions()
        .get::<Caller>()
        .is_some_and(|caller| state.csrf.is_valid(caller, token));
    if !is_own {
        return Refusal(WireError::CrossSite).into_response();
    }
    match read(admitted(request), &state).await {
        Ok(request) => next.run(request).await,
        Err(error) => Refusal(error).into_response(),
    }
}

/// Where a file of people is sent.
pub(super) const IMPORT: &str = "/api/fn/import_people";
/// The longest body there: the file as JSON, where a line's end and a quote take two bytes each.
const IMPORT_BODY_BYTES: usize = 2 * IMPORT_BYTES + 1024;

/// The request with the room that its body may take: more than others' has an import of those who may import.
fn admitted(mut request: Request) -> Request {
    let caller = request.extensions().get::<Caller>();
    let role = caller.and_then(|caller| Some(caller.viewer.as_ref()?.role));
    if request.uri().path() == IMPORT && role.is_some_and(may_manage_people) {
        DefaultBodyLimit::max(IMPORT_BODY_BYTES).apply(&mut request);
    }
    request
}

/// The request with its body read: Leptos would answer 500 to one that breaks off or is too long.
async fn read(request: Request, state: &AppState) -> Result<Request, WireError> {
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    match Bytes::from_request(whole, state).await {
        Ok(bytes) => Ok(Request::from_parts(parts, bytes.into())),
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(WireError::TooLarge),
        Err(_) => Err(WireError::Malformed),
    }
}

fn content_type(request: &Request) -> Option<&str> {
    request.headers().get(header::CONTENT_TYPE)?.to_str().ok()
}

/// `GET /icons.svg`: the sprite, under an address that changes with it.
pub(super) async fn icons() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml")], icon::SPRITE)
}
