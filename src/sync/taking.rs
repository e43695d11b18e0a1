//! What events do to one room as its reader has it: the list and the open room alike.

use crate::{
    model::{LastMessage, Message, RoomForMe, Seq, SupportState, UserId, limits::UNREAD_MAX},
    protocol::{Event, MemberChanged, RoomUpdated},
};

/// Counts a new message into a room of the list, as unread where it `is_counted`; answers whether it was new.
pub(super) fn take_message(room: &mut RoomForMe, is_counted: bool, message: &Message) -> bool {
    if message.rev <= room.seq {
        return false;
    }
    room.seq = message.rev;
    if message.is_countable() && !message.is_note() {
        take_last(room, message);
    }
    if message.rev == message.seq && is_counted && is_unread(room, message) {
        room.unread_count = room.unread_count.saturating_add(1).min(UNREAD_MAX);
    }
    true
}

/// Takes a message out of the count, in which it was where it `is_counted`; answers whether that was new.
pub(super) fn take_deletion(room: &mut RoomForMe, is_counted: bool, message: &Message) -> bool {
    if message.rev <= room.seq {
        return false;
    }
    room.seq = message.rev;
    if is_counted && is_unread(room, message) {
        room.unread_count = room.unread_count.saturating_sub(1).max(0);
    }
    take_last(room, message);
    true
}

fn is_unread(room: &RoomForMe, message: &Message) -> bool {
    message.is_countable() && message.seq > room.read_seq
}

/// The message, where it is the last one or a newer one than that.
fn take_last(room: &mut RoomForMe, message: &Message) {
    let last = room.last_message.as_ref().map(|last| last.id);
    if last < Some(message.id) {
        take_activity(room, message);
    } else if last == Some(message.id) {
        room.last_message = Some(LastMessage::of(message));
    }
}

/// Takes a change of who is in a room; answers whether it was new.
pub(super) fn take_member(room: &mut RoomForMe, me: UserId, change: &MemberChanged) -> bool {
    if change.seq <= room.seq && change.message.is_some() {
        return false;
    }
    room.seq = room.seq.max(change.seq);
    room.member_count = change.member_count;
    if change.member.user.id == me && room.role.is_some() {
        room.role = Some(change.member.role);
        room.muted_until = change.member.muted_until;
    }
    true
}

/// Takes what a room is now; answers whether it was new.
pub(super) fn take_room(room: &mut RoomForMe, change: &RoomUpdated) -> bool {
    if change.seq <= room.seq && change.message.is_some() {
        return false;
    }
    room.seq = room.seq.max(change.seq);
    room.shared.clone_from(&change.room);
    true
}

/// What a message means for where its room stands, in the list and with those who answer.
fn take_activity(room: &mut RoomForMe, message: &Message) {
    let is_by_person = room.shared.user.as_ref().map(|user| user.id) == Some(message.sender.id);
    if let Some(support) = &mut room.support {
        support.take_message(is_by_person, message.created_at);
    }
    room.last_message = Some(LastMessage::of(message));
}

/// Takes where a support room stands; answers whether it was new.
pub(super) fn take_support(room: &mut RoomForMe, seq: Seq, support: &SupportState) -> bool {
    if seq < room.seq || room.support.as_ref() == Some(support) {
        room.seq = room.seq.max(seq);
        return false;
    }
    room.seq = seq;
    room.support = Some(support.clone());
    true
}

/// Takes the person's own mark into a room of the list.
pub(super) fn take_mark(room: &mut RoomForMe, event: &Event) {
    if let Event::Unread {
        read_seq,
        unread_count,
        ..
    } = event
    {
        room.read_seq = *read_seq;
        room.unread_count = *unread_count;
    }
}

/// Takes what the person wants of a room of the list.
pub(super) fn take_choice(room: &mut RoomForMe, event: &Event) {
    if let Event::RoomChosen {
        is_quiet,
        is_pinned,
        ..
    } = event
    {
        room.is_quiet = *is_quiet;
        room.is_pinned = *is_pinned;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        model::{
            Audience, Epoch, MessageId, MessageKind, Role, RoomId, RoomKind, RoomShared, Timestamp,
            UserCard, UserRev,
        },
        sync::{ListChange, Lists},
    };

    const ROOM: RoomId = RoomId(7);
    const ME: UserId = UserId(1);

    /// Somebody else's message at that place, as it was left by the change `rev`; a later one has deleted it.
    fn message(seq: i64, rev: i64) -> Message {
        let is_deleted = rev != seq;
        Message {
            id: MessageId(100 + seq),
            room_id: ROOM,
            seq: Seq(seq),
            rev: Seq(rev),
            client_id: None,
            kind: MessageKind::Text,
            audience: Audience::All,
            content: if is_deleted {
                String::new()
            } else {
                format!("no. {seq}")
            },
            sender: UserCard {
                id: UserId(2),
                name: "Ben".to_owned(),
                role: Role::Student,
            },
            created_at: Timestamp(seq),
            deleted_at: is_deleted.then_some(Timestamp(rev)),
            system: None,
        }
    }

    fn said(seq: i64) -> Event {
        Event::of_message(message(seq, seq))
    }

    fn deleted(seq: i64, rev: i64) -> Event {
        Event::of_message(message(seq, rev))
    }

    fn lists(unread_count: i64, read_seq: i64, seq: i64) -> Lists {
        let room = RoomForMe {
            seq: Seq(seq),
            read_seq: Seq(read_seq),
            unread_count,
            ..RoomForMe::new(RoomShared::new(ROOM, RoomKind::Direct, Timestamp(0)))
        };
        Lists {
            me: ME,
            epoch: Epoch("e".to_owned()),
            user_rev: UserRev(1),
            rooms: BTreeMap::from([(ROOM, room)]),
            alerts: Default::default(),
            blocked: Vec::new(),
            policy: Default::default(),
        }
    }

    fn unread(lists: &Lists) -> i64 {
        lists.rooms[&ROOM].unread_count
    }

    #[test]
    fn a_deleted_message_is_no_longer_unread_and_its_text_is_gone() {
        let mut lists = lists(0, 0, 0);
        for seq in 1..=3 {
            assert_eq!(lists.apply(&said(seq)), ListChange::Changed);
        }
        assert_eq!(lists.apply(&deleted(3, 4)), ListChange::Changed);
        assert_eq!(lists.apply(&deleted(3, 4)), ListChange::Same, "once");
        assert_eq!(unread(&lists), 2);
        let last = lists.rooms[&ROOM].last_message.clone().unwrap();
        assert_eq!(
            (last.id, last.excerpt.as_str(), last.is_deleted),
            (MessageId(103), "", true)
        );
    }

    #[test]
    fn what_was_read_was_not_counted() {
        let mut lists = lists(1, 2, 3);
        lists.apply(&deleted(2, 4));
        assert_eq!(unread(&lists), 1);
        lists.apply(&deleted(3, 5));
        assert_eq!(unread(&lists), 0);
    }

    #[test]
    fn beyond_what_is_counted_the_list_is_asked_for() {
        let mut lists = lists(UNREAD_MAX, 0, 2_000);
        assert_eq!(lists.apply(&deleted(5, 2_001)), ListChange::Gap);
    }

    #[test]
    fn one_that_comes_deleted_may_have_been_counted_or_not() {
        let event = |seq, rev| Event::ChatMessage {
            room_id: ROOM,
            seq: Seq(rev),
            message: Box::new(message(seq, rev)),
        };
        let mut doubtful = lists(1, 0, 1);
        assert_eq!(doubtful.apply(&event(2, 3)), ListChange::Gap);
        let mut read = lists(0, 2, 2);
        assert_eq!(read.apply(&event(2, 3)), ListChange::Changed);
        let mut known = lists(1, 0, 3);
        assert_eq!(known.apply(&event(2, 3)), ListChange::Same);
    }
}
