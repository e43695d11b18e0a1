//! A message, as the contract shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Person, html::html, person::sender_type};
use crate::model::{
    Audience, ClientId, Message, MessageId, MessageKind, RoomId, Seq, Timestamp, UserId,
};

/// What nothing stands in yet: an empty list.
type Nothing = [(); 0];

/// A message. `message_type`, `timestamp`, `sender_*`, `room`, `conversation` and `deleted` repeat what stands beside
/// them, for clients that look there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicMessage {
    id: MessageId,
    room_id: RoomId,
    seq: Seq,
    rev: Seq,
    client_id: Option<ClientId>,
    kind: MessageKind,
    message_type: MessageKind,
    #[serde(skip_serializing_if = "Audience::is_all")]
    audience: Audience,
    content: String,
    html: String,
    sender: Person,
    sender_type: &'static str,
    sender_id: UserId,
    sender_name: String,
    timestamp: Timestamp,
    created_at: Timestamp,
    edited_at: Option<Timestamp>,
    is_edited: bool,
    is_deleted: bool,
    is_read: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_delivered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    read_by_count: usize,
    reply_to: Option<()>,
    reply_to_id: Option<MessageId>,
    room: RoomId,
    conversation: RoomId,
    deleted: bool,
    updated_at: Timestamp,
    thread_root: Option<MessageId>,
    reply_count: i64,
    attachments: Nothing,
    reactions: Nothing,
    mentions: Nothing,
}

/// How far a message of the reader's own has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// It is durable.
    Sent,
    /// It has come to a device of somebody else's.
    Delivered,
    /// Somebody else has read it.
    Read,
}

/// Who reads, and what has been read.
#[derive(Clone, Copy, Debug)]
pub struct Readership<'a> {
    /// The reader.
    pub reader: UserId,
    /// Up to where the reader has read.
    pub read_seq: Seq,
    /// Up to where everybody has, as others may see.
    pub receipts: &'a BTreeMap<UserId, Seq>,
    /// Up to where it has come to everybody.
    pub deliveries: &'a BTreeMap<UserId, Seq>,
    /// Support rooms: whose it is, whose marks pass over notes.
    pub person: Option<UserId>,
}

impl From<Message> for PublicMessage {
    /// As a live frame has it: the same for all readers.
    fn from(message: Message) -> Self {
        Self {
            id: message.id,
            room_id: message.room_id,
            seq: message.seq,
            rev: message.rev,
            client_id: message.client_id,
            kind: message.kind,
            message_type: message.kind,
            audience: message.audience,
            html: html(&message.content),
            content: message.content,
            sender_type: sender_type(message.sender.role),
            sender_id: message.sender.id,
            sender_name: message.sender.name.clone(),
            sender: message.sender.into(),
            timestamp: message.created_at,
            created_at: message.created_at,
            edited_at: None,
            is_edited: false,
            is_deleted: message.deleted_at.is_some(),
            is_read: false,
            is_delivered: None,
            status: None,
            read_by_count: 0,
            reply_to: None,
            reply_to_id: None,
            room: message.room_id,
            conversation: message.room_id,
            deleted: message.deleted_at.is_some(),
            updated_at: message.deleted_at.unwrap_or(message.created_at),
            thread_root: None,
            reply_count: 0,
            attachments: [],
            reactions: [],
            mentions: [],
        }
    }
}

impl PublicMessage {
    /// As one reader has it: somebody else's is read where the reader has read it, one's own where anybody has. One's own
    /// says besides how far it has come.
    pub fn for_reader(message: Message, readership: Readership<'_>) -> Self {
        let mut message = Self::from(message);
        let blind = readership.person.filter(|_| !message.audience.is_all());
        message.read_by_count = message.reached(readership.receipts, blind);
        if message.sender_id != readership.reader {
            message.is_read = message.seq <= readership.read_seq;
            return message;
        }
        message.is_read = message.read_by_count > 0;
        // Who has read it has received it.
        let is_delivered = message.is_read || message.reached(readership.deliveries, blind) > 0;
        message.is_delivered = Some(is_delivered);
        message.status = Some(match (message.is_read, is_delivered) {
            (true, _) => Status::Read,
            (false, true) => Status::Delivered,
            (false, false) => Status::Sent,
        });
        message
    }

    /// How many others are that far.
    fn reached(&self, marks: &BTreeMap<UserId, Seq>, blind: Option<UserId>) -> usize {
        let others = marks
            .iter()
            .filter(|(user_id, _)| **user_id != self.sender_id && Some(**user_id) != blind);
        others.filter(|(_, seq)| **seq >= self.seq).count()
    }

    /// The message.
    pub fn id(&self) -> MessageId {
        self.id
    }

    /// Its place.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// Who wrote it.
    pub fn sender_id(&self) -> UserId {
        self.sender_id
    }

    /// When it was committed.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// What was written.
    pub fn content(&self) -> &str {
        &self.content
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Role, UserCard};

    fn message(sender: i64) -> Message {
        Message {
            id: MessageId(7),
            room_id: RoomId(3),
            seq: Seq(2),
            rev: Seq(2),
            client_id: None,
            kind: MessageKind::Text,
            audience: Audience::All,
            content: "a <b>".to_owned(),
            sender: UserCard {
                id: UserId(sender),
                name: "Nora".to_owned(),
                role: Role::Agent,
            },
            created_at: Timestamp(1_754_303_400_000),
            deleted_at: None,
            system: None,
        }
    }

    #[test]
    fn it_has_the_words_that_other_clients_look_for() {
        let shown = serde_json::to_value(PublicMessage::from(message(1))).unwrap();
        let expected = serde_json::json!({
            "id": 7, "room_id": 3, "seq": 2, "rev": 2, "client_id": null, "kind": "text", "message_type": "text",
            "content": "a <b>", "html": "a &lt;b&gt;",
            "sender": { "id": 1, "name": "Nora", "role": "agent", "avatar": null },
            "sender_type": "admin", "sender_id": 1, "sender_name": "Nora",
            "timestamp": "2025-08-04T10:30:00Z", "created_at": "2025-08-04T10:30:00Z", "edited_at": null,
            "is_edited": false, "is_deleted": false, "is_read": false, "read_by_count": 0, "reply_to": null,
            "reply_to_id": null, "room": 3, "conversation": 3, "deleted": false,
            "updated_at": "2025-08-04T10:30:00Z", "thread_root": null, "reply_count": 0, "attachments": [],
            "reactions": [], "mentions": [],
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn whether_it_is_read_is_the_readers() {
        let receipts = BTreeMap::from([(UserId(1), Seq(9)), (UserId(2), Seq(2))]);
        let read = |reader: i64, read_seq: i64| {
            let readership = Readership {
                reader: UserId(reader),
                read_seq: Seq(read_seq),
                receipts: &receipts,
                deliveries: &BTreeMap::new(),
                person: None,
            };
            PublicMessage::for_reader(message(1), readership)
        };
        assert!(read(1, 0).is_read, "somebody else has read it");
        assert_eq!(read(1, 0).read_by_count, 1);
        assert!(read(2, 2).is_read);
        assert!(!read(2, 1).is_read, "marked as unread");
    }

    #[test]
    fn how_far_it_has_come_is_said_to_whoever_wrote_it_alone() {
        let shown = |reader: i64, receipt: i64, delivery: i64| {
            let (receipts, deliveries) = (
                BTreeMap::from([(UserId(2), Seq(receipt))]),
                // What has come to oneself says nothing.
                BTreeMap::from([(UserId(1), Seq(9)), (UserId(2), Seq(delivery))]),
            );
            let readership = Readership {
                reader: UserId(reader),
                read_seq: Seq(0),
                receipts: &receipts,
                deliveries: &deliveries,
                person: None,
            };
            let shown = PublicMessage::for_reader(message(1), readership);
            let shown = serde_json::to_value(shown).unwrap();
            (shown["is_delivered"].clone(), shown["status"].clone())
        };
        assert_eq!(shown(1, 1, 1), (false.into(), "sent".into()));
        assert_eq!(shown(1, 1, 2), (true.into(), "delivered".into()));
        assert_eq!(shown(1, 2, 2), (true.into(), "read".into()));
        assert_eq!(shown(1, 2, 0), (true.into(), "read".into()), "implied");
        let nothing = serde_json::Value::Null;
        assert_eq!(shown(2, 2, 2), (nothing.clone(), nothing));
    }
}
