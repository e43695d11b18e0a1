//! What is told of what has come, and when.

use super::*;
use crate::{
    model::{
        Audience, Epoch, LastMessage, Message, MessageId, MessageKind, Role, RoomKind, RoomShared,
        Timestamp, UserCard, UserId, UserRev,
    },
    protocol::{Event, Hello},
    sync::Lists,
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

fn message(room_id: RoomId, seq: i64, sender: UserId) -> Message {
    Message {
        // Of all rooms the newest has the greatest.
        id: MessageId(room_id.0 * 1000 + seq),
        room_id,
        seq: Seq(seq),
        rev: Seq(seq),
        client_id: None,
        kind: MessageKind::Text,
        audience: Audience::All,
        content: format!("message {seq}"),
        sender: card(sender),
        created_at: Timestamp(seq),
        deleted_at: None,
        system: None,
    }
}

/// A room with so many messages of somebody else's, of which `unread` are left.
fn room(id: RoomId, kind: RoomKind, seq: i64, unread: i64) -> RoomForMe {
    RoomForMe {
        seq: Seq(seq),
        read_seq: Seq(seq - unread),
        unread_count: unread,
        last_message: (seq > 0).then(|| LastMessage::of(&message(id, seq, OTHER))),
        ..RoomForMe::new(RoomShared::new(id, kind, Timestamp(0)))
    }
}

fn direct(seq: i64, unread: i64) -> RoomForMe {
    room(ROOM, RoomKind::Direct, seq, unread)
}

fn hello(rooms: Vec<RoomForMe>) -> Event {
    Event::Hello(Box::new(Hello {
        user: card(ME),
        epoch: Epoch("e".to_owned()),
        server_time: Timestamp(0),
        heartbeat_interval: 30,
        user_rev: UserRev(1),
        rooms,
        alerts: Default::default(),
        blocked: Vec::new(),
        policy: Default::default(),
    }))
}

/// A client that is not connected.
fn client() -> Client {
    let nothing = Lists {
        me: ME,
        epoch: Epoch("e".to_owned()),
        user_rev: UserRev(0),
        rooms: BTreeMap::new(),
        alerts: Default::default(),
        blocked: Vec::new(),
        policy: Default::default(),
    };
    Client::new(nothing, 3000)
}

/// A client that is online with these rooms, and what it told at once.
fn online(rooms: Vec<RoomForMe>) -> (Client, Vec<(RoomId, i64)>) {
    let mut client = client();
    let told = takes(&mut client, hello(rooms));
    (client, told)
}

fn told(effects: Vec<Effect>) -> Vec<(RoomId, i64)> {
    let told = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send(Command::Delivered { room_id, read_seq }) => Some((room_id, read_seq.0)),
        _ => None,
    });
    told.collect()
}

fn takes(client: &mut Client, event: Event) -> Vec<(RoomId, i64)> {
    told(client.receive(event, Timestamp(0)))
}

fn hears(client: &mut Client, seq: i64, sender: UserId) -> Vec<(RoomId, i64)> {
    let message = Box::new(message(ROOM, seq, sender));
    let event = Event::ChatMessage {
        room_id: ROOM,
        seq: Seq(seq),
        message,
    };
    takes(client, event)
}

fn tick(client: &mut Client) -> Vec<(RoomId, i64)> {
    told(client.tick(Timestamp(0)))
}

#[test]
fn what_comes_is_told_at_once_and_what_follows_it_together() {
    let (mut client, at_first) = online(vec![direct(3, 0)]);
    assert_eq!(at_first, [], "all of it is read");
    assert_eq!(hears(&mut client, 4, OTHER), [(ROOM, 4)]);
    assert_eq!(hears(&mut client, 5, OTHER), []);
    assert_eq!(hears(&mut client, 6, OTHER), []);
    assert_eq!(tick(&mut client), [(ROOM, 6)]);
    assert_eq!(hears(&mut client, 7, OTHER), [], "told of in this second");
    assert_eq!(tick(&mut client), [(ROOM, 7)]);
    assert_eq!(tick(&mut client), []);
    assert_eq!(hears(&mut client, 8, OTHER), [(ROOM, 8)]);
}

#[test]
fn ones_own_messages_and_rooms_of_many_are_not_told_of() {
    let (mut client, _) = online(vec![direct(3, 0)]);
    assert_eq!(hears(&mut client, 4, ME), []);
    assert_eq!(hears(&mut client, 5, OTHER), [(ROOM, 5)]);
    for kind in [RoomKind::Public, RoomKind::Private, RoomKind::Course] {
        let (mut client, at_first) = online(vec![room(ROOM, kind, 3, 2)]);
        assert_eq!(at_first, [], "{kind:?}");
        assert_eq!(hears(&mut client, 4, OTHER), [], "{kind:?}");
    }
    for kind in [RoomKind::Support, RoomKind::Direct, RoomKind::Thread] {
        let (mut client, _) = online(vec![room(ROOM, kind, 3, 0)]);
        assert_eq!(hears(&mut client, 4, OTHER), [(ROOM, 4)], "{kind:?}");
    }
}

#[test]
fn what_waits_in_the_newest_rooms_is_told_once_a_connection() {
    let rooms = (1..=25).map(|n| {
        let unread = i64::from(n != 24);
        room(RoomId(n), RoomKind::Direct, 3, unread)
    });
    let rooms: Vec<_> = rooms.collect();
    let newest = (1..=25).rev().filter(|n| *n != 24).take(20);
    let newest: Vec<_> = newest.map(|n| (RoomId(n), 3)).collect();
    let (mut client, at_first) = online(rooms.clone());
    assert_eq!(at_first, newest);
    assert_eq!(takes(&mut client, hello(rooms.clone())), [], "told already");
    client.disconnected();
    assert_eq!(takes(&mut client, hello(rooms)), newest, "it may be lost");
}

#[test]
fn ones_own_last_message_does_not_hide_what_waits() {
    let mut waiting = direct(3, 2);
    waiting.last_message = Some(LastMessage::of(&message(ROOM, 3, ME)));
    assert_eq!(online(vec![waiting]).1, [(ROOM, 3)]);
}

#[test]
fn what_is_being_read_is_told_only_when_it_is_not_read_after_all() {
    let (mut client, _) = online(vec![direct(3, 0)]);
    assert_eq!(told(client.attends(Some(ROOM))), []);
    assert_eq!(hears(&mut client, 4, OTHER), []);
    assert_eq!(tick(&mut client), []);
    assert_eq!(told(client.attends(Some(ROOM))), []);
    assert_eq!(told(client.attends(None)), [(ROOM, 4)], "looked away");
    tick(&mut client);
    client.attends(Some(ROOM));
    assert_eq!(hears(&mut client, 5, OTHER), []);
    let read = Event::Unread {
        room_id: ROOM,
        seq: Seq(5),
        read_seq: Seq(5),
        unread_count: 0,
        user_rev: UserRev(2),
    };
    takes(&mut client, read);
    assert_eq!(told(client.attends(Some(RoomId(8)))), [], "it was read");
}

#[test]
fn nothing_is_told_or_kept_for_later_without_a_connection() {
    let mut client = client();
    assert_eq!(hears(&mut client, 4, OTHER), []);
    let (mut client, _) = online(vec![direct(3, 0)]);
    client.attends(Some(ROOM));
    hears(&mut client, 4, OTHER);
    client.disconnected();
    assert_eq!(told(client.attends(None)), []);
    assert_eq!(tick(&mut client), []);
}
