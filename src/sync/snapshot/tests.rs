//! A snapshot whose messages are a part of the history: what it holds, and what it must not leave out.

use super::*;
use crate::model::{
    Audience, ClientId, MessageId, MessageKind, Role, RoomKind, RoomShared, UserCard,
};

const ROOM: RoomId = RoomId(7);

fn message(seq: i64, rev: i64) -> Message {
    Message {
        id: MessageId(seq),
        room_id: ROOM,
        seq: Seq(seq),
        rev: Seq(rev),
        client_id: Some(ClientId::random()),
        kind: MessageKind::Text,
        audience: Audience::All,
        content: format!("{seq} as of {rev}"),
        sender: UserCard {
            id: UserId(2),
            name: "Ben".to_owned(),
            role: Role::Student,
        },
        created_at: Timestamp(seq),
        deleted_at: None,
        system: None,
    }
}

fn said(seq: i64) -> Event {
    changed(seq, seq)
}

fn changed(seq: i64, rev: i64) -> Event {
    Event::ChatMessage {
        room_id: ROOM,
        seq: Seq(rev),
        message: Box::new(message(seq, rev)),
    }
}

/// Messages 10 to 20 of a room that stands at 40.
fn part() -> Snapshot {
    let room = RoomForMe {
        seq: Seq(40),
        ..RoomForMe::new(RoomShared::new(ROOM, RoomKind::Public, Timestamp(0)))
    };
    Snapshot {
        me: UserId(1),
        room,
        messages: (10..=20).map(|seq| message(seq, seq)).collect(),
        has_older: true,
        has_newer: true,
        members: Members::default(),
        receipts: BTreeMap::new(),
        deliveries: BTreeMap::new(),
        seq: Seq(40),
        user_rev: UserRev(1),
        epoch: Epoch("e".to_owned()),
        zone: Zone::default(),
        taken_at: Timestamp(0),
    }
}

fn page(seqs: std::ops::RangeInclusive<i64>, has_newer: bool, seq: i64) -> Page {
    Page {
        messages: seqs.map(|seq| message(seq, seq)).collect(),
        has_older: true,
        has_newer,
        seq: Seq(seq),
    }
}

fn seqs(snapshot: &Snapshot) -> Vec<i64> {
    let messages = snapshot.messages.iter();
    messages.map(|message| message.seq.0).collect()
}

#[test]
fn what_is_said_at_the_end_does_not_join_an_old_part() {
    let mut part = part();
    assert_eq!(part.apply(&said(41)), Applied::Changed);
    assert_eq!((part.seq, part.room.unread_count), (Seq(41), 1));
    assert_eq!(seqs(&part), (10..=20).collect::<Vec<_>>());
    // A change of a message that is loaded is taken, of others it is not.
    part.apply(&changed(15, 42));
    part.apply(&changed(30, 43));
    part.apply(&changed(5, 44));
    assert_eq!(seqs(&part), (10..=20).collect::<Vec<_>>());
    assert_eq!(part.messages[5].content, "15 as of 42");
    assert_eq!(part.seq, Seq(44));
}

#[test]
fn newer_pages_lead_to_the_end_and_then_it_lives() {
    let mut part = part();
    assert!(part.append(page(21..=30, true, 40)));
    assert!(part.has_newer);
    assert!(part.append(page(31..=40, false, 40)));
    assert!(!part.has_newer);
    part.apply(&said(41));
    assert_eq!(seqs(&part), (10..=41).collect::<Vec<_>>());
}

#[test]
fn a_page_that_is_older_than_the_last_event_is_not_taken() {
    let mut part = part();
    let early = page(21..=40, false, 40);
    part.apply(&said(41));
    assert!(!part.append(early));
    assert!(part.has_newer);
    assert_eq!(seqs(&part), (10..=20).collect::<Vec<_>>());
    assert!(part.append(page(21..=41, false, 41)));
    assert_eq!(seqs(&part), (10..=41).collect::<Vec<_>>());
}

#[test]
fn a_page_that_knows_more_than_was_heard_is_taken_and_nothing_shows_twice() {
    let mut part = part();
    assert!(part.append(page(21..=42, false, 42)));
    assert_eq!(part.apply(&said(41)), Applied::Changed);
    assert_eq!(part.apply(&changed(42, 42)), Applied::Changed);
    part.apply(&said(43));
    assert_eq!(seqs(&part), (10..=43).collect::<Vec<_>>());
}

#[test]
fn what_has_come_to_somebody_never_goes_back_and_begins_with_something() {
    let delivered = |seq: i64| Event::MessagesDelivered {
        room_id: ROOM,
        user_id: UserId(2),
        read_seq: Seq(seq),
    };
    let mut part = part();
    for (seq, applied, known) in [
        (0, Applied::Ignored, None),
        (7, Applied::Changed, Some(7)),
        (7, Applied::Ignored, Some(7)),
        (3, Applied::Ignored, Some(7)),
        (9, Applied::Changed, Some(9)),
    ] {
        assert_eq!(part.apply(&delivered(seq)), applied, "{seq}");
        let at = part.deliveries.get(&UserId(2));
        assert_eq!(at.map(|seq| seq.0), known);
    }
    assert!(part.receipts.is_empty(), "nothing of it is read");
}
