//! Making an account for oneself: a plain form post, like signing in.
//!
//! What was not right goes back to the page in a cookie of two minutes, with what was typed and never the password: an
//! address with it would stay in the browser's history.

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, header};
use secrecy::SecretString;
use serde::Deserialize;

use super::{AppState, Caller, Refusal, auth, caller::user_agent, cookies, origin};
use crate::{
    api::account::RegisterForm,
    model::{
        SessionKind, WireError,
        account::{EMAIL_CHARS, NAME_CHARS, Refused, USERNAME_CHARS},
    },
    server::service::Registration,
};

/// The form of the register page.
#[derive(Deserialize)]
pub(super) struct Register {
    username: String,
    name: String,
    #[serde(default)]
    email: String,
    password: SecretString,
    #[serde(default)]
    csrf: String,
}

/// `POST /register`: 303 to the start page, or back to the form with what went wrong.
pub(super) async fn register(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    form: Result<Form<Register>, FormRejection>,
) -> Response {
    if !state.services.settings.registration.is_open() {
        return Refusal(WireError::NotFound).into_response();
    }
    let Ok(Form(form)) = form else {
        return back(&state, RegisterForm::default(), WireError::Malformed.into());
    };
    let typed = RegisterForm {
        username: cut(&form.username, USERNAME_CHARS),
        name: cut(&form.name, NAME_CHARS),
        email: cut(&form.email, EMAIL_CHARS),
        ..RegisterForm::default()
    };
    if !origin::is_allowed(&headers, &state.services.settings)
        || !state.csrf.is_valid(&caller, &form.csrf)
    {
        return back(&state, typed, WireError::CrossSite.into());
    }
    let new = Registration {
        username: form.username.clone(),
        name: form.name,
        email: form.email,
        password: form.password,
    };
    let agent = user_agent(&headers);
    let kind = SessionKind::Browser;
    match state
        .services
        .register(new, caller.address, kind, agent)
        .await
    {
        Ok(signed_in) => {
            auth::enter(
                &state,
                &caller,
                &headers,
                &form.username,
                &signed_in,
                Redirect::to("/"),
            )
            .await
        }
        Err(refused) => back(&state, typed, refused),
    }
}

/// One character more than fits, so that what is too long is still so when it comes again.
pub(super) fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars + 1).collect()
}

fn back(state: &AppState, typed: RegisterForm, refused: Refused) -> Response {
    let form = match refused {
        Refused::Fields(problems) => RegisterForm { problems, ..typed },
        Refused::Error(error) => RegisterForm {
            error: Some(error),
            ..typed
        },
    };
    let mut response = Redirect::to("/register").into_response();
    keep(&mut response, state, &form);
    response
}

/// Gives the browser what was typed, for the page that shows it again.
pub(super) fn keep(response: &mut Response, state: &AppState, form: &RegisterForm) {
    let value = serde_json::to_vec(form).map(|json| URL_SAFE_NO_PAD.encode(json));
    let settings = &state.services.settings;
    if let Ok(value) = value
        && let Some(line) = cookies::set(cookies::Kind::Form, Some(&value), settings)
    {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

/// What a form's cookie holds; nothing where it is not ours.
pub fn typed(cookie: &str) -> Option<RegisterForm> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cookie).ok()?).ok()
}
