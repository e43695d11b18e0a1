//! Members: who is in a room by row, and as what.

use serde::{Deserialize, Serialize};

use super::{JoinRequestId, RoomId, Timestamp, UserCard, UserId, WireError, word::words};

/// What somebody is in a room; the later ones may more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberRole {
    /// Takes part.
    #[default]
    Member,
    /// Keeps order.
    Moderator,
    /// Runs it: who made it, and whom they made one.
    Host,
}

words!(MemberRole { Member = "member", Moderator = "moderator", Host = "host" });

/// What rights need to know of a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// As what.
    pub role: MemberRole,
    /// Whether they may not write just now.
    pub is_muted: bool,
}

impl Membership {
    /// Somebody who takes part.
    pub const MEMBER: Self = Self {
        role: MemberRole::Member,
        is_muted: false,
    };
}

/// Somebody in a room.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub user: UserCard,
    /// As what.
    pub role: MemberRole,
    /// Since when.
    pub joined_at: Timestamp,
    /// Until when they may not write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted_until: Option<Timestamp>,
}

/// What somebody does with a member of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberChange {
    /// Puts them out; they may come back.
    Kick,
    /// Puts them out, until that is lifted.
    Ban,
    /// Lets them come back.
    LiftBan,
    /// Lets them read but not write for so many minutes; none: they may write again.
    Mute(Option<u32>),
    /// Makes them that.
    Role(MemberRole),
}

/// Where a request to join stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RequestStatus {
    /// Nobody has decided yet.
    #[default]
    Pending,
    /// They are in.
    Approved,
    /// They are not; they may ask again.
    Denied,
}

words!(RequestStatus { Pending = "pending", Approved = "approved", Denied = "denied" });

/// Somebody asks to be let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinRequest {
    /// Its number.
    pub id: JoinRequestId,
    /// Where.
    pub room_id: RoomId,
    /// Who.
    pub user: UserCard,
    /// What they say about it.
    pub note: String,
    /// Where it stands.
    pub status: RequestStatus,
    /// When they asked.
    pub created_at: Timestamp,
    /// When it was decided.
    pub processed_at: Option<Timestamp>,
    /// By whom.
    pub processed_by: Option<UserId>,
}

/// Longest note of a request, in characters.
pub const NOTE_CHARS: usize = 500;

/// The note as it is stored. Errors: `invalid` on `note`.
pub fn check_note(note: &str) -> Result<String, WireError> {
    super::text::check_line_or_more("note", note, 0, NOTE_CHARS)
}

/// The reason as it is told. Errors: `invalid` on `reason`.
pub fn check_reason(reason: &str) -> Result<String, WireError> {
    super::text::check_line_or_more("reason", reason, 0, NOTE_CHARS)
}

/// Longest mute, in minutes: four weeks.
pub const MUTE_MINUTES: u32 = 4 * 7 * 24 * 60;
