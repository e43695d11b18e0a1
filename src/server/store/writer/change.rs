//! What can be asked of the writer, and what comes of it.

use crate::{
    model::{Desk, RoomForMe, RoomId, Seq, SessionId, Timestamp, UserId, UserRev, WireError},
    server::store::{
        post::{NewPost, Posted},
        rooms::RoomRow,
        users::NewUser,
    },
};

/// A change to be made.
#[derive(Clone, Debug)]
pub enum Write {
    /// Send a message.
    Post(NewPost),
    /// Move a read mark forward.
    MarkRead {
        /// Whose.
        user_id: UserId,
        /// Where.
        room_id: RoomId,
        /// Up to where.
        seq: Seq,
    },
    /// Make the person's support room, unless it is there.
    OpenSupportRoom {
        /// Whose.
        user_id: UserId,
        /// With whom.
        desk: Desk,
    },
    /// Make an account.
    AddUser(NewUser),
    /// Start a session.
    StartSession {
        /// Whose.
        user_id: UserId,
        /// SHA-256 of the cookie's token.
        token_hash: String,
        /// When it ends by itself.
        expires_at: Timestamp,
    },
    /// End a session.
    EndSession(SessionId),
}

/// What a change came to, once it is durable.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The message, new or known.
    Posted(Box<Posted>),
    /// The mark, where it moved.
    Marked(Option<Box<Marked>>),
    /// The support room as its person has it.
    SupportRoom {
        /// The room.
        room: Box<RoomForMe>,
        /// Whether it was made now, and the person's list counter after that.
        is_new: Option<UserRev>,
    },
    /// The account; none: the name is taken.
    UserAdded(Option<UserId>),
    /// The session.
    SessionStarted(SessionId),
    /// The session that is over.
    SessionEnded(SessionId),
}

/// A read mark that moved.
#[derive(Clone, Debug)]
pub struct Marked {
    /// Whose.
    pub user_id: UserId,
    /// Where.
    pub room: RoomRow,
    /// Up to where, as others may see.
    pub receipt_seq: Seq,
    /// Up to where, for the own badge.
    pub read_seq: Seq,
    /// What is left.
    pub unread_count: i64,
    /// The list counter after the change.
    pub user_rev: UserRev,
}

/// What a change came to.
pub type WriteResult = std::result::Result<Outcome, WireError>;
