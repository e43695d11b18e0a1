//! The nouns of Quad and the rules that hold for them on both targets.
//!
//! Owns: ids, users, rooms, messages, times, the permission table, limits, the text rules and the one wire error.
//! Must not know: leptos, axum, sqlx (beyond derives) or the browser. A new noun gets a file named after it; a rule
//! about it stands beside it, as a plain function with its tests.

pub mod account;
pub mod canned;
pub mod error;
pub mod id;
pub mod limits;
pub mod listing;
pub mod message;
pub mod permission;
pub mod room;
pub mod session;
pub mod support;
pub mod text;
pub mod time;
pub mod user;
pub mod word;
pub mod zone;

pub use canned::{CannedDraft, CannedReply};
pub use error::WireError;
pub use id::{
    CannedReplyId, ClientId, Epoch, MarksRev, MessageId, RoomId, Seq, SessionId, UserId, UserRev,
};
pub use limits::Limits;
pub use listing::{HistoryPart, Listed, RoomFilter, Shelf, Slice};
pub use message::{Audience, Message, MessageKind};
pub use room::{Desk, LastMessage, RoomCounters, RoomForMe, RoomKind, RoomShared};
pub use session::{OwnSession, SessionKind};
pub use support::{
    InboxPage, InboxQuery, PersonDetails, SupportChange, SupportState, SupportStatus,
};
pub use time::Timestamp;
pub use user::{Role, User, UserCard};
pub use zone::Zone;
