//! The bodies of the server functions: who asks → use case → answer, with the error's status.

pub mod account;
pub mod canned;
pub mod messages;
pub mod presence;
pub mod rooms;
pub mod search;
pub mod support;

use http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::{
    http::{AppState, Caller, cookies},
    random,
    service::Viewer,
};
use crate::{
    api::{Boot, School, Session},
    model::{Desk, RoomId, Seq, WireError},
    sync::{Page, Snapshot},
};

fn state() -> Result<AppState, WireError> {
    use_context().ok_or(WireError::Internal)
}

fn caller() -> Result<Caller, WireError> {
    let parts: Parts = use_context().ok_or(WireError::Internal)?;
    parts
        .extensions
        .get::<Caller>()
        .cloned()
        .ok_or(WireError::Internal)
}

fn viewer() -> Result<Viewer, WireError> {
    caller()?.viewer.ok_or(WireError::Unauthorized)
}

/// Gives the answer the error's status: server functions would answer 500 otherwise.
fn told<T>(result: Result<T, WireError>) -> Result<T, WireError> {
    result.inspect_err(tell)
}

/// The same for an error that a server function did not come to: its call could not be read.
pub fn tell(error: &WireError) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(
            StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        );
        if let Some(seconds) = error.retry_after() {
            response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}

/// See [`crate::api::start`].
pub async fn start() -> Result<Boot, WireError> {
    told(async { boot(&state()?, caller()?).await }.await)
}

async fn boot(state: &AppState, mut caller: Caller) -> Result<Boot, WireError> {
    if caller.viewer.is_none() && caller.visitor.is_none() {
        caller.visitor = Some(new_visitor(state));
    }
    let services = &state.services;
    let session = match &caller.viewer {
        None => None,
        Some(viewer) => {
            let user = services.user(viewer).await?;
            Some(Session {
                desks: services.settings.desks.told_to(&user.username),
                school_zone: services.school_zone(),
                presence: services.own_presence(viewer).await?,
                lists: services.lists(viewer).await?,
                limits: services.settings.limits,
                user,
            })
        }
    };
    let school = School {
        name: services.settings.school.name.clone(),
        is_registration_open: services.settings.registration.is_open(),
    };
    Ok(Boot {
        school,
        csrf: state.csrf.token(&caller),
        session,
    })
}

/// Gives the visitor a word that the token of their sign-in form is bound to.
fn new_visitor(state: &AppState) -> String {
    let word = random::token();
    let line = cookies::set(
        cookies::Kind::Visitor,
        Some(&word),
        &state.services.settings,
    );
    if let (Some(response), Some(line)) = (use_context::<ResponseOptions>(), line) {
        response.append_header(header::SET_COOKIE, line);
    }
    word
}

/// See [`crate::api::open_support_room`].
pub async fn open_support_room(desk: Option<Desk>) -> Result<Snapshot, WireError> {
    told(
        async {
            let (services, viewer) = (state()?.services, viewer()?);
            let desk = match desk {
                Some(desk) => services.desk("desk", &desk.0)?,
                None => Desk::default_desk(),
            };
            let room_id = services.open_support_room_at(viewer.actor(), desk).await?;
            services.snapshot(&viewer, room_id).await
        }
        .await,
    )
}

/// See [`crate::api::room_snapshot`].
pub async fn room_snapshot(room_id: RoomId) -> Result<Snapshot, WireError> {
    told(async { state()?.services.snapshot(&viewer()?, room_id).await }.await)
}

/// See [`crate::api::older_messages`].
pub async fn older_messages(room_id: RoomId, before: Seq) -> Result<Page, WireError> {
    told(async { state()?.services.older(&viewer()?, room_id, before).await }.await)
}
