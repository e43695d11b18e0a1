//! Presence, inside the transaction: what a node says of those whom it holds, and what people choose.

use super::{Outcome, WriteResult, apply::open_account};
use crate::{
    model::{PresenceStatus, Timestamp, UserId, WireError},
    server::store::{Conn, Result, presence},
};

/// What is to be noted.
#[derive(Clone, Debug)]
pub enum PresenceNote {
    /// What has become of those whom a node holds. Both lists ascend.
    Held {
        /// Who is there, and when they last did something.
        came: Vec<(UserId, Timestamp)>,
        /// Who is not any more, and since when.
        went: Vec<(UserId, Timestamp)>,
        /// Nodes that are gone.
        gone: Vec<String>,
    },
    /// As what somebody wants to be seen.
    Chosen(UserId, PresenceStatus),
    /// Whether others are told when somebody was last seen.
    LastSeenHidden(UserId, bool),
}

/// Errors: `unauthorized` for a choice of somebody who has no account any more.
pub(super) async fn note(
    conn: &mut Conn<'_>,
    node: &str,
    note: &PresenceNote,
    now: Timestamp,
) -> Result<WriteResult> {
    let mut has_changed = true;
    match note {
        PresenceNote::Held { came, went, gone } => {
            presence::hold(conn, node, came).await?;
            presence::let_go(conn, node, went).await?;
            for node in gone {
                presence::bury(conn, node).await?;
            }
            has_changed = !came.is_empty() || !went.is_empty();
        }
        PresenceNote::Chosen(user_id, _) | PresenceNote::LastSeenHidden(user_id, _)
            if open_account(conn, *user_id).await?.is_none() =>
        {
            return Ok(Err(WireError::Unauthorized));
        }
        PresenceNote::Chosen(user_id, chosen) => {
            presence::choose(conn, *user_id, *chosen, now).await?;
        }
        PresenceNote::LastSeenHidden(user_id, hides) => {
            presence::hide_last_seen(conn, *user_id, *hides).await?;
        }
    }
    let was_known = presence::beat(conn, node, now, has_changed).await?;
    Ok(Ok(Outcome::PresenceNoted { was_known }))
}
