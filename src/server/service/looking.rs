//! Who else is looking: those who answer and have the same conversation open are told of each other.
//!
//! A passing sign, of this node alone: colleagues who are connected to another node are not shown. It is not worth a
//! round through the database, for what two people write at once is in one order anyway.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::publisher::audience;
use crate::{
    model::{
        RoomId,
        permission::{Action, Actor, may},
    },
    protocol::Event,
    server::{
        hub::{Frame, Hub},
        store::{Result, Store, rooms, users},
    },
};

/// Who comes and goes within this time is told at once, together.
const TOLD_EVERY: Duration = Duration::from_millis(500);

/// Tells who looks where, until `stop`.
pub(super) struct Lookers {
    pub(super) hub: Arc<Hub>,
    pub(super) store: Store,
}

impl Lookers {
    pub(super) async fn run(self, stop: CancellationToken) {
        loop {
            let moved = tokio::select! {
                () = stop.cancelled() => return,
                moved = self.hub.looking.moved() => moved,
            };
            for room_id in moved {
                if let Err(error) = self.tell(room_id).await {
                    tracing::warn!(%error, %room_id, "who looks at a room could not be told");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(TOLD_EVERY) => {}
            }
        }
    }

    async fn tell(&self, room_id: RoomId) -> Result<()> {
        let mut reader = self.store.read().await?;
        let mut conn = reader.conn();
        let Some(room) = rooms::by_id(&mut conn, room_id).await? else {
            return Ok(());
        };
        // Whoever looks at it may, so all but its person answer there.
        let facts = room.facts(None, true);
        let answers = |actor: Actor| may(actor, Action::Triage, &facts).is_ok();
        let topics = audience(&room);
        let mut people = Vec::new();
        for id in self.hub.lookers(&topics, room_id, answers) {
            let user = users::by_id(&mut conn, id).await?;
            people.extend(user.map(|user| user.card()));
        }
        drop(reader);
        let frame = Frame::of(&Event::Looking { room_id, people });
        self.hub.signal(&topics, room_id, &frame, answers);
        Ok(())
    }
}
