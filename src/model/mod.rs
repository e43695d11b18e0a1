//! The nouns of Quad and the rules that hold for them on both targets.
//!
//! Owns: ids, users, rooms, messages, times, the permission table, limits, the text rules and the one wire error.
//! Must not know: leptos, axum, sqlx (beyond derives) or the browser. A new noun gets a file named after it; a rule
//! about it stands beside it, as a plain function with its tests.

pub mod account;
pub mod alert;
pub mod canned;
pub mod colour;
pub mod course;
pub mod desk;
pub mod directory;
pub mod error;
#[cfg(feature = "ssr")]
pub mod fold;
pub mod hours;
pub mod id;
pub mod keeping;
pub mod limits;
pub mod listing;
pub mod member;
pub mod message;
pub mod permission;
pub mod policy;
pub mod presence;
pub mod room;
pub mod room_draft;
pub mod roster;
pub mod school;
pub mod search;
pub mod seeing;
pub mod serving;
pub mod session;
pub mod support;
pub mod system;
pub mod text;
pub mod time;
pub mod user;
pub mod word;
pub mod zone;

pub use alert::{Alert, Alerts};
pub use canned::{CannedDraft, CannedReply};
pub use colour::Colour;
pub use course::{ChatMode, CourseCard, CourseRole, Staff};
pub use desk::{DeskCard, Desks, Named};
pub use directory::{Listing, PeoplePage, PeopleQuery, Profile, SharedRoom};
pub use error::WireError;
pub use hours::{Hours, Opening};
pub use id::{
    AlertId, CannedReplyId, ClientId, CourseId, Epoch, JoinRequestId, MarksRev, MessageId, RoomId,
    Seq, SessionId, UserId, UserRev,
};
pub use limits::Limits;
pub use listing::{HistoryPart, Listed, Reach, RoomFilter, Shelf, Slice};
pub use member::{JoinRequest, Member, MemberChange, MemberRole, Membership, RequestStatus};
pub use message::{Audience, Message, MessageKind};
pub use policy::Policy;
pub use presence::{OwnPresence, PRESENCE_STATUSES, Presence, PresenceFacts, PresenceStatus};
pub use room::{
    Desk, LastMessage, RoomCard, RoomChoice, RoomCounters, RoomForMe, RoomKind, RoomShared,
};
pub use room_draft::{RoomDraft, RoomPatch};
pub use school::{Look, SchoolState};
pub use search::{FoundMessage, Has, MarkedPart, SearchPage, SearchQuery};
pub use session::{OwnSession, SessionKind};
pub use support::{
    Colleague, InboxPage, InboxQuery, PersonDetails, SupportChange, SupportState, SupportStatus,
};
pub use system::{SystemArgs, SystemKey, SystemNote};
pub use time::Timestamp;
pub use user::{ROLES, Role, User, UserCard};
pub use zone::Zone;
