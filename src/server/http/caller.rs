//! Who calls, by access token or cookie, worked out once a request and handed to everything behind.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use http::{HeaderMap, header};

use super::{AppState, Refusal, address, cookies, jwt::TokenType};
use crate::{model::WireError, server::service::Viewer};

/// The address of the connection's other end; put into each request by the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// By what a caller shows who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// By the session's cookie, which browsers add by themselves: writes need the CSRF token too.
    Cookie,
    /// By an access token in the `Authorization` header, which no other site can make a browser send.
    Bearer,
}

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who is signed in; none: nobody.
    pub viewer: Option<Viewer>,
    /// What was looked at to find out. A Bearer token stands before the cookie, also where it does not hold.
    pub credential: Credential,
    /// The visitor's cookie.
    pub visitor: Option<String>,
    /// From where.
    pub address: IpAddr,
}

/// Works out the caller and puts it into the request.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let settings = &state.services.settings;
    let peer = request
        .extensions()
        .get::<Peer>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let address = address::client(peer, request.headers(), &settings.trusted_proxies);
    let (credential, viewer) = match bearer(request.headers()) {
        Some(token) => (Credential::Bearer, by_access_token(&state, token).await),
        None => (
            Credential::Cookie,
            by_cookie(&state, request.headers()).await,
        ),
    };
    let viewer = match viewer {
        Ok(viewer) => viewer,
        Err(error) => return Refusal(error).into_response(),
    };
    let visitor = cookies::read(cookies::Kind::Visitor, request.headers(), settings)
        .filter(|word| !word.is_empty());
    request.extensions_mut().insert(Caller {
        viewer,
        credential,
        visitor,
        address,
    });
    next.run(request).await
}

/// The token of an `Authorization: Bearer` header; other schemes are a proxy's business.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let line = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = line.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

async fn by_cookie(state: &AppState, headers: &HeaderMap) -> Result<Option<Viewer>, WireError> {
    match cookies::read(cookies::Kind::Session, headers, &state.services.settings) {
        Some(token) => state.services.viewer(&token).await,
        None => Ok(None),
    }
}

/// Who the holder of that access token is; none: it does not hold, or its session has ended.
pub async fn by_access_token(state: &AppState, token: &str) -> Result<Option<Viewer>, WireError> {
    let now = state.services.clock.now();
    let Some(token) = state.jwt.read(token, TokenType::Access, now) else {
        return Ok(None);
    };
    let viewer = state.services.viewer_of(token.session_id).await?;
    Ok(viewer.filter(|viewer| viewer.user_id == token.user_id))
}

/// What the caller's program calls itself.
pub(super) fn user_agent(headers: &HeaderMap) -> &str {
    let line = headers.get(header::USER_AGENT);
    line.and_then(|line| line.to_str().ok()).unwrap_or_default()
}
