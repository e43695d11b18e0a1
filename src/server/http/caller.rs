//! Who calls, worked out once a request and handed to everything behind.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{AppState, Refusal, address, cookies};
use crate::server::service::Viewer;

/// The address of the connection's other end; put into each request by the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// By the session cookie; none: nobody is signed in.
    pub viewer: Option<Viewer>,
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
    let viewer = match cookies::read(cookies::Kind::Session, request.headers(), settings) {
        None => None,
        Some(token) => match state.services.viewer(&token).await {
            Ok(viewer) => viewer,
            Err(error) => return Refusal(error).into_response(),
        },
    };
    let visitor = cookies::read(cookies::Kind::Visitor, request.headers(), settings)
        .filter(|word| !word.is_empty());
    request.extensions_mut().insert(Caller {
        viewer,
        visitor,
        address,
    });
    next.run(request).await
}
