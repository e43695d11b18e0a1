//! Rooms: one noun for every conversation, in the part that all readers share and the part that is one reader's own.

use serde::{Deserialize, Serialize};

use super::{
    ChatMode, CourseCard, MarksRev, MemberRole, MessageId, RoomId, Seq, Staff, SupportState,
    Timestamp, UserCard, UserId,
    member::Membership,
    message::Message,
    permission::{RoomFacts, Whose},
    text,
    word::words,
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

impl RoomKind {
    /// Whether it is a room of many, with roles in it, rather than a conversation of few.
    pub fn is_group(self) -> bool {
        matches!(self, Self::Public | Self::Private | Self::Course)
    }
}
/// Longest name of a desk, in characters.
pub const DESK_CHARS: usize = 32;

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

    /// Whether a desk may have this name: it stands in addresses as it is.
    pub fn is_name(&self) -> bool {
        let is_sign =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        (1..=DESK_CHARS).contains(&self.0.len()) && self.0.chars().all(is_sign)
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
    /// Whether it was deleted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_deleted: bool,
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
            is_deleted: message.is_deleted(),
            created_at: message.created_at,
        }
    }
}

/// What a room is to everybody who may see it. May be broadcast.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// Direct rooms and private threads: the two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<UserCard>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Private rooms: whether others see the card and may ask to join.
    #[serde(default)]
    pub is_listed: bool,
    /// How many may be in it; none: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_members: Option<i64>,
    /// Whether it is read-only.
    #[serde(default)]
    pub is_archived: bool,
    /// Whether files may be sent.
    #[serde(default)]
    pub allow_files: bool,
    /// Whether recordings may be sent.
    #[serde(default)]
    pub allow_voice: bool,
    /// Private threads: the message from which it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_message: Option<MessageId>,
    /// Private threads: the room of that message, which not everybody who is here need be in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_room: Option<RoomId>,
    /// Course rooms: whom it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<CourseCard>,
    /// Course rooms: who sees what students write.
    #[serde(default, skip_serializing_if = "ChatMode::is_public")]
    pub chat_mode: ChatMode,
    /// When it was made.
    pub created_at: Timestamp,
}

impl RoomShared {
    /// A room of which nothing but this is said.
    pub fn new(id: RoomId, kind: RoomKind, created_at: Timestamp) -> Self {
        Self {
            id,
            kind,
            name: String::new(),
            desk: None,
            user: None,
            people: Vec::new(),
            description: String::new(),
            is_listed: false,
            max_members: None,
            is_archived: false,
            allow_files: true,
            allow_voice: true,
            owner_message: None,
            owner_room: None,
            course: None,
            chat_mode: ChatMode::Public,
            created_at,
        }
    }

    /// Direct rooms and private threads: the other one of the two.
    pub fn other(&self, me: UserId) -> Option<&UserCard> {
        self.people.iter().find(|card| card.id != me)
    }
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
    /// What the reader is in it, where they are in it by row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<MemberRole>,
    /// Until when the reader may not write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted_until: Option<Timestamp>,
    /// Rooms of two: whether the reader may not write to the other one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_closed: bool,
    /// Whether the reader wants it to count in no badge, no title and no bell.
    #[serde(default, skip_serializing_if = "is_not")]
    pub is_quiet: bool,
    /// Whether the reader wants it to stand first.
    #[serde(default, skip_serializing_if = "is_not")]
    pub is_pinned: bool,
    /// How many are in it by row.
    #[serde(default)]
    pub member_count: i64,
    /// Those who decide: how many ask to be let in.
    #[serde(default)]
    pub pending_count: i64,
    /// Support rooms, and only for those who answer: where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<SupportState>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_not(flag: &bool) -> bool {
    !flag
}

/// What a person may want of a room, for themselves alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomChoice {
    /// That it counts in no badge, no title and no bell, or does again.
    Quiet(bool),
    /// That it stands first in the list, or does no longer.
    Pinned(bool),
}

impl RoomForMe {
    /// A room in which nothing has happened yet.
    pub fn new(shared: RoomShared) -> Self {
        Self {
            shared,
            seq: Seq(0),
            read_seq: Seq(0),
            unread_count: 0,
            last_message: None,
            role: None,
            muted_until: None,
            is_closed: false,
            is_quiet: false,
            is_pinned: false,
            member_count: 0,
            pending_count: 0,
            support: None,
        }
    }

    /// The room.
    pub fn id(&self) -> RoomId {
        self.shared.id
    }

    /// Whether it is one of the chat's own, rather than one of support.
    pub fn is_chat(&self) -> bool {
        self.shared.kind != RoomKind::Support
    }

    /// Whether two people have it for themselves.
    pub fn is_personal(&self) -> bool {
        matches!(self.shared.kind, RoomKind::Direct | RoomKind::Thread)
    }

    /// What decides whether its reader is staff in it.
    pub fn whose(&self, reader: UserId) -> Whose {
        let is_staff = self.role >= Some(MemberRole::Moderator);
        Whose {
            kind: self.shared.kind,
            person: self.shared.user.as_ref().map(|user| user.id),
            staff: Staff::of(is_staff.then_some(reader)),
        }
    }

    /// What the permission table needs to know of it, for the reader, whose list it is in.
    pub fn facts(&self, now: Timestamp) -> RoomFacts {
        RoomFacts {
            kind: self.shared.kind,
            person: self.shared.user.as_ref().map(|user| user.id),
            is_served: self.support.is_some(),
            membership: self.role.map(|role| Membership {
                role,
                is_muted: self.muted_until.is_some_and(|until| now < until),
            }),
            is_listed: self.shared.is_listed,
            is_archived: self.shared.is_archived,
            is_deleted: false,
            is_closed: self.is_closed,
        }
    }

    /// What is unread and counts: nothing of a room that is to be quiet.
    pub fn counted_unread(&self) -> i64 {
        if self.is_quiet { 0 } else { self.unread_count }
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
    /// Its newest receipt or delivery.
    pub marks_rev: MarksRev,
}

/// What those see of a room who are not in it: enough to join it, or to ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoomCard {
    /// What all share.
    pub shared: RoomShared,
    /// Who runs it.
    pub host: Option<UserCard>,
    /// How many are in it.
    pub member_count: i64,
    /// What the reader is in it, if they are in.
    pub role: Option<MemberRole>,
    /// Whether the reader has asked to be let in.
    pub has_pending_request: bool,
    /// Whether the reader may not come in.
    pub is_banned: bool,
}

impl RoomCard {
    /// Whether nobody else can come in.
    pub fn is_full(&self) -> bool {
        self.shared
            .max_members
            .is_some_and(|most| self.member_count >= most)
    }
}
