//! What a socket of one room sends: the native events, with messages in their public shape.

use serde::Serialize;

use super::PublicMessage;
use crate::{
    model::{Epoch, MessageId, RoomId, Seq, Timestamp, UserId, WireError},
    protocol::Event,
};

/// A message that was told: enough to say later that it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The message.
    pub id: MessageId,
    /// Its place.
    pub seq: Seq,
    /// Who wrote it.
    pub sender_id: UserId,
}

impl From<&PublicMessage> for Sent {
    fn from(message: &PublicMessage) -> Self {
        Self {
            id: message.id(),
            seq: message.seq(),
            sender_id: message.sender_id(),
        }
    }
}

/// An event, encoded for a socket of one room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The JSON text.
    pub text: String,
    /// The message in it, if it tells of one.
    pub sent: Option<Sent>,
}

/// What only a socket of one room sends, or sends with more in it than the native one.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RoomFrame<'a> {
    /// The first frame.
    ConnectionEstablished {
        /// The room.
        room_id: RoomId,
        /// The connection's number on its server.
        connection_id: String,
        /// The server's clock.
        timestamp: Timestamp,
        /// The database's epoch, for `resume`.
        epoch: &'a Epoch,
        /// A sign of life goes each way at least this often, in seconds.
        heartbeat_interval: u32,
    },
    /// The second frame: the newest messages, oldest first.
    RecentMessages {
        /// The room.
        room_id: RoomId,
        /// Up to where they tell everything.
        seq: Seq,
        /// The messages, as the reader has them.
        messages: &'a [PublicMessage],
    },
    /// A new message; in a resume, a message in its present state.
    ChatMessage {
        /// The room.
        room_id: RoomId,
        /// The change's place.
        seq: Seq,
        /// The message.
        message: &'a PublicMessage,
    },
    /// A message that was told before is deleted.
    MessageDeleted {
        /// The room.
        room_id: RoomId,
        /// The change's place.
        seq: Seq,
        /// The message, empty.
        message: &'a PublicMessage,
    },
    /// Somebody has read up to here.
    MessagesRead {
        /// The room.
        room_id: RoomId,
        /// Who.
        user_id: UserId,
        /// Up to where.
        read_seq: Seq,
        /// The last of the messages that this socket told of and they have read.
        message_ids: &'a [MessageId],
    },
    /// Everything up to here has come to a device of somebody's, read or not.
    MessagesDelivered {
        /// The room.
        room_id: RoomId,
        /// To whom.
        user_id: UserId,
        /// Up to where.
        read_seq: Seq,
        /// The last of the messages that this socket told of and that have come to them.
        message_ids: &'a [MessageId],
    },
    /// What is left to read.
    Unread {
        /// The room.
        room_id: RoomId,
        /// In it.
        unread_count: i64,
        /// Mentions in it.
        mention_count: i64,
        /// In all rooms.
        total: i64,
    },
    /// The answer to `ping`.
    Pong {
        /// The server's clock.
        timestamp: Timestamp,
    },
    /// The answer to `heartbeat`.
    HeartbeatAck {
        /// The server's clock.
        timestamp: Timestamp,
    },
    /// What was sent is not JSON.
    Error {
        /// `INVALID_JSON`.
        code: &'static str,
        /// The sentence for a person.
        detail: String,
    },
}

impl RoomFrame<'_> {
    /// What was sent is not JSON.
    pub fn invalid_json() -> Self {
        Self::Error {
            code: "INVALID_JSON",
            detail: WireError::Malformed.to_string(),
        }
    }

    /// The JSON text.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// An event as a socket of one room sends it.
pub fn told(event: &Event) -> Told {
    match event {
        Event::ChatMessage {
            room_id,
            seq,
            message,
        } => {
            let message = &PublicMessage::from((**message).clone());
            let (room_id, seq) = (*room_id, *seq);
            let frame = RoomFrame::ChatMessage {
                room_id,
                seq,
                message,
            };
            Told {
                text: frame.text(),
                sent: Some(Sent::from(message)),
            }
        }
        Event::MessageDeleted {
            room_id,
            seq,
            message,
        } => {
            let message = &PublicMessage::from((**message).clone());
            let (room_id, seq) = (*room_id, *seq);
            let frame = RoomFrame::MessageDeleted {
                room_id,
                seq,
                message,
            };
            Told {
                text: frame.text(),
                sent: None,
            }
        }
        _ => Told {
            text: serde_json::to_string(event).unwrap_or_default(),
            sent: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_events_are_told_as_they_are() {
        let event = Event::CaughtUp {
            room_id: RoomId(3),
            seq: Seq(4),
        };
        let told = told(&event);
        assert_eq!(told.text, r#"{"type":"caught_up","room_id":3,"seq":4}"#);
        assert_eq!(told.sent, None);
    }

    #[test]
    fn broken_json_has_the_code_that_clients_know() {
        let frame: serde_json::Value =
            serde_json::from_str(&RoomFrame::invalid_json().text()).unwrap();
        assert_eq!(
            (&frame["type"], &frame["code"]),
            (&"error".into(), &"INVALID_JSON".into())
        );
    }
}
