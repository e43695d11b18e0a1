//! The watch of other nodes: what they have committed reaches those who are connected here.
//!
//! Nothing but the database is needed for that. It is asked for the control log twice a second, so that an ended session
//! closes its sockets within one, and once a second for the counters of what anybody here hears of. On one node it finds
//! nothing that was not published already, but for what the command line has changed.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use super::publisher::Behind;
use crate::{
    model::{RoomCounters, UserId, UserRev},
    server::{
        hub::{Hub, Topic},
        store::{
            Result, Store,
            control::{self, ControlKind, ControlRow},
            rooms, users,
        },
    },
};

/// Between two looks at the control log.
const CONTROL_EVERY: Duration = Duration::from_millis(500);
/// Looks at the control log for one at the counters.
const LOOKS_PER_COUNT: u32 = 2;
/// Changes read in one look; more come with the next one.
const CONTROL_AT_ONCE: i64 = 1000;

/// Watches until `stop`.
pub(super) struct OtherNodes {
    pub(super) hub: Arc<Hub>,
    pub(super) store: Store,
    /// The publisher, which alone publishes.
    pub(super) behind: mpsc::Sender<Behind>,
    /// The last change of the control log that was acted on.
    pub(super) control_seq: i64,
}

impl OtherNodes {
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut ticks = interval(CONTROL_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks: u32 = 0;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            looks = looks.wrapping_add(1);
            if let Err(error) = self.look(looks.is_multiple_of(LOOKS_PER_COUNT)).await {
                tracing::warn!(%error, "other nodes cannot be watched just now");
            }
        }
    }

    async fn look(&mut self, is_count: bool) -> Result<()> {
        self.control().await?;
        if is_count {
            self.rooms().await?;
            self.lists().await?;
        }
        Ok(())
    }

    async fn control(&mut self) -> Result<()> {
        let mut reader = self.store.read().await?;
        let rows = control::after(&mut reader.conn(), self.control_seq, CONTROL_AT_ONCE).await?;
        drop(reader);
        for row in rows {
            self.act(&row);
            self.control_seq = row.seq;
        }
        Ok(())
    }

    fn act(&self, row: &ControlRow) {
        match (row.kind, row.session_id, row.user_id) {
            (ControlKind::SessionEnded, Some(session_id), _) => self.hub.close_session(session_id),
            (ControlKind::AccountClosed, _, Some(user_id)) => self.hub.close_user(user_id),
            (kind, ..) => {
                tracing::error!(?kind, seq = row.seq, "a control row says not whose it is")
            }
        }
    }

    async fn rooms(&self) -> Result<()> {
        let (mut ids, mut desks) = (Vec::new(), Vec::new());
        for topic in self.hub.topics() {
            match topic {
                Topic::Room(room_id) => ids.push(room_id),
                Topic::Desk(desk) => desks.push(desk),
                Topic::User(_) | Topic::Presence(_) => {}
            }
        }
        let mut reader = self.store.read().await?;
        let mut counters = rooms::counters(&mut reader.conn(), &ids).await?;
        for desk in desks {
            counters.extend(rooms::counters_of_desk(&mut reader.conn(), &desk).await?);
        }
        drop(reader);
        for at in counters {
            if self.is_behind(at) {
                self.tell(Behind::Room(at.room_id)).await;
            }
        }
        Ok(())
    }

    fn is_behind(&self, at: RoomCounters) -> bool {
        let known = self.hub.progress.of_room(at.room_id);
        at.seq > known.seq || at.marks_rev > known.marks_rev
    }

    async fn lists(&self) -> Result<()> {
        let here: Vec<UserId> = self
            .hub
            .topics()
            .into_iter()
            .filter_map(|topic| match topic {
                Topic::User(user_id) => Some(user_id),
                _ => None,
            })
            .collect();
        let mut reader = self.store.read().await?;
        let revs: Vec<(UserId, UserRev)> = users::revs(&mut reader.conn(), &here).await?;
        drop(reader);
        for (user_id, rev) in revs {
            let known = self.hub.progress.of_list(user_id);
            if known.is_some_and(|known| rev > known) {
                self.tell(Behind::List(user_id, rev)).await;
            }
        }
        Ok(())
    }

    async fn tell(&self, behind: Behind) {
        if self.behind.send(behind).await.is_err() {
            tracing::debug!(?behind, "the publisher has ended");
        }
    }
}
