//! Signing in and out: plain form posts, so that they work before the client arrives and without script.

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{
    AppState, Caller,
    caller::{Credential, user_agent},
    cookies, devices, origin, register,
};
use crate::{
    api::account::RegisterForm,
    model::{SessionKind, WireError, account::USERNAME_CHARS},
    server::service::{Name, SignIn as Attempt, SignedIn},
};

/// The form of the sign-in page.
#[derive(Deserialize)]
pub(super) struct SignIn {
    username: String,
    password: SecretString,
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    next: String,
}

/// The sign-out button.
#[derive(Deserialize)]
pub(super) struct SignOut {
    #[serde(default)]
    csrf: String,
}

/// `POST /sign-in`: 303 to where one wanted to go, or back to the form with what went wrong.
pub(super) async fn sign_in(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    form: Result<Form<SignIn>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return back(&WireError::Malformed, "");
    };
    let next = local_path(&form.next);
    if !origin::is_allowed(&headers, &state.services.settings)
        || !state.csrf.is_valid(&caller, &form.csrf)
    {
        return back(&WireError::CrossSite, next);
    }
    let cookie = devices::cookie(&headers, &state.services.settings);
    let attempt = Attempt {
        name: Name::Username(&form.username),
        password: form.password,
        address: caller.address,
        device: state.devices.known(cookie.as_deref(), &form.username),
        user_agent: user_agent(&headers),
        kind: SessionKind::Browser,
    };
    match state.services.sign_in(attempt).await {
        Err(error) => {
            let mut response = back(&error, next);
            keep_name(&mut response, &state, &form.username);
            response
        }
        Ok(signed_in) => {
            let to = Redirect::to(if next.is_empty() { "/" } else { next });
            enter(&state, &caller, &headers, &form.username, &signed_in, to).await
        }
    }
}

/// Gives the browser its session, in place of one that it had, and lets it remember who signed in here.
pub(super) async fn enter(
    state: &AppState,
    caller: &Caller,
    headers: &HeaderMap,
    name: &str,
    signed_in: &SignedIn,
    to: Redirect,
) -> Response {
    if let Some(former) = &caller.viewer
        && caller.credential == Credential::Cookie
        && let Err(error) = state.services.sign_out(former.session_id).await
    {
        tracing::warn!(%error, "the session that a new one replaces was not ended");
    }
    let mut response = with_cookies(to, state, Some(signed_in.token.expose_secret()));
    let settings = &state.services.settings;
    let device = devices::cookie(headers, settings);
    let device = state.devices.remember(device.as_deref(), name);
    if let Some(line) = cookies::set(cookies::Kind::Device, Some(&device), settings) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}

/// `POST /sign-out`: ends the session and its sockets.
pub(super) async fn sign_out(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    form: Result<Form<SignOut>, FormRejection>,
) -> Response {
    let token = form.map(|Form(form)| form.csrf).unwrap_or_default();
    if !origin::is_allowed(&headers, &state.services.settings)
        || !state.csrf.is_valid(&caller, &token)
    {
        return super::Refusal(WireError::CrossSite).into_response();
    }
    if let Some(viewer) = caller.viewer
        && let Err(error) = state.services.sign_out(viewer.session_id).await
    {
        return super::Refusal(error).into_response();
    }
    with_cookies(Redirect::to("/sign-in"), &state, None)
}

/// The session cookie set or taken away; the visitor's always taken away, since its tokens are spent.
fn with_cookies(redirect: Redirect, state: &AppState, session: Option<&str>) -> Response {
    let settings = &state.services.settings;
    let mut response = redirect.into_response();
    let lines = [
        cookies::set(cookies::Kind::Session, session, settings),
        cookies::set(cookies::Kind::Visitor, None, settings),
    ];
    for line in lines.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}

/// Lets the form say the name again that was typed into it; never the password. Not where the form was not ours: others
/// could write there in the reader's name.
fn keep_name(response: &mut Response, state: &AppState, typed: &str) {
    let form = RegisterForm {
        username: register::cut(typed, USERNAME_CHARS),
        ..RegisterForm::default()
    };
    register::keep(response, state, &form);
}

fn back(error: &WireError, next: &str) -> Response {
    let mut query = format!("error={}", error.code());
    if let Some(seconds) = error.retry_after() {
        query.push_str(&format!("&retry_after={seconds}"));
    }
    if !next.is_empty() {
        query.push_str("&next=");
        query.extend(percent(next));
    }
    Redirect::to(&format!("/sign-in?{query}")).into_response()
}

fn percent(text: &str) -> impl Iterator<Item = String> + '_ {
    text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    })
}

/// A path of this site, or nothing: a redirect never leads elsewhere.
fn local_path(next: &str) -> &str {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\0']);
    if is_local && next.is_ascii() {
        next
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_never_leads_to_another_site() {
        assert_eq!(local_path("/admin/chat/3?x=y"), "/admin/chat/3?x=y");
        for elsewhere in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "evil",
            "/a\r\nSet-Cookie: b",
        ] {
            assert_eq!(local_path(elsewhere), "");
        }
    }
}
