//! Server functions: what the pages ask of the server, beside the socket.
//!
//! A dozen lines each: who asks → service → answer. Reads and management come this way; sends, marks and signs go over
//! the socket. Bodies are JSON, and every call carries the CSRF header ([`client::ApiClient`]). Errors are
//! [`WireError`]s with their own status.
//!
//! Must not know: SQL, the hub.

pub mod account;
pub mod canned;
pub mod client;
pub mod error;
pub mod messages;
pub mod presence;
pub mod rooms;
pub mod search;
pub mod support;

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use self::client::ApiClient;
use crate::{
    model::{Desk, Desks, Limits, OwnPresence, RoomId, Seq, User, WireError, Zone, permission},
    sync::{Lists, Page, Snapshot},
};

/// What every page starts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boot {
    /// The school, as everybody may know it.
    pub school: School,
    /// Goes into forms as the hidden field `csrf`, and into the CSRF header of server functions.
    pub csrf: String,
    /// Who is signed in; absent: nobody.
    pub session: Option<Session>,
}

/// The school, as everybody may know it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct School {
    /// Its name.
    pub name: String,
    /// Whether people may make accounts for themselves.
    pub is_registration_open: bool,
}

/// Who is signed in, and their list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The user.
    pub user: User,
    /// As what the user wants to be seen.
    pub presence: OwnPresence,
    /// The user's rooms with the user's marks.
    pub lists: Lists,
    /// What the server enforces.
    pub limits: Limits,
    /// The school's desks. Of those who answer by name, only the user is among them.
    pub desks: Desks,
    /// The school's time zone, on whose clock desks have their hours.
    pub school_zone: Zone,
}

impl Session {
    /// The desks that the user answers.
    pub fn answered(&self) -> Vec<Desk> {
        permission::desks_of(&self.desks, self.user.named())
    }

    /// The desks with which the user has a conversation.
    pub fn asked(&self) -> Vec<Desk> {
        permission::own_desks(&self.desks, self.user.named())
    }
}

/// The page's start: the school, the CSRF token, and who is signed in with their list.
#[server(prefix = "/api/fn", endpoint = "start", input = Json, client = ApiClient)]
pub async fn start() -> Result<Boot, WireError> {
    crate::server::pages::start().await
}

/// The caller's own support conversation with a desk, made on first use.
///
/// Errors: `unauthorized`; `forbidden` for those who answer there and have none; `invalid` on `desk`.
#[server(prefix = "/api/fn", endpoint = "open_support_room", input = Json, client = ApiClient)]
pub async fn open_support_room(
    /// Which; none: the default one.
    desk: Option<Desk>,
) -> Result<Snapshot, WireError> {
    crate::server::pages::open_support_room(desk).await
}

/// A room as the caller has it, with its newest messages.
///
/// Errors: `unauthorized`; `not_found` for a room that is not there or not theirs.
#[server(prefix = "/api/fn", endpoint = "room_snapshot", input = Json, client = ApiClient)]
pub async fn room_snapshot(
    /// The room.
    room_id: RoomId,
) -> Result<Snapshot, WireError> {
    crate::server::pages::room_snapshot(room_id).await
}

/// The messages of a room before `before`, newest page of them, oldest first within it.
///
/// Errors: as for [`room_snapshot`].
#[server(prefix = "/api/fn", endpoint = "older_messages", input = Json, client = ApiClient)]
pub async fn older_messages(
    /// The room.
    room_id: RoomId,
    /// Where the page ends.
    before: Seq,
) -> Result<Page, WireError> {
    crate::server::pages::older_messages(room_id, before).await
}
