//! What the server sends. One file lists every event.

use serde::{Deserialize, Serialize};

use crate::model::{
    ClientId, Epoch, Message, MessageId, RoomForMe, RoomId, Seq, SupportState, Timestamp, UserCard,
    UserId, UserRev, WireError,
};

/// The first frame: who you are and your whole list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// You.
    pub user: UserCard,
    /// The database's epoch.
    pub epoch: Epoch,
    /// The server's clock.
    pub server_time: Timestamp,
    /// A sign of life goes each way at least this often, in seconds.
    pub heartbeat_interval: u32,
    /// Your list's counter.
    pub user_rev: UserRev,
    /// Your rooms with your marks: your whole list, replacing what you knew.
    pub rooms: Vec<RoomForMe>,
}

/// It is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The command's `ref`.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The message's key.
    pub client_id: ClientId,
    /// The message.
    pub message_id: MessageId,
    /// Its place.
    pub seq: Seq,
    /// When it was committed.
    pub timestamp: Timestamp,
}

/// A command was refused; the socket stays open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorEvent {
    /// The command's `ref`.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The message's key, where the command had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// What went wrong, with its `code`.
    #[serde(flatten)]
    pub error: WireError,
    /// The sentence for a person.
    pub detail: String,
}

/// Everything the server pushes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Who you are and your whole list.
    Hello(Box<Hello>),
    /// Everything up to `seq` has been sent.
    CaughtUp {
        /// The room.
        room_id: RoomId,
        /// Up to where.
        seq: Seq,
    },
    /// Changes that are not yours to see.
    Skip {
        /// The room.
        room_id: RoomId,
        /// The first of them.
        from: Seq,
        /// The last of them.
        to: Seq,
    },
    /// What you know of this room is too old; fetch it afresh.
    Reset {
        /// The room.
        room_id: RoomId,
    },
    /// Durable: a new message; in a resume, a message in its present state.
    ChatMessage {
        /// The room.
        room_id: RoomId,
        /// The change's place.
        seq: Seq,
        /// The message.
        message: Box<Message>,
    },
    /// Durable, for those who answer: a support room stands elsewhere now; in a resume, where it stands.
    SupportUpdated {
        /// The room.
        room_id: RoomId,
        /// The change's place.
        seq: Seq,
        /// Where it stands.
        support: Box<SupportState>,
    },
    /// A sign: somebody is typing, or has stopped.
    TypingIndicator {
        /// The room.
        room_id: RoomId,
        /// Who.
        user_id: UserId,
        /// Their name.
        sender_name: String,
        /// Whether they are.
        is_typing: bool,
    },
    /// A mark: somebody has read up to here. It never goes back.
    MessagesRead {
        /// The room.
        room_id: RoomId,
        /// Who.
        user_id: UserId,
        /// Up to where.
        read_seq: Seq,
    },
    /// Your own mark in a room changed, on whichever device.
    Unread {
        /// The room.
        room_id: RoomId,
        /// The room's newest change when it was counted: messages after it are not in the count.
        seq: Seq,
        /// Up to where you have read.
        read_seq: Seq,
        /// What is left.
        unread_count: i64,
        /// Your list's counter after this change.
        user_rev: UserRev,
    },
    /// A room came into your list.
    RoomAdded {
        /// The room as you have it.
        room: Box<RoomForMe>,
        /// Your list's counter after this change; absent where the list itself did not change (a room beyond what
        /// `hello` carries).
        user_rev: Option<UserRev>,
    },
    /// A room left your list.
    RoomRemoved {
        /// The room.
        room_id: RoomId,
        /// Your list's counter after this change.
        user_rev: UserRev,
    },
    /// It is durable.
    Ack(Ack),
    /// A command was refused.
    Error(Box<ErrorEvent>),
    /// A sign of life.
    Pong,
}

impl Event {
    /// An `error` for a command.
    pub fn error(reference: Option<String>, client_id: Option<ClientId>, error: WireError) -> Self {
        let detail = error.to_string();
        Self::Error(Box::new(ErrorEvent {
            reference,
            client_id,
            error,
            detail,
        }))
    }

    /// Of a durable event: its room and its place.
    pub fn place(&self) -> Option<(RoomId, Seq)> {
        match self {
            Self::ChatMessage { room_id, seq, .. }
            | Self::SupportUpdated { room_id, seq, .. }
            | Self::Skip {
                room_id, to: seq, ..
            } => Some((*room_id, *seq)),
            _ => None,
        }
    }
}
