//! Reading from the database what another node has written, so that it reaches those who are connected here, in order.

use super::{
    RESUME_CHANGES,
    publisher::{Publisher, audience, support_change},
};
use crate::{
    model::{RoomCounters, RoomId, Seq, UserId},
    protocol::Event,
    server::{
        hub::Publication,
        store::{
            Result, marks,
            messages::{self, Change},
            rooms::{self, RoomRow},
            support::{self, SupportRow},
        },
    },
};

/// What a room has had since it was last published here.
struct Missed {
    room: RoomRow,
    at: RoomCounters,
    since: Seq,
    changes: Vec<Change>,
    support: Option<SupportRow>,
    receipts: Vec<(UserId, Seq)>,
}

impl Publisher {
    /// Publishes what a room has had since. Where the database does not answer it stays as it is: the watch of other
    /// nodes comes back to it.
    pub(super) async fn catch_up(&self, room_id: RoomId) {
        match self.missed(room_id).await {
            Ok(Some(missed)) => self.publish_missed(&missed),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, %room_id, "a room could not be caught up with"),
        }
    }

    async fn missed(&self, room_id: RoomId) -> Result<Option<Missed>> {
        let mut tx = self.store.snapshot().await?;
        let mut conn = tx.conn();
        let Some(room) = rooms::by_id(&mut conn, room_id).await? else {
            return Ok(None);
        };
        let Some(at) = rooms::counters(&mut conn, &[room_id]).await?.pop() else {
            return Ok(None);
        };
        let known = self.hub.progress.of_room(room_id);
        let limit = i64::try_from(RESUME_CHANGES + 1).unwrap_or(i64::MAX);
        Ok(Some(Missed {
            changes: messages::changed_after(&mut conn, room_id, known.seq, limit).await?,
            support: support::by_room(&mut conn, room_id)
                .await?
                .filter(|support| support.rev > known.seq),
            receipts: marks::receipts_after(&mut conn, room_id, known.marks_rev).await?,
            since: known.seq,
            room,
            at,
        }))
    }

    fn publish_missed(&self, missed: &Missed) {
        let room_id = missed.room.id;
        let topics = audience(&missed.room);
        if missed.changes.len() > RESUME_CHANGES {
            let reset = Event::Reset { room_id };
            self.hub.publish(&topics, &(&reset).into());
        } else {
            for change in publications(missed) {
                self.hub.publish(&topics, &change);
            }
        }
        for (user_id, read_seq) in &missed.receipts {
            let receipt = Event::MessagesRead {
                room_id,
                user_id: *user_id,
                read_seq: *read_seq,
            };
            self.hub.publish(&topics, &(&receipt).into());
        }
        self.hub.progress.room_is_at(missed.at);
    }
}

/// The changes in order. A place whose change was overtaken by a later one of the same message is skipped, so that
/// everybody can still tell that nothing is missing.
fn publications(missed: &Missed) -> Vec<Publication> {
    let room = &missed.room;
    let skip = |from: Seq, to: Seq| {
        let event = Event::Skip {
            room_id: room.id,
            from,
            to,
        };
        Publication::from(&event)
    };
    let mut changes: Vec<(Seq, Publication)> = missed
        .changes
        .iter()
        .map(|change| of(room, change))
        .collect();
    changes.extend(missed.support.as_ref().map(|support| {
        let state = support.state.clone();
        (support.rev, support_change(room, support.rev, state))
    }));
    changes.sort_by_key(|(seq, _)| *seq);
    let mut publications = Vec::with_capacity(changes.len());
    let mut next = missed.since.next();
    for (seq, change) in changes {
        if seq > next {
            publications.push(skip(next, seq.previous()));
        }
        publications.push(change);
        next = seq.next();
    }
    if missed.at.seq >= next {
        publications.push(skip(next, missed.at.seq));
    }
    publications
}

fn of(room: &RoomRow, Change { message, audience }: &Change) -> (Seq, Publication) {
    let event = Event::ChatMessage {
        room_id: room.id,
        seq: message.rev,
        message: Box::new(message.clone()),
    };
    let change = Publication::of_change(&event, room.kind, *audience, message.sender.id);
    (message.rev, change)
}
