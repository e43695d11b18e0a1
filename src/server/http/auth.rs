//! Signing in and out: plain form posts, so that they work before the client arrives and without script.

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, header};
use secrecy::SecretString;
use serde::Deserialize;

use super::{AppState, Caller, cookies, origin};
use crate::model::WireError;

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
    match state
        .services
        .sign_in(&form.username, form.password, caller.address)
        .await
    {
        Err(error) => back(&error, next),
        Ok(signed_in) => {
            use secrecy::ExposeSecret;
            let token = signed_in.token.expose_secret();
            with_cookies(
                Redirect::to(if next.is_empty() { "/" } else { next }),
                &state,
                Some(token),
            )
        }
    }
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
