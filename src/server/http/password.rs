//! Choosing a password by a link: a plain form post, like signing in, so that it works without script.

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect, Response},
};
use http::HeaderMap;
use secrecy::SecretString;
use serde::Deserialize;

use super::{AppState, Caller, origin, register};
use crate::{
    api::account::RegisterForm,
    model::{WireError, account::Refused, keeping::PASSWORD_PATH},
};

/// Where somebody signs in who has just chosen a password.
const DONE: &str = "/sign-in?done=password";

/// The form of the page behind a link.
#[derive(Deserialize)]
pub(super) struct Choice {
    token: String,
    password: SecretString,
    #[serde(default)]
    csrf: String,
}

/// `POST /password`: 303 to the sign-in page, or back to the form with what went wrong.
pub(super) async fn choose(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    form: Result<Form<Choice>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return super::Refusal(WireError::Malformed).into_response();
    };
    if !origin::is_allowed(&headers, &state.services.settings)
        || !state.csrf.is_valid(&caller, &form.csrf)
    {
        return back(&state, &form.token, WireError::CrossSite.into());
    }
    match state
        .services
        .choose_password(&form.token, form.password)
        .await
    {
        Err(refused) => back(&state, &form.token, refused),
        Ok(username) => {
            let mut response = Redirect::to(DONE).into_response();
            let typed = RegisterForm {
                username,
                ..RegisterForm::default()
            };
            register::keep(&mut response, &state, &typed);
            response
        }
    }
}

fn back(state: &AppState, token: &str, refused: Refused) -> Response {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    // What is no token leads to the page that says so, and nowhere else.
    let token: String = token.chars().filter(|c| is_word(*c)).take(64).collect();
    let mut response = Redirect::to(&format!("{PASSWORD_PATH}{token}")).into_response();
    let form = match refused {
        // The page says so by itself, and its answer is the same for every link that does not hold.
        Refused::Error(WireError::NotFound) => return response,
        Refused::Error(error) => RegisterForm {
            error: Some(error),
            ..RegisterForm::default()
        },
        Refused::Fields(problems) => RegisterForm {
            problems,
            ..RegisterForm::default()
        },
    };
    register::keep(&mut response, state, &form);
    response
}
