//! What has become of a room, as events: who hears what of it, and in which order.
//!
//! Whoever comes in is subscribed first, then gets the room, then its change like all others; whoever goes out is told
//! so and taken out before the change is told.

use super::publisher::{Publisher, audience};
use crate::{
    model::{
        Audience, JoinRequest, MarksRev, Message, RequestStatus, RoomCounters, RoomId, RoomKind,
        Seq, SystemKey, UserId, UserRev,
    },
    protocol::{Event, MemberChanged, RequestChanged, RoomUpdated},
    server::{
        hub::{Publication, Step, Topic},
        store::{
            members::MemberNow,
            rooms::RoomRow,
            writer::{Changed, ListChange, Listing, RoomChange, RoomDone},
        },
    },
};

impl Publisher {
    /// Tells of it.
    pub(super) async fn room(&self, done: &RoomDone) {
        let room = &done.room;
        let seq = done.change.as_ref().map(|change| change.seq);
        for list in &done.lists {
            self.list(room.id, seq, list);
        }
        let Some(change) = &done.change else { return };
        match self.hub.progress.change(room.id, change.seq) {
            Step::Known => {}
            Step::Gap(_) => self.catch_up(room.id).await,
            Step::Next => {
                let event = event_of(room.id, change);
                self.hub
                    .publish(&audience(room), &publication(room, &event));
                if let Changed::Role(member, _) = &change.what {
                    self.begins_afresh(room, member.user.id);
                }
            }
        }
    }

    /// Who has become something else in a course's room may see other messages of it by that.
    fn begins_afresh(&self, room: &RoomRow, user_id: UserId) {
        if room.kind == RoomKind::Course {
            let reset = Event::Reset { room_id: room.id };
            self.hub.publish(&[Topic::User(user_id)], &(&reset).into());
        }
    }

    fn list(&self, room_id: RoomId, seq: Option<Seq>, list: &ListChange) {
        let ListChange {
            user_id,
            user_rev,
            what,
        } = list;
        match what {
            Listing::Room(room) => {
                self.come_in(*user_id, room_id, seq.unwrap_or_default());
                let event = Event::RoomAdded {
                    room: room.clone(),
                    user_rev: Some(*user_rev),
                };
                self.personal(*user_id, *user_rev, &event);
            }
            Listing::Afresh => {
                self.come_in(*user_id, room_id, seq.unwrap_or_default());
                self.refresh(*user_id, *user_rev);
            }
            Listing::Removed => {
                let event = Event::RoomRemoved {
                    room_id,
                    user_rev: *user_rev,
                };
                self.personal(*user_id, *user_rev, &event);
                self.hub
                    .expel(*user_id, room_id, seq.unwrap_or(Seq(i64::MAX)));
            }
            Listing::Request(request, pending) => {
                let event = request_event(request, *pending, *user_rev);
                self.personal(*user_id, *user_rev, &event);
            }
        }
    }

    /// What was published before the change by which somebody comes in is nobody's here, if nobody was here.
    fn come_in(&self, user_id: UserId, room_id: RoomId, seq: Seq) {
        let at = RoomCounters {
            room_id,
            seq: seq.previous(),
            marks_rev: MarksRev::default(),
        };
        self.hub.begin_room(user_id, at);
    }

    /// Somebody has come in or gone out by what another node has done: their devices here follow.
    pub(super) fn follow_member(&self, room: &RoomRow, message: &Message) {
        match moved(message) {
            Some((user_id, true)) => self.hub.subscribe_user(user_id, &Topic::Room(room.id)),
            Some((user_id, false)) => self.hub.expel(user_id, room.id, message.seq),
            None => {
                if let Some(user_id) = stands_otherwise(message) {
                    self.begins_afresh(room, user_id);
                }
            }
        }
    }
}

/// Whom a system message tells to have come in (true) or gone out.
fn moved(message: &Message) -> Option<(UserId, bool)> {
    let note = message.system.as_ref()?;
    let sender = message.sender.id;
    let target = note.target.as_ref().map(|card| card.id);
    match note.key {
        SystemKey::RoomCreated | SystemKey::MemberJoined => Some((sender, true)),
        SystemKey::MemberAdded => Some((target?, true)),
        SystemKey::MemberLeft => Some((sender, false)),
        SystemKey::MemberKicked | SystemKey::MemberBanned => Some((target?, false)),
        _ => None,
    }
}

/// Whom a system message tells to have become something else in the room.
fn stands_otherwise(message: &Message) -> Option<UserId> {
    let note = message.system.as_ref()?;
    let is_role = matches!(
        note.key,
        SystemKey::RoleChanged | SystemKey::MemberMuted | SystemKey::MemberUnmuted
    );
    let target = note.target.as_ref().filter(|_| is_role);
    target.map(|card| card.id)
}

/// Everybody in the room hears of its changes.
pub(super) fn publication(room: &RoomRow, event: &Event) -> Publication {
    Publication::of_change(event, room.whose(), Audience::All, UserId::default())
}

fn event_of(room_id: RoomId, change: &RoomChange) -> Event {
    let seq = change.seq;
    let message = change.message.clone().map(Box::new);
    let member = |member: &crate::model::Member, count: i64| {
        Box::new(MemberChanged {
            room_id,
            seq,
            member: member.clone(),
            member_count: count,
            message: message.clone(),
        })
    };
    match &change.what {
        Changed::Joined(who, count) => Event::MemberJoined(member(who, *count)),
        Changed::Left(who, count) => Event::MemberLeft(member(who, *count)),
        Changed::Role(who, count) => Event::MemberRole(member(who, *count)),
        Changed::Room(room) => Event::RoomUpdated(Box::new(RoomUpdated {
            room_id,
            seq,
            room: (**room).clone(),
            message,
        })),
        Changed::Many => Event::Reset { room_id },
        Changed::Deleted => Event::RoomDeleted { room_id, seq },
        Changed::Told => match message {
            Some(message) => Event::ChatMessage {
                room_id,
                seq,
                message,
            },
            None => Event::Skip {
                room_id,
                from: seq,
                to: seq,
            },
        },
    }
}

/// A member as they are now, for a client or a node that comes back.
pub(super) fn member_event(
    room_id: RoomId,
    seq: Seq,
    now: MemberNow,
    member_count: i64,
    message: Option<Message>,
) -> Event {
    let change = Box::new(MemberChanged {
        room_id,
        seq,
        member: now.member,
        member_count,
        message: message.map(Box::new),
    });
    if now.is_in {
        Event::MemberJoined(change)
    } else {
        Event::MemberLeft(change)
    }
}

fn request_event(request: &JoinRequest, pending_count: i64, user_rev: UserRev) -> Event {
    let change = Box::new(RequestChanged {
        room_id: request.room_id,
        request: request.clone(),
        pending_count,
        user_rev,
    });
    match request.status {
        RequestStatus::Pending => Event::JoinRequest(change),
        RequestStatus::Approved => Event::JoinApproved(change),
        RequestStatus::Denied => Event::JoinDenied(change),
    }
}
