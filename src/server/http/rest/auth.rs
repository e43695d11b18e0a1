//! Signing in without a browser: pairs of tokens, tickets for sockets, and who one is.

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{super::devices, Body};
use crate::{
    model::{SessionKind, WireError, account::Me},
    server::{
        http::{
            AppState, Caller, Refusal,
            caller::user_agent,
            jwt::{Pair, TokenType},
        },
        service::{Name, Registration, SignIn, SignedIn, Viewer},
    },
};

/// Name and password.
#[derive(Deserialize)]
pub(in crate::server::http) struct Credentials {
    username: String,
    password: SecretString,
}

/// E-mail address (or name) and password, as S1's clients send them.
#[derive(Deserialize)]
pub(in crate::server::http) struct EmailCredentials {
    email: String,
    password: SecretString,
}

/// A refresh token.
#[derive(Deserialize)]
pub(in crate::server::http) struct Refresh {
    refresh: SecretString,
}

/// A new account.
#[derive(Deserialize)]
pub(in crate::server::http) struct NewAccount {
    username: String,
    name: String,
    email: Option<String>,
    password: SecretString,
}

/// `POST /api/auth/token/`: a pair of tokens for name and password.
pub(in crate::server::http) async fn token(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Body(body): Body<Credentials>,
) -> Result<Json<Pair>, Refusal> {
    let name = Name::Username(&body.username);
    let session = sign_in(&state, &caller, &headers, name, body.password).await?;
    Ok(Json(pair(&state, &session)?))
}

/// `POST /api/auth/login/`: the same by e-mail address, with the user (S1).
pub(in crate::server::http) async fn login(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Body(body): Body<EmailCredentials>,
) -> Result<Json<Value>, Refusal> {
    let name = Name::Email(&body.email);
    let session = sign_in(&state, &caller, &headers, name, body.password).await?;
    let user = state.services.me(session.user_id).await?;
    let tokens = pair(&state, &session)?;
    Ok(Json(
        json!({ "message": "Signed in.", "user": user, "tokens": tokens }),
    ))
}

/// `POST /api/auth/register/`: an account for whoever asks, where the school has it open.
pub(in crate::server::http) async fn register(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Body(body): Body<NewAccount>,
) -> Result<Response, Refusal> {
    let new = Registration {
        username: body.username,
        name: body.name,
        email: body.email.unwrap_or_default(),
        password: body.password,
    };
    let agent = user_agent(&headers);
    let session = state
        .services
        .register(new, caller.address, SessionKind::Token, agent)
        .await
        .map_err(WireError::from)?;
    let user = state.services.me(session.user_id).await?;
    let tokens = pair(&state, &session)?;
    Ok((
        StatusCode::CREATED,
        Json(json!({ "user": user, "tokens": tokens })),
    )
        .into_response())
}

/// `POST /api/auth/token/refresh/`: the next pair. The same refresh token again ends the session.
pub(in crate::server::http) async fn refresh(
    State(state): State<AppState>,
    Body(body): Body<Refresh>,
) -> Result<Json<Pair>, Refusal> {
    let now = state.services.clock.now();
    let token = state
        .jwt
        .read(body.refresh.expose_secret(), TokenType::Refresh, now)
        .ok_or(WireError::Unauthorized)?;
    let session = state
        .services
        .refresh(token.session_id, token.user_id, token.id.expose_secret())
        .await?;
    Ok(Json(pair(&state, &session)?))
}

/// `POST /api/auth/ticket/`: opens one socket, once, within 30 seconds.
pub(in crate::server::http) async fn ticket(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
) -> Result<Json<Value>, Refusal> {
    let ticket = state.services.ticket(&viewer)?;
    Ok(Json(json!({ "ticket": ticket.expose_secret() })))
}

/// `GET /api/auth/me/`: the caller.
pub(in crate::server::http) async fn me(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
) -> Result<Json<Me>, Refusal> {
    Ok(Json(state.services.me(viewer.user_id).await?))
}

async fn sign_in(
    state: &AppState,
    caller: &Caller,
    headers: &HeaderMap,
    name: Name<'_>,
    password: SecretString,
) -> Result<SignedIn, WireError> {
    let cookie = devices::cookie(headers, &state.services.settings);
    let sign_in = SignIn {
        name,
        password,
        address: caller.address,
        device: state.devices.known(cookie.as_deref(), name.as_str()),
        user_agent: user_agent(headers),
        kind: SessionKind::Token,
    };
    state.services.sign_in(sign_in).await
}

fn pair(state: &AppState, session: &SignedIn) -> Result<Pair, WireError> {
    state.jwt.pair(session, state.services.clock.now())
}
