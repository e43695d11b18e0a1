//! What clients send.

use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::model::{
    Audience, ClientId, Epoch, JoinRequestId, MessageId, PresenceStatus, RoomId, Seq, UserId,
    WireError, limits::IDS_AT_ONCE,
};

/// One room to resume, and up to where it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResumeFrom {
    /// The room.
    pub room_id: RoomId,
    /// Everything up to this seq is known.
    pub since: Seq,
}

/// Messages that stand for the places up to which something is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByMessages {
    /// The messages, at most [`IDS_AT_ONCE`]. What is not there, or not yours to see, changes nothing.
    pub message_ids: Vec<MessageId>,
    /// The room that is meant; absent: whichever they are in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
}

/// A command, without its envelope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// Send a message. `message` is the seeds' word for `content`, `private_message` another one for all of it.
    #[serde(alias = "private_message")]
    ChatMessage {
        /// Where to.
        room_id: RoomId,
        /// What was written.
        #[serde(alias = "message")]
        content: String,
        /// The device's key for it; the server makes one where it is absent.
        #[serde(default)]
        client_id: Option<ClientId>,
        /// `staff`: an internal note, for those who answer; absent: everybody in the room.
        #[serde(default, skip_serializing_if = "Audience::is_all")]
        audience: Audience,
        /// The message it answers.
        #[serde(default)]
        reply_to: Option<MessageId>,
    },
    /// Delete a message: it keeps its place, empty.
    DeleteMessage {
        /// Which.
        message_id: MessageId,
    },
    /// Show or stop showing that one is typing.
    Typing {
        /// Where.
        room_id: RoomId,
        /// Absent: true.
        #[serde(default = "yes")]
        is_typing: bool,
        /// `staff`: an internal note, which only those who answer are shown; absent: everybody in the room.
        #[serde(default, skip_serializing_if = "Audience::is_all")]
        audience: Audience,
    },
    /// The same as `typing` with `is_typing: false`.
    StopTyping {
        /// Where.
        room_id: RoomId,
    },
    /// Move one's own read mark forward, never back.
    MarkRead {
        /// Where.
        room_id: RoomId,
        /// Up to where.
        read_seq: Seq,
    },
    /// The same by messages: up to the last of them in each room, or in that one alone.
    #[serde(rename = "mark_read", skip_deserializing)]
    ReadMessages(ByMessages),
    /// Say up to where a room has come, read or not. Forward only, and rooms of many keep no such marks.
    Delivered {
        /// Which.
        room_id: RoomId,
        /// Up to where.
        read_seq: Seq,
    },
    /// The same by messages: up to the last of them in each room, or in that one alone.
    #[serde(rename = "delivered", skip_deserializing)]
    MessagesDelivered(ByMessages),
    /// Ask for what changed meanwhile.
    Resume {
        /// The epoch the client knows.
        epoch: Epoch,
        /// The rooms whose snapshot it holds.
        rooms: Vec<ResumeFrom>,
    },
    /// Say where one looks: typing signs and presence come from there alone.
    Watch {
        /// The open room, if one is.
        #[serde(default)]
        room_id: Option<RoomId>,
        /// People whose presence matters, at most 200.
        #[serde(default)]
        user_ids: Vec<UserId>,
    },
    /// Put a member out of a room; they may come back.
    KickUser {
        /// The room.
        room_id: RoomId,
        /// Whom.
        user_id: UserId,
    },
    /// Ask to be let into a room.
    JoinRequest {
        /// The room.
        room_id: RoomId,
        /// For those who decide.
        #[serde(default)]
        note: String,
    },
    /// Let in who has asked.
    ApproveJoin {
        /// The room.
        room_id: RoomId,
        /// The request.
        request_id: JoinRequestId,
    },
    /// Do not; they may ask again.
    DenyJoin {
        /// The room.
        room_id: RoomId,
        /// The request.
        request_id: JoinRequestId,
    },
    /// A sign of life: somebody does something, on whichever device; and as what they want to be seen, where they say so.
    Presence {
        /// Absent: as before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<PresenceStatus>,
    },
    /// Ask for `hello` again: one's own list may have a gap.
    Hello,
    /// Ask for a sign of life.
    Ping,
}

fn yes() -> bool {
    true
}

/// A command with its `ref`.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandFrame {
    /// Repeated in the `ack` or `error`.
    pub reference: Option<String>,
    /// What is wanted.
    pub command: Command,
}

/// What every frame has, whatever its `type`.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "ref", default)]
    reference: Option<String>,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    /// Whether marks come by messages.
    #[serde(default)]
    message_ids: Option<IgnoredAny>,
}

const TYPES: [&str; 16] = [
    "chat_message",
    "private_message",
    "delete_message",
    "typing",
    "stop_typing",
    "mark_read",
    "delivered",
    "resume",
    "watch",
    "kick_user",
    "join_request",
    "approve_join",
    "deny_join",
    "presence",
    "hello",
    "ping",
];

impl CommandFrame {
    /// Reads one text frame.
    ///
    /// Errors, with the frame's `ref` where it could be read: `malformed` for broken JSON and missing or wrong fields,
    /// `invalid` for too many messages, `unknown_type` for a `type` that is not in the table.
    pub fn parse(text: &str) -> Result<Self, (Option<String>, WireError)> {
        let head: Head = serde_json::from_str(text).map_err(|_| (None, WireError::Malformed))?;
        match head.kind.as_deref() {
            Some(kind) if TYPES.contains(&kind) => {
                let command = match (kind, head.message_ids) {
                    ("mark_read", Some(_)) => by_messages(text).map(Command::ReadMessages),
                    ("delivered", Some(_)) => by_messages(text).map(Command::MessagesDelivered),
                    _ => serde_json::from_str(text).map_err(|_| WireError::Malformed),
                };
                match command {
                    Ok(command) => Ok(Self {
                        reference: head.reference,
                        command,
                    }),
                    Err(error) => Err((head.reference, error)),
                }
            }
            Some(_) => Err((head.reference, WireError::UnknownType)),
            None => Err((head.reference, WireError::Malformed)),
        }
    }
}

fn by_messages(text: &str) -> Result<ByMessages, WireError> {
    let by: ByMessages = serde_json::from_str(text).map_err(|_| WireError::Malformed)?;
    if by.message_ids.len() > IDS_AT_ONCE {
        let problem = format!("At most {IDS_AT_ONCE} at once.");
        return Err(WireError::field("message_ids", problem));
    }
    Ok(by)
}

#[cfg(test)]
mod tests;
