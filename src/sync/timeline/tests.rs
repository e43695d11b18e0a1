//! What the rows of a conversation say.

use super::*;
use crate::{
    model::{Epoch, MessageKind, Role, RoomForMe, RoomId, RoomKind, RoomShared, UserRev, Zone},
    sync::Members,
};

const ME: UserId = UserId(1);
const PERSON: UserId = UserId(2);
const COLLEAGUE: UserId = UserId(3);

/// A message of mine at place 5 of a support room.
fn mine(audience: Audience) -> Message {
    Message {
        id: MessageId(5),
        room_id: RoomId(7),
        seq: Seq(5),
        rev: Seq(5),
        client_id: None,
        kind: MessageKind::Text,
        audience,
        content: "Hello".to_owned(),
        sender: card(ME),
        created_at: Timestamp(0),
        deleted_at: None,
        system: None,
    }
}

fn card(id: UserId) -> UserCard {
    UserCard {
        id,
        name: format!("user {id}"),
        role: Role::Agent,
    }
}

/// How far a message of mine has come, where so much is read and delivered.
fn shown(audience: Audience, read: &[(UserId, i64)], come: &[(UserId, i64)]) -> Receipt {
    let marks = |marks: &[(UserId, i64)]| {
        let marks = marks.iter();
        marks.map(|(id, seq)| (*id, Seq(*seq))).collect()
    };
    let shared = RoomShared {
        user: Some(card(PERSON)),
        ..RoomShared::new(RoomId(7), RoomKind::Support, Timestamp(0))
    };
    let snapshot = Snapshot {
        me: ME,
        room: RoomForMe::new(shared),
        messages: vec![mine(audience)],
        has_older: false,
        has_newer: false,
        members: Members::default(),
        receipts: marks(read),
        deliveries: marks(come),
        seq: Seq(5),
        user_rev: UserRev(1),
        epoch: Epoch("e".to_owned()),
        zone: Zone::default(),
        taken_at: Timestamp(0),
    };
    match rows(&snapshot, &Outbox::default(), None).remove(0).body {
        RowBody::Message(_, receipt) => receipt,
        RowBody::Pending(_) => panic!("it is stored"),
    }
}

#[test]
fn a_message_is_sent_then_delivered_then_read() {
    let all = Audience::All;
    assert_eq!(shown(all, &[], &[]), Receipt::Sent);
    assert_eq!(shown(all, &[(PERSON, 4)], &[(PERSON, 4)]), Receipt::Sent);
    assert_eq!(shown(all, &[(ME, 5)], &[(ME, 5)]), Receipt::Sent, "mine");
    assert_eq!(
        shown(all, &[(PERSON, 4)], &[(PERSON, 5)]),
        Receipt::Delivered
    );
    assert_eq!(shown(all, &[(PERSON, 5)], &[(PERSON, 5)]), Receipt::Read);
    assert_eq!(shown(all, &[(PERSON, 5)], &[]), Receipt::Read, "implied");
}

#[test]
fn a_note_is_not_delivered_to_whose_conversation_it_is() {
    let note = Audience::Staff;
    assert_eq!(shown(note, &[], &[(PERSON, 6)]), Receipt::Sent);
    let both = [(PERSON, 6), (COLLEAGUE, 5)];
    assert_eq!(shown(note, &[], &both), Receipt::Delivered);
}

#[test]
fn a_rows_name_on_the_page_leads_back_to_it() {
    for key in [
        RowKey::Mine(ClientId::random()),
        RowKey::Message(MessageId(7)),
    ] {
        assert_eq!(key.to_string().parse(), Ok(key));
    }
    for wrong in ["", "7", "mine-7", "message-", "other-7"] {
        assert_eq!(wrong.parse::<RowKey>(), Err(()), "{wrong}");
    }
}
