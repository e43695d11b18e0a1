//! Reading from the database what another node has written, so that it reaches those who are connected here, in order.

use std::collections::HashMap;

use futures_util::FutureExt;

use super::{
    RESUME_CHANGES,
    publisher::{Publisher, audience, support_change},
    room_events::{member_event, publication},
};
use crate::{
    model::{Message, Role, RoomCounters, RoomId, RoomShared, Seq, UserId, permission::Actor},
    protocol::{Event, RoomUpdated},
    server::{
        hub::{Publication, Topic},
        store::{
            Conn, Result, following, lists,
            marks::{self, Reach},
            members::{self, MemberNow},
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
    members: HashMap<UserId, MemberNow>,
    member_count: i64,
    /// What the room is, where that has changed: by anybody's eyes.
    shared: Option<RoomShared>,
    /// Whose receipt or delivery changed.
    reached: Vec<Reach>,
    /// The last change of many things at once.
    reset_seq: Seq,
}

impl Publisher {
    /// Publishes what a room has had since. Where the database does not answer it stays as it is: the watch of other
    /// nodes comes back to it.
    pub(super) async fn catch_up(&self, room_id: RoomId) {
        // Behind a pointer, for the compiler's sake: everything that publishes holds this.
        match self.missed(room_id).boxed().await {
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
            members: members_after(&mut conn, room_id, known.seq).await?,
            member_count: members::count(&mut conn, room_id).await?,
            shared: shared_after(&mut conn, room_id, known.seq).await?,
            reached: marks::receipts_after(&mut conn, room_id, known.marks_rev).await?,
            reset_seq: following::reset_seq(&mut conn, room_id).await?,
            since: known.seq,
            room,
            at,
        }))
    }

    fn publish_missed(&self, missed: &Missed) {
        let room_id = missed.room.id;
        let topics = audience(&missed.room);
        if missed.changes.len() > RESUME_CHANGES || missed.reset_seq > missed.since {
            self.follow_members(missed);
            let reset = Event::Reset { room_id };
            self.hub.publish(&topics, &(&reset).into());
        } else {
            for (message, change) in publications(missed) {
                if let Some(message) = message {
                    self.follow_member(&missed.room, message);
                }
                self.hub.publish(&topics, &change);
            }
        }
        for event in missed.reached.iter().flat_map(|reach| told(room_id, reach)) {
            self.hub.publish(&topics, &(&event).into());
        }
        self.hub.progress.room_is_at(missed.at);
    }
}

impl Publisher {
    /// The devices here of all who came and went meanwhile follow.
    fn follow_members(&self, missed: &Missed) {
        for (user_id, now) in &missed.members {
            if now.is_in {
                let topic = Topic::Room(missed.room.id);
                self.hub.subscribe_user(*user_id, &topic);
            } else {
                self.hub.expel(*user_id, missed.room.id, missed.at.seq);
            }
        }
    }
}

/// What is told of how far a room has come to somebody.
fn told(room_id: RoomId, reach: &Reach) -> impl Iterator<Item = Event> {
    let user_id = reach.user_id;
    let delivered = (reach.delivered_seq > Seq(0)).then_some(Event::MessagesDelivered {
        room_id,
        user_id,
        read_seq: reach.delivered_seq,
    });
    let read = (reach.receipt_seq > Seq(0)).then_some(Event::MessagesRead {
        room_id,
        user_id,
        read_seq: reach.receipt_seq,
    });
    delivered.into_iter().chain(read)
}

/// The changes in order. A place whose change was overtaken by a later one of the same message is skipped, so that
/// everybody can still tell that nothing is missing.
fn publications(missed: &Missed) -> Vec<(Option<&Message>, Publication)> {
    let room = &missed.room;
    let skip = |from: Seq, to: Seq| {
        let event = Event::Skip {
            room_id: room.id,
            from,
            to,
        };
        (None, Publication::from(&event))
    };
    let mut changes: Vec<(Seq, (Option<&Message>, Publication))> = missed
        .changes
        .iter()
        .map(|change| of(missed, change))
        .collect();
    changes.extend(missed.support.as_ref().map(|support| {
        let state = support.state.clone();
        let change = support_change(room, support.rev, state);
        (support.rev, (None, change))
    }));
    if room.deleted_at.is_some() {
        let (room_id, seq) = (room.id, missed.at.seq);
        let event = Event::RoomDeleted { room_id, seq };
        changes.push((seq, (None, publication(room, &event))));
    }
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

fn of<'m>(missed: &'m Missed, change: &'m Change) -> (Seq, (Option<&'m Message>, Publication)) {
    let Change { message, audience } = change;
    let (room, seq) = (&missed.room, message.rev);
    let event = missed.event_of(message);
    let change = Publication::of_change(&event, room.whose(), *audience, message.sender.id);
    (seq, (Some(message), change))
}

impl Missed {
    /// What the message tells of, as it is now: a member, the room, or nothing but itself.
    fn event_of(&self, message: &Message) -> Event {
        let (room_id, seq) = (self.room.id, message.rev);
        let note = message.system.as_ref();
        let about = note.map(|note| note.target.as_ref().unwrap_or(&message.sender).id);
        let member = about.and_then(|user_id| self.members.get(&user_id));
        let key = note.map(|note| note.key);
        match (key, member, &self.shared) {
            (Some(key), _, Some(shared)) if key.is_about_room() => {
                Event::RoomUpdated(Box::new(RoomUpdated {
                    room_id,
                    seq,
                    room: shared.clone(),
                    message: Some(Box::new(message.clone())),
                }))
            }
            (Some(key), Some(now), _) if !key.is_about_room() => {
                let (now, count) = (now.clone(), self.member_count);
                member_event(room_id, seq, now, count, Some(message.clone()))
            }
            // Never told before: it comes as it is now.
            _ if message.seq > self.since => Event::ChatMessage {
                room_id,
                seq,
                message: Box::new(message.clone()),
            },
            _ => Event::of_message(message.clone()),
        }
    }
}

async fn members_after(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    since: Seq,
) -> Result<HashMap<UserId, MemberNow>> {
    let changed = members::changed_after(conn, room_id, since).await?;
    let changed = changed.into_iter();
    Ok(changed.map(|(_, now)| (now.member.user.id, now)).collect())
}

/// What a room is, where that has changed since.
pub(super) async fn shared_after(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    since: Seq,
) -> Result<Option<RoomShared>> {
    if rooms::rev(conn, room_id).await? <= since {
        return Ok(None);
    }
    let nobody = Actor {
        id: UserId::default(),
        role: Role::Student,
    };
    Ok(lists::one(conn, nobody, room_id)
        .await?
        .map(|room| room.shared))
}
