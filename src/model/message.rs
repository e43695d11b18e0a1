//! Messages, as every reader of the native protocol gets them.

use serde::{Deserialize, Serialize};

use super::{ClientId, MessageId, RoomId, Seq, SystemNote, Timestamp, UserCard, word::words};

/// What a message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Written text.
    Text,
    /// A picture.
    Image,
    /// Any other file.
    File,
    /// A recording.
    Voice,
    /// Told by Quad itself: joins, leaves, changes of the room.
    System,
}

words!(MessageKind { Text = "text", Image = "image", File = "file", Voice = "voice", System = "system" });

/// Who may see a change. Written with it, so that every path filters by the same column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the room.
    #[default]
    All,
    /// Staff of the room: internal notes, assignment.
    Staff,
    /// Staff of the room and who wrote it: question-to-teacher mode.
    StaffAndSender,
}

words!(Audience { All = "all", Staff = "staff", StaffAndSender = "staff_and_sender" });

impl Audience {
    /// Whether it is everybody: what need not be said.
    pub fn is_all(&self) -> bool {
        *self == Self::All
    }
}

/// One message in its present state. Nothing in it differs between its readers, so one encoding serves them all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Unique over all rooms, never reused.
    pub id: MessageId,
    /// Where it stands.
    pub room_id: RoomId,
    /// The room's seq at its creation: its place in the order.
    pub seq: Seq,
    /// The room's seq at its last change; equals `seq` at first.
    pub rev: Seq,
    /// The sender's key for it; how a device finds its own optimistic copy.
    pub client_id: Option<ClientId>,
    /// What it carries.
    pub kind: MessageKind,
    /// Who may see it; absent on the wire: everybody in the room. It reaches nobody else.
    #[serde(default, skip_serializing_if = "Audience::is_all")]
    pub audience: Audience,
    /// What was written, as it was written.
    pub content: String,
    /// Who wrote it.
    pub sender: UserCard,
    /// When it was committed.
    pub created_at: Timestamp,
    /// When it was deleted: it keeps its place, and is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// Of a system message: what it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<Box<SystemNote>>,
}

impl Message {
    /// Whether it counts towards others' unread numbers.
    pub fn is_countable(&self) -> bool {
        self.kind != MessageKind::System
    }

    /// Whether it was deleted.
    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    /// Whether it is an internal note: those who answer talk about the conversation, not in it. It is unread for the
    /// others of them, but is no activity, no last message and no answer.
    pub fn is_note(&self) -> bool {
        self.audience == Audience::Staff
    }
}
