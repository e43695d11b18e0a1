//! What can be asked of the writer, and what comes of it.

use crate::{
    model::{
        AlertId, CannedDraft, CannedReplyId, Desk, MarksRev, MessageId, RoomChoice, RoomForMe,
        RoomId, Seq, SessionId, SupportChange, SupportState, Timestamp, UserId, UserRev, WireError,
    },
    server::store::{
        choices::Choices,
        post::{NewPost, Posted},
        rooms::RoomRow,
        sessions::NewSession,
        users::NewUser,
        writer::{
            course::{CourseChange, CourseDone},
            deciding::{Decided, Decision},
            importing::ImportStep,
            keeping::{PeopleAct, PeopleDone},
            presence::PresenceNote,
            room::{RoomAct, RoomDone},
        },
    },
};

/// A change to be made.
#[derive(Clone, Debug)]
pub enum Write {
    /// Send a message.
    Post(NewPost),
    /// Empty a message that stands in that room.
    DeleteMessage {
        /// Who.
        user_id: UserId,
        /// Where it stands.
        room_id: RoomId,
        /// Which.
        message_id: MessageId,
        /// A message of one's own that is older than this is no longer one's own to delete.
        own_since: Timestamp,
    },
    /// Move a read mark forward.
    MarkRead {
        /// Whose.
        user_id: UserId,
        /// Where.
        room_id: RoomId,
        /// Up to where.
        seq: Seq,
    },
    /// Note up to where a room has come to somebody, read or not.
    MarkDelivered {
        /// To whom.
        user_id: UserId,
        /// Which room.
        room_id: RoomId,
        /// Up to where.
        seq: Seq,
    },
    /// Move a read mark back to before a message.
    MarkUnread {
        /// Whose.
        user_id: UserId,
        /// Where.
        room_id: RoomId,
        /// The message.
        message_id: MessageId,
    },
    /// Take what a person wants of a room, for themselves alone.
    Choose {
        /// Who.
        user_id: UserId,
        /// Of which room.
        room_id: RoomId,
        /// What.
        choice: RoomChoice,
    },
    /// Say where a support room stands.
    Triage {
        /// Who says so.
        user_id: UserId,
        /// Which room.
        room_id: RoomId,
        /// What is to change.
        change: SupportChange,
    },
    /// Make the person's support room, unless it is there.
    OpenSupportRoom {
        /// Whose.
        user_id: UserId,
        /// With whom.
        desk: Desk,
    },
    /// Keep a canned reply.
    KeepCanned {
        /// Who keeps it.
        user_id: UserId,
        /// As it has been checked.
        draft: CannedDraft,
    },
    /// Let a canned reply go.
    DropCanned {
        /// Who lets it go.
        user_id: UserId,
        /// Which one.
        id: CannedReplyId,
    },
    /// Decide something for the school.
    Decide {
        /// Who.
        by: UserId,
        /// What.
        decision: Box<Decision>,
    },
    /// Put away what everybody is told.
    DismissAlert {
        /// Who.
        user_id: UserId,
        /// What.
        id: AlertId,
    },
    /// Block somebody, or lift that.
    Block {
        /// Who.
        user_id: UserId,
        /// Whom.
        whom: UserId,
        /// Whether to.
        is_blocked: bool,
    },
    /// Make the support room of somebody else, unless it is there.
    OpenSupportRoomOf {
        /// Who asks: somebody who answers there.
        by: UserId,
        /// Whose.
        user_id: UserId,
        /// With whom.
        desk: Desk,
    },
    /// Do something with a room that people make and join, or with one of two.
    Room {
        /// Who.
        by: UserId,
        /// What.
        act: Box<RoomAct>,
    },
    /// Note who is there, or as what somebody wants to be seen.
    Presence {
        /// The node that says so.
        node: String,
        /// What.
        note: Box<PresenceNote>,
    },
    /// Do something with an account, for those who run the school.
    People {
        /// Who; none: the command line.
        by: Option<UserId>,
        /// What.
        act: Box<PeopleAct>,
    },
    /// Choose a password by a link, and end the account's sessions.
    SetPassword {
        /// SHA-256 of the link's token.
        token_hash: String,
        /// PHC string of the new password.
        password_hash: String,
    },
    /// Go a step on with an import of accounts.
    Import {
        /// Who imports; none: the command line.
        by: Option<UserId>,
        /// Which step.
        step: ImportStep,
    },
    /// Keep a course, and let its rooms follow.
    Course(Box<CourseChange>),
    /// Make an account.
    AddUser(NewUser),
    /// Make an account that was made then, elsewhere.
    AddOldUser(NewUser, Timestamp),
    /// Start a session.
    StartSession(NewSession),
    /// Start a session for whoever knew the password.
    SignIn {
        /// The session.
        session: NewSession,
        /// PHC string of the password that was verified.
        password_hash: String,
    },
    /// Give a program's session its next refresh token. The present one must be shown; any other ends the session.
    RotateSession {
        /// The session.
        id: SessionId,
        /// SHA-256 of the id of the refresh token that was shown.
        presented_hash: String,
        /// The same of the next one.
        next_hash: String,
        /// When the session now ends by itself.
        expires_at: Timestamp,
    },
    /// Note that a session is being used.
    TouchSession(SessionId),
    /// End a session.
    EndSession(SessionId),
    /// End all sessions of a user.
    EndSessions {
        /// Whose.
        user_id: UserId,
        /// But this one.
        except: Option<SessionId>,
    },
    /// Give an account another password, and end its other sessions.
    ChangePassword {
        /// Whose.
        user_id: UserId,
        /// PHC string of the password that was verified.
        from_hash: String,
        /// PHC string of the new one.
        to_hash: String,
        /// The session that stays.
        except: SessionId,
    },
}

/// What a change came to, once it is durable.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The message, new or known.
    Posted(Box<Posted>),
    /// The message, empty; new where this write has emptied it.
    Deleted(Box<Posted>),
    /// The mark, where it moved.
    Marked(Option<Box<Marked>>),
    /// Up to where the room has come to somebody, where that was not known.
    Delivered(Option<Box<Delivered>>),
    /// What the person wants of the room, where that changed.
    Chosen(Option<Chosen>),
    /// Where the support room stands now, where that changed.
    Triaged(Option<Box<Triaged>>),
    /// The support room as its person has it.
    SupportRoom {
        /// The room.
        room: Box<RoomForMe>,
        /// Whether it was made now, and the person's list counter after that.
        is_new: Option<UserRev>,
    },
    /// What has become of the room.
    Room(Box<RoomDone>),
    /// What has become of the course and its rooms.
    Course(Box<CourseDone>),
    /// The canned reply that is kept.
    CannedKept {
        /// Its number.
        id: CannedReplyId,
        /// Where it is kept.
        desk: Desk,
    },
    /// The canned reply is gone.
    CannedDropped,
    /// Who is there is noted.
    PresenceNoted {
        /// Whether its node was known: else whom it holds is to be said anew.
        was_known: bool,
    },
    /// What has become of the account.
    People(Box<PeopleDone>),
    /// The import's number.
    ImportBegun(i64),
    /// The accounts, as they were named; none: the name is taken.
    ImportStaged(Vec<Option<UserId>>),
    /// The import has gone on.
    ImportMoved {
        /// Whether nothing of it is left to do.
        is_done: bool,
    },
    /// What was decided for the school.
    Decided(Decided),
    /// These lists stand otherwise, as these counters say.
    ListsChanged(Vec<(UserId, UserRev)>),
    /// The account; none: the name is taken.
    UserAdded(Option<UserId>),
    /// The session.
    SessionStarted(SessionId),
    /// The session goes on with its next refresh token.
    SessionRotated(SessionId),
    /// The session's use is noted.
    SessionTouched,
    /// The session that is over.
    SessionEnded(SessionId),
    /// The sessions that are over.
    SessionsEnded(Vec<SessionId>),
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
    /// The counter of the room's receipts after the change.
    pub marks_rev: MarksRev,
    /// What is left, counted when the room stood at `seq`.
    pub unread_count: i64,
    /// The room's newest change then.
    pub seq: Seq,
    /// The list counter after the change.
    pub user_rev: UserRev,
}

/// A room that has come further to somebody.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// To whom.
    pub user_id: UserId,
    /// The room.
    pub room: RoomRow,
    /// Up to where.
    pub delivered_seq: Seq,
    /// The counter of the room's receipts after the change.
    pub marks_rev: MarksRev,
}

/// What a person wants of a room now.
#[derive(Clone, Copy, Debug)]
pub struct Chosen {
    /// Who.
    pub user_id: UserId,
    /// Of which room.
    pub room_id: RoomId,
    /// All of it.
    pub choices: Choices,
    /// The list counter after the change.
    pub user_rev: UserRev,
}

/// A support room that stands elsewhere now.
#[derive(Clone, Debug)]
pub struct Triaged {
    /// Who said so.
    pub user_id: UserId,
    /// Which room.
    pub room: RoomRow,
    /// The change's place.
    pub seq: Seq,
    /// Where it stands now.
    pub state: SupportState,
}

/// What a change came to.
pub type WriteResult = std::result::Result<Outcome, WireError>;
