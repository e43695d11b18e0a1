//! What the server sends. One file lists every event.

use serde::{Deserialize, Serialize};

use crate::model::{
    Alert, Alerts, ClientId, Epoch, JoinRequest, Member, Message, MessageId, Policy, Presence,
    RoomForMe, RoomId, RoomShared, Seq, SupportState, Timestamp, UserCard, UserId, UserRev,
    WireError,
};

/// Somebody came into a room, went out of it, or stands otherwise in it. Absolute: it may be applied again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberChanged {
    /// The room.
    pub room_id: RoomId,
    /// The change's place.
    pub seq: Seq,
    /// The member as they are now.
    pub member: Member,
    /// How many are in the room now.
    pub member_count: i64,
    /// What is told of it in the room; absent in a resume, where messages come for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<Message>>,
}

/// What a room is has changed. Absolute: it may be applied again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomUpdated {
    /// The room.
    pub room_id: RoomId,
    /// The change's place.
    pub seq: Seq,
    /// What it is now.
    pub room: RoomShared,
    /// What is told of it in the room; absent in a resume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<Message>>,
}

/// Somebody asks to be let in, or that was decided: for those who decide, and for whoever asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestChanged {
    /// The room.
    pub room_id: RoomId,
    /// The request as it stands.
    pub request: JoinRequest,
    /// For those who decide: how many ask now.
    pub pending_count: i64,
    /// Your list's counter after this change.
    pub user_rev: UserRev,
}

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
    /// What everybody is told now, and what of it you have put away.
    #[serde(default)]
    pub alerts: Alerts,
    /// Whom you have blocked, by name.
    #[serde(default)]
    pub blocked: Vec<UserCard>,
    /// Who writes to whom, and who makes rooms.
    #[serde(default)]
    pub policy: Policy,
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
    /// Durable: a message that was told before is deleted.
    MessageDeleted {
        /// The room.
        room_id: RoomId,
        /// The change's place.
        seq: Seq,
        /// The message, empty.
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
    /// Durable: somebody came in.
    MemberJoined(Box<MemberChanged>),
    /// Durable: somebody is out.
    MemberLeft(Box<MemberChanged>),
    /// Durable: a member is something else, or may not write, or may again.
    MemberRole(Box<MemberChanged>),
    /// Durable: the room has another name, or is otherwise something else.
    RoomUpdated(Box<RoomUpdated>),
    /// Durable, and the last: the room is gone.
    RoomDeleted {
        /// The room.
        room_id: RoomId,
        /// The change's place.
        seq: Seq,
    },
    /// Somebody asks to be let in.
    JoinRequest(Box<RequestChanged>),
    /// That was granted.
    JoinApproved(Box<RequestChanged>),
    /// That was not granted.
    JoinDenied(Box<RequestChanged>),
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
    /// A sign, for those who answer in a support room and look at it: who of them does, yourself included. Of one node.
    Looking {
        /// The room.
        room_id: RoomId,
        /// Who.
        people: Vec<UserCard>,
    },
    /// A sign, for those who look at that person: whether they are there. The latest one counts.
    Presence(Presence),
    /// A mark: somebody has read up to here. It never goes back.
    MessagesRead {
        /// The room.
        room_id: RoomId,
        /// Who.
        user_id: UserId,
        /// Up to where.
        read_seq: Seq,
    },
    /// A mark: everything up to here has come to a device of somebody's, read or not. It never goes back.
    MessagesDelivered {
        /// The room.
        room_id: RoomId,
        /// To whom.
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
    /// What you want of a room changed, on whichever device.
    RoomChosen {
        /// The room.
        room_id: RoomId,
        /// Whether it counts in no badge, no title and no bell.
        is_quiet: bool,
        /// Whether it stands first.
        is_pinned: bool,
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
    /// What everybody is told now, oldest first: all of it, replacing what you knew.
    System {
        /// The alerts that stand.
        alerts: Vec<Alert>,
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

    /// Tells those who know the message as it was before its last change.
    pub fn of_message(message: Message) -> Self {
        let (room_id, seq, message) = (message.room_id, message.rev, Box::new(message));
        if message.is_deleted() {
            Self::MessageDeleted {
                room_id,
                seq,
                message,
            }
        } else {
            Self::ChatMessage {
                room_id,
                seq,
                message,
            }
        }
    }

    /// Of a durable event: its room and its place.
    pub fn place(&self) -> Option<(RoomId, Seq)> {
        match self {
            Self::ChatMessage { room_id, seq, .. }
            | Self::MessageDeleted { room_id, seq, .. }
            | Self::SupportUpdated { room_id, seq, .. }
            | Self::Skip {
                room_id, to: seq, ..
            }
            | Self::RoomDeleted { room_id, seq } => Some((*room_id, *seq)),
            Self::MemberJoined(change) | Self::MemberLeft(change) | Self::MemberRole(change) => {
                Some((change.room_id, change.seq))
            }
            Self::RoomUpdated(change) => Some((change.room_id, change.seq)),
            _ => None,
        }
    }
}
