//! Tickets: each opens one socket, once, within 30 seconds, so that no lasting secret stands in a URL.
//!
//! In this node's memory alone. With several nodes the balancer must bring a client's ticket and its socket to the same
//! one, as it does for an address or a cookie; a client that misses asks for another ticket.

use std::collections::HashMap;

use parking_lot::Mutex;
use secrecy::SecretString;

use super::{Services, Viewer};
use crate::{
    model::{SessionId, Timestamp, WireError},
    server::random,
};

/// How long a ticket is good for, in milliseconds.
pub const TICKET_MS: i64 = 30_000;

/// Tickets that may be out at once.
const TICKETS: usize = 10_000;

/// The tickets that are out. Behind a plain lock: its sections only touch the map and hold no `.await`.
#[derive(Default)]
pub(super) struct Tickets {
    out: Mutex<HashMap<String, (SessionId, Timestamp)>>,
}

impl Tickets {
    fn issue(&self, session_id: SessionId, now: Timestamp) -> Result<String, WireError> {
        let ticket = random::token();
        let mut out = self.out.lock();
        if out.len() >= TICKETS {
            out.retain(|_, (_, until)| *until > now);
        }
        if out.len() >= TICKETS {
            return Err(WireError::Unavailable);
        }
        out.insert(ticket.clone(), (session_id, now.plus_ms(TICKET_MS)));
        Ok(ticket)
    }

    fn take(&self, ticket: &str, now: Timestamp) -> Option<SessionId> {
        let (session_id, until) = self.out.lock().remove(ticket)?;
        (until > now).then_some(session_id)
    }
}

impl Services {
    /// A ticket for one socket of the viewer's session. Errors: `rate_limited`; `unavailable` while too many are out.
    pub fn ticket(&self, viewer: &Viewer) -> Result<SecretString, WireError> {
        self.limiter.ticket(viewer.session_id)?;
        let ticket = self.tickets.issue(viewer.session_id, self.clock.now())?;
        Ok(ticket.into())
    }

    /// Who the holder of that ticket is; it is spent by this. None: it is no ticket, or its session has ended.
    pub async fn viewer_by_ticket(&self, ticket: &str) -> Result<Option<Viewer>, WireError> {
        match self.tickets.take(ticket, self.clock.now()) {
            Some(session_id) => self.viewer_of(session_id).await,
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_754_303_400_000);

    #[test]
    fn a_ticket_is_good_once_and_for_thirty_seconds() {
        let tickets = Tickets::default();
        let ticket = tickets.issue(SessionId(7), NOW).unwrap();
        assert_eq!(tickets.take("another", NOW), None);
        assert_eq!(
            tickets.take(&ticket, NOW.plus_ms(29_999)),
            Some(SessionId(7))
        );
        assert_eq!(tickets.take(&ticket, NOW), None);
        let late = tickets.issue(SessionId(7), NOW).unwrap();
        assert_eq!(tickets.take(&late, NOW.plus_ms(30_000)), None);
    }

    #[test]
    fn so_many_tickets_are_out_at_once_and_no_more() {
        let tickets = Tickets::default();
        for _ in 0..TICKETS {
            tickets.issue(SessionId(1), NOW).unwrap();
        }
        assert_eq!(
            tickets.issue(SessionId(2), NOW),
            Err(WireError::Unavailable)
        );
        assert!(tickets.issue(SessionId(2), NOW.plus_ms(TICKET_MS)).is_ok());
    }
}
