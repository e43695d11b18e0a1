//! The server's HTTP side: one file lists the routes, the others are what they need.
//!
//! `rest/`: the REST API. `auth`, `password`, `register`: plain forms. `jwt/`: tokens. `site`: what Leptos serves.
//!
//! Owns: routes, extractors, cookies, CSRF, headers, the accept loop. Must not know: SQL. To add an address: a line in
//! [`routes`] and a handler that calls a use case.

pub mod accept;
mod address;
mod auth;
mod budget;
pub mod caller;
pub mod cookies;
mod cors;
pub mod csrf;
pub mod devices;
mod guests;
mod headers;
pub mod jwt;
mod linger;
mod logo;
pub mod origin;
mod password;
mod refusal;
pub mod register;
mod rest;
pub mod routes;
mod site;

pub use caller::Caller;
pub use refusal::Refusal;
pub use site::FUNCTIONS;

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use self::{csrf::Csrf, devices::Devices, jwt::Jwt};
use super::service::Services;

/// What handlers are given.
#[derive(Clone)]
pub struct AppState {
    /// The use cases.
    pub services: Services,
    /// Makes and checks CSRF tokens.
    pub csrf: Arc<Csrf>,
    /// Makes and reads the tokens of programs.
    pub jwt: Arc<Jwt>,
    /// Makes and checks the cookies of known devices.
    pub devices: Arc<Devices>,
    /// What Leptos needs to know of the built client.
    pub leptos: LeptosOptions,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
