//! The bodies of the server functions about one's own account.

use http::{header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::{state, told, viewer};
use crate::{
    api::account::RegisterForm,
    model::{
        OwnSession, SessionId, WireError,
        account::{Problems, Refused},
    },
    server::http::{cookies, register},
};

/// See [`crate::api::account::sessions`].
pub async fn sessions() -> Result<Vec<OwnSession>, WireError> {
    let asked = async { state()?.services.sessions(&viewer()?).await }.await;
    match asked {
        // A page that is being rendered leads to the sign-in page by itself.
        Err(WireError::Unauthorized) if !is_call() => Err(WireError::Unauthorized),
        asked => told(asked),
    }
}

/// Whether this is a call of the function itself, not a page that is being rendered.
pub(super) fn is_call() -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/api/fn/"))
}

/// See [`crate::api::account::end_session`].
pub async fn end_session(id: SessionId) -> Result<(), WireError> {
    told(async { state()?.services.end_session(&viewer()?, id).await }.await)
}

/// See [`crate::api::account::end_other_sessions`].
pub async fn end_other_sessions() -> Result<(), WireError> {
    told(async { state()?.services.end_other_sessions(&viewer()?).await }.await)
}

/// See [`crate::api::account::change_password`].
pub async fn change_password(old: String, new: String) -> Result<Problems, WireError> {
    let changed = async {
        let (services, viewer) = (state()?.services, viewer()?);
        services
            .change_password(&viewer, old.into(), new.into())
            .await
    };
    told(match changed.await {
        Ok(()) => Ok(Problems::new()),
        Err(Refused::Fields(problems)) => Ok(problems),
        Err(Refused::Error(error)) => Err(error),
    })
}

/// See [`crate::api::account::open_register_form`].
pub async fn open_register_form() -> Result<RegisterForm, WireError> {
    let form = async {
        if !state()?.services.settings.registration.is_open() {
            return Err(WireError::NotFound);
        }
        form_as_sent()
    };
    told(form.await)
}

/// See [`crate::api::account::open_sign_in_form`].
pub async fn open_sign_in_form() -> Result<String, WireError> {
    told(form_as_sent().map(|form| form.username))
}

pub(super) fn form_as_sent() -> Result<RegisterForm, WireError> {
    let settings = state()?.services.settings.clone();
    let parts: Parts = use_context().ok_or(WireError::Internal)?;
    let Some(cookie) = cookies::read(cookies::Kind::Form, &parts.headers, &settings) else {
        return Ok(RegisterForm::default());
    };
    // It is shown once.
    let line = cookies::set(cookies::Kind::Form, None, &settings);
    if let (Some(response), Some(line)) = (use_context::<ResponseOptions>(), line) {
        response.append_header(header::SET_COOKIE, line);
    }
    Ok(register::typed(&cookie).unwrap_or_default())
}
