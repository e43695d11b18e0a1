//! The client's order: what comes late, early or twice changes nothing that is newer.
//!
//! Without a server: each story hands the client the events that a race would bring.

use std::collections::BTreeMap;

use quad::{
    model::{
        Audience, ClientId, Epoch, LastMessage, Message, MessageId, MessageKind, Role, RoomForMe,
        RoomId, RoomKind, RoomShared, Seq, Timestamp, UserCard, UserId, UserRev, Zone,
    },
    protocol::{Command, Event, Hello},
    sync::{Client, Effect, Lists, Members, Page, Snapshot},
};

const ROOM: RoomId = RoomId(7);
const ME: UserId = UserId(1);
const OTHER: UserId = UserId(2);

fn card(id: UserId) -> UserCard {
    UserCard {
        id,
        name: format!("user {id}"),
        role: Role::Student,
    }
}

fn message(seq: i64) -> Message {
    Message {
        id: MessageId(100 + seq),
        room_id: ROOM,
        seq: Seq(seq),
        rev: Seq(seq),
        client_id: None,
        kind: MessageKind::Text,
        audience: Audience::All,
        content: format!("message {seq}"),
        sender: card(OTHER),
        created_at: Timestamp(seq),
        deleted_at: None,
        system: None,
    }
}

/// The room up to `seq`, read up to `read`.
fn room(seq: i64, read: i64) -> RoomForMe {
    RoomForMe {
        seq: Seq(seq),
        read_seq: Seq(read),
        unread_count: seq - read,
        last_message: (seq > 0).then(|| LastMessage::of(&message(seq))),
        ..RoomForMe::new(RoomShared {
            user: Some(card(ME)),
            ..RoomShared::new(ROOM, RoomKind::Support, Timestamp(0))
        })
    }
}

fn snapshot(seq: i64, read: i64, user_rev: i64) -> Snapshot {
    Snapshot {
        me: ME,
        room: room(seq, read),
        messages: (1..=seq).map(message).collect(),
        has_older: false,
        has_newer: false,
        members: Members::of(Vec::new()),
        receipts: BTreeMap::new(),
        deliveries: BTreeMap::new(),
        seq: Seq(seq),
        user_rev: UserRev(user_rev),
        epoch: Epoch("e".to_owned()),
        zone: Zone::default(),
        taken_at: Timestamp(0),
    }
}

fn hello(rooms: Vec<RoomForMe>, user_rev: i64) -> Event {
    Event::Hello(Box::new(Hello {
        user: card(ME),
        epoch: Epoch("e".to_owned()),
        server_time: Timestamp(0),
        heartbeat_interval: 30,
        user_rev: UserRev(user_rev),
        rooms,
        alerts: Default::default(),
        blocked: Vec::new(),
        policy: Default::default(),
    }))
}

fn said(seq: i64) -> Event {
    Event::ChatMessage {
        room_id: ROOM,
        seq: Seq(seq),
        message: Box::new(message(seq)),
    }
}

fn caught_up(seq: i64) -> Event {
    Event::CaughtUp {
        room_id: ROOM,
        seq: Seq(seq),
    }
}

/// The mark moved to `read` when the room stood at `seq`.
fn unread(seq: i64, read: i64, user_rev: i64) -> Event {
    Event::Unread {
        room_id: ROOM,
        seq: Seq(seq),
        read_seq: Seq(read),
        unread_count: seq - read,
        user_rev: UserRev(user_rev),
    }
}

/// A client that is online with that list.
fn online(rooms: Vec<RoomForMe>, user_rev: i64) -> Client {
    let nothing = Lists {
        me: ME,
        epoch: Epoch("e".to_owned()),
        user_rev: UserRev(0),
        rooms: BTreeMap::new(),
        alerts: Default::default(),
        blocked: Vec::new(),
        policy: Default::default(),
    };
    let mut client = Client::new(nothing, 3000);
    takes(&mut client, hello(rooms, user_rev));
    client
}

/// What the client asks of the server because of that event.
fn takes(client: &mut Client, event: Event) -> Vec<Command> {
    asked(client.receive(event, Timestamp(0)))
}

fn asked(effects: Vec<Effect>) -> Vec<Command> {
    let asked = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send(command) => Some(command),
        _ => None,
    });
    asked.collect()
}

fn count(client: &Client) -> (i64, Seq) {
    let room = &client.lists().rooms[&ROOM];
    (room.unread_count, room.read_seq)
}

#[test]
fn a_count_that_fits_is_taken() {
    let mut client = online(vec![room(3, 0)], 4);
    assert!(takes(&mut client, unread(3, 2, 5)).is_empty());
    assert_eq!(count(&client), (1, Seq(2)));
    takes(&mut client, said(4));
    assert_eq!(count(&client), (2, Seq(2)));
}

#[test]
fn a_count_of_another_moment_is_not_taken_and_the_list_is_asked_for_once() {
    let mut client = online(vec![room(3, 0)], 4);
    takes(&mut client, said(4));
    // Counted before message 4, which is here already.
    assert_eq!(takes(&mut client, unread(3, 3, 5)), [Command::Hello]);
    assert_eq!(count(&client), (4, Seq(0)), "never less than there is");
    // Counted with message 6, which is not here yet.
    assert!(
        takes(&mut client, unread(6, 3, 6)).is_empty(),
        "it is asked for"
    );
    takes(&mut client, hello(vec![room(6, 3)], 6));
    assert_eq!(count(&client), (3, Seq(3)));
    takes(&mut client, said(6));
    assert_eq!(count(&client), (3, Seq(3)), "counted already");
    assert_eq!(takes(&mut client, unread(9, 4, 7)), [Command::Hello]);
}

#[test]
fn an_old_mark_does_not_come_over_a_newer_list() {
    let mut client = online(vec![room(3, 3)], 5);
    assert!(takes(&mut client, unread(3, 1, 4)).is_empty());
    assert_eq!(count(&client), (0, Seq(3)));
}

#[test]
fn a_room_that_is_told_late_takes_nothing_back() {
    let mut client = online(Vec::new(), 0);
    // Made, opened and written in before it is told.
    client.open(snapshot(2, 0, 1));
    let added = Event::RoomAdded {
        room: Box::new(room(0, 0)),
        user_rev: Some(UserRev(1)),
    };
    takes(&mut client, added);
    assert_eq!(client.lists().rooms[&ROOM], room(2, 0));
    assert_eq!(client.lists().user_rev, UserRev(1));
    takes(&mut client, said(3));
    assert_eq!(count(&client).0, 3);
}

#[test]
fn a_room_that_is_told_newer_than_it_is_known_is_taken() {
    let mut client = online(vec![room(1, 0)], 0);
    let added = Event::RoomAdded {
        room: Box::new(room(4, 2)),
        user_rev: None,
    };
    takes(&mut client, added);
    assert_eq!(client.lists().rooms[&ROOM], room(4, 2));
    takes(&mut client, said(4));
    assert_eq!(count(&client), (2, Seq(2)));
}

#[test]
fn an_open_room_shows_the_lists_marks() {
    let mut client = online(vec![room(3, 0)], 0);
    client.open(snapshot(3, 0, 0));
    takes(&mut client, caught_up(3));
    let effects = client.receive(unread(3, 3, 1), Timestamp(0));
    assert!(effects.contains(&Effect::RoomChanged(ROOM)));
    assert_eq!(client.snapshot(ROOM).unwrap().room, room(3, 3));
}

#[test]
fn a_list_behind_a_fetched_room_is_asked_for_afresh() {
    // The list has a newer mark, the room newer messages: neither is the other's successor.
    let mut client = online(vec![room(3, 3)], 5);
    let asked = asked(client.open(snapshot(6, 0, 4)));
    assert!(asked.contains(&Command::Hello), "{asked:?}");
    // So is one that was on its way while the room was fetched.
    let mut client = online(Vec::new(), 0);
    client.open(snapshot(6, 0, 0));
    let asked = takes(&mut client, hello(vec![room(4, 0)], 0));
    assert!(asked.contains(&Command::Hello), "{asked:?}");
    let asked = takes(&mut client, hello(vec![room(6, 0)], 0));
    assert!(!asked.contains(&Command::Hello), "{asked:?}");
}

#[test]
fn a_room_that_is_too_old_and_not_open_makes_the_list_too_old() {
    let mut client = online(vec![room(3, 0)], 0);
    let reset = || Event::Reset { room_id: ROOM };
    assert_eq!(takes(&mut client, reset()), [Command::Hello]);
    // Once is enough; and an open one is fetched for itself.
    assert_eq!(takes(&mut client, reset()), []);
    takes(&mut client, hello(vec![room(3, 0)], 0));
    client.open(snapshot(3, 0, 0));
    assert_eq!(takes(&mut client, reset()), []);
}

#[test]
fn a_caught_up_beyond_what_is_known_is_a_gap() {
    let mut client = online(vec![room(3, 0)], 0);
    client.open(snapshot(3, 0, 0));
    takes(&mut client, caught_up(3));
    let asked = takes(&mut client, caught_up(5));
    assert!(
        matches!(&asked[..], [Command::Resume { rooms, .. }] if rooms[0].since == Seq(3)),
        "{asked:?}"
    );
    takes(&mut client, said(4));
    takes(&mut client, said(5));
    takes(&mut client, caught_up(5));
    assert_eq!(client.snapshot(ROOM).unwrap().messages.len(), 5);
}

#[test]
fn what_is_not_to_be_seen_moves_the_list_on_too() {
    let mut client = online(vec![room(3, 0)], 0);
    let (from, to) = (Seq(4), Seq(4));
    let skip = Event::Skip {
        room_id: ROOM,
        from,
        to,
    };
    takes(&mut client, skip);
    assert!(takes(&mut client, unread(4, 3, 1)).is_empty(), "it fits");
    assert_eq!(client.lists().rooms[&ROOM].read_seq, Seq(3));
}

#[test]
fn a_room_that_is_open_and_not_in_the_list_is_fetched() {
    let mut client = online(Vec::new(), 0);
    client.open(snapshot(3, 0, 0));
    client.disconnected();
    let effects = client.receive(hello(Vec::new(), 0), Timestamp(0));
    assert!(effects.contains(&Effect::Fetch(ROOM)), "{effects:?}");
}

#[test]
fn rooms_stand_in_the_order_of_their_last_messages_whatever_the_clock_said() {
    let mut client = online(vec![room(3, 0)], 0);
    let mut other = room(2, 0);
    other.shared.id = RoomId(8);
    let mut last = LastMessage::of(&message(50));
    last.created_at = Timestamp(-9);
    other.last_message = Some(last);
    client.know(vec![other]);
    let order: Vec<_> = client
        .lists()
        .by_activity()
        .iter()
        .map(|room| room.id())
        .collect();
    assert_eq!(order, [RoomId(8), ROOM]);
}

/// Messages 1 to 3 of a room that stands at 9.
fn part() -> Snapshot {
    Snapshot {
        has_newer: true,
        messages: (1..=3).map(message).collect(),
        ..snapshot(9, 0, 0)
    }
}

fn newer(seqs: std::ops::RangeInclusive<i64>) -> Page {
    Page {
        seq: Seq(*seqs.end()),
        messages: seqs.map(message).collect(),
        ..Page::default()
    }
}

fn loaded(client: &Client) -> Vec<i64> {
    let messages = client.snapshot(ROOM).unwrap().messages.iter();
    messages.map(|message| message.seq.0).collect()
}

#[test]
fn a_newer_page_waits_until_it_is_known_what_was_heard() {
    let mut client = online(vec![room(9, 0)], 0);
    client.open(part());
    // The resume of the room is not answered: what it brings beyond the part is not kept.
    takes(&mut client, said(10));
    assert!(client.newer(ROOM, newer(4..=9)).is_empty());
    takes(&mut client, caught_up(10));
    assert!(
        client.newer(ROOM, newer(4..=9)).is_empty(),
        "10 would be missing"
    );
    assert_eq!(loaded(&client), [1, 2, 3]);
    assert!(!client.newer(ROOM, newer(4..=10)).is_empty());
    takes(&mut client, said(11));
    assert_eq!(loaded(&client), (1..=11).collect::<Vec<_>>());
}

#[test]
fn an_old_part_is_not_read_and_ones_own_message_leads_to_the_end() {
    let mut client = online(vec![room(9, 0)], 0);
    client.open(part());
    takes(&mut client, caught_up(9));
    assert!(client.seen(ROOM).is_empty());
    assert_eq!(client.to_latest(ROOM), [Effect::Fetch(ROOM)]);
    let text = (Audience::All, "I was away".to_owned());
    let effects = client.write(ROOM, ClientId::random(), text, Timestamp(0));
    assert!(effects.contains(&Effect::Fetch(ROOM)), "{effects:?}");
    client.open(snapshot(9, 0, 0));
    takes(&mut client, caught_up(9));
    assert!(client.to_latest(ROOM).is_empty());
    assert!(!client.seen(ROOM).is_empty());
}
