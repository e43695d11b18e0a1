//! Rooms: one noun for every conversation, in the part that all readers share and the part that is one reader's own.

use serde::{Deserialize, Serialize};

use super::{
    MarksRev, MessageId, RoomId, Seq, SupportState, Timestamp, UserCard, UserId, message::Message,
    text, word::words,
};

/// What sort of conversation a room is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoomKind {
    /// One person who is not staff, and the desk's agents; membership by desk, not by rows.
    Support,
    /// Two users.
    Direct,
    /// Two users, opened from a message (the seeds' PrivateThread).
    Thread,
    /// Anybody may join.
    Public,
    /// By request or invitation.
    Private,
    /// Members follow a course.
    Course,
}

words!(RoomKind {
    Support = "support",
    Direct = "direct",
    Thread = "thread",
    Public = "public",
    Private = "private",
    Course = "course",
});

/// Whom a support room is with. A desk is named in the settings; `admin` is there by default.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Desk(pub String);

impl Desk {
    /// The desk that every school has.
    pub fn default_desk() -> Self {
        Self("admin".to_owned())
    }
}

/// The last countable message of a room, short, for lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastMessage {
    /// The message.
    pub id: MessageId,
    /// Its place.
    pub seq: Seq,
    /// Who wrote it.
    pub sender_id: UserId,
    /// Its first line, cut.
    pub excerpt: String,
    /// When it was committed.
    pub created_at: Timestamp,
}

impl LastMessage {
    /// The short form of `message`.
    pub fn of(message: &Message) -> Self {
        Self {
            id: message.id,
            seq: message.seq,
            sender_id: message.sender.id,
            excerpt: text::excerpt(&message.content),
            created_at: message.created_at,
        }
    }
}

/// What a room is to everybody who may see it. May be broadcast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomShared {
    /// The room.
    pub id: RoomId,
    /// What sort of conversation.
    pub kind: RoomKind,
    /// Its name; empty where the people in it name it (support, direct, thread).
    pub name: String,
    /// Support rooms: whom it is with.
    pub desk: Option<Desk>,
    /// Support rooms: whose it is.
    pub user: Option<UserCard>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A room as one reader has it: what is shared and the reader's own marks. Never in a broadcast frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomForMe {
    /// What all readers share.
    #[serde(flatten)]
    pub shared: RoomShared,
    /// The room's newest seq.
    pub seq: Seq,
    /// Up to where the reader has read.
    pub read_seq: Seq,
    /// Countable messages of others after `read_seq`, at most [`UNREAD_MAX`](super::limits::UNREAD_MAX).
    pub unread_count: i64,
    /// The last message, if there is one.
    pub last_message: Option<LastMessage>,
    /// Support rooms, and only for those who answer: where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<SupportState>,
}

impl RoomForMe {
    /// The room.
    pub fn id(&self) -> RoomId {
        self.shared.id
    }

    /// When something last happened in it.
    pub fn last_activity(&self) -> Timestamp {
        self.last_message
            .as_ref()
            .map_or(self.shared.created_at, |last| last.created_at)
    }
}

/// How far a room has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct RoomCounters {
    /// The room.
    pub room_id: RoomId,
    /// Its newest change.
    pub seq: Seq,
    /// Its newest receipt.
    pub marks_rev: MarksRev,
}
