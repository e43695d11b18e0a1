//! Quad's cookies: who is signed in, and who is about to.

use cookie::{Cookie, SameSite, time::Duration};
use http::{HeaderMap, HeaderValue, header};

use crate::server::{service::SESSION_MS, settings::Settings};

/// A cookie of Quad's.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// The session's token.
    Session,
    /// Which names have signed in at this device.
    Device,
    /// What stood in a form that was not right, for the page that shows it again.
    Form,
    /// A random word for a visitor who is not signed in: what their forms' tokens are bound to.
    Visitor,
}

fn is_https(settings: &Settings) -> bool {
    settings
        .public_url
        .as_ref()
        .is_some_and(|public| public.is_https)
}

/// The cookie's name: under TLS it is bound to this host by its prefix.
fn name(kind: Kind, settings: &Settings) -> &'static str {
    match (kind, is_https(settings)) {
        (Kind::Session, true) => "__Host-quad_session",
        (Kind::Session, false) => "quad_session",
        (Kind::Device, true) => "__Host-quad_device",
        (Kind::Device, false) => "quad_device",
        (Kind::Form, true) => "__Host-quad_form",
        (Kind::Form, false) => "quad_form",
        (Kind::Visitor, true) => "__Host-quad_visitor",
        (Kind::Visitor, false) => "quad_visitor",
    }
}

/// The cookie's value in a request.
pub fn read(kind: Kind, headers: &HeaderMap, settings: &Settings) -> Option<String> {
    named(name(kind, settings), headers)
}

/// The value of a cookie of that name in a request.
pub fn named(name: &str, headers: &HeaderMap) -> Option<String> {
    let lines = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    let mut cookies = lines
        .flat_map(|line| Cookie::split_parse(line.to_owned()))
        .flatten();
    cookies
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// A `Set-Cookie` line that gives it this value, or takes it away.
pub fn set(kind: Kind, value: Option<&str>, settings: &Settings) -> Option<HeaderValue> {
    let mut cookie = Cookie::new(name(kind, settings), value.unwrap_or_default().to_owned());
    cookie.set_http_only(true);
    cookie.set_secure(is_https(settings));
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    match (kind, value) {
        (_, None) => cookie.set_max_age(Duration::ZERO),
        (Kind::Session, Some(_)) => cookie.set_max_age(Duration::milliseconds(SESSION_MS)),
        (Kind::Device, Some(_)) => cookie.set_max_age(Duration::days(365)),
        (Kind::Form, Some(_)) => cookie.set_max_age(Duration::minutes(2)),
        (Kind::Visitor, Some(_)) => {}
    }
    HeaderValue::from_str(&cookie.to_string()).ok()
}
