//! What people do with rooms, and what comes of it: the words between the writer and those who tell.

use crate::{
    model::{
        JoinRequest, JoinRequestId, Member, MemberChange, Message, MessageId, RoomDraft, RoomForMe,
        RoomId, RoomPatch, RoomShared, Seq, UserId, UserRev,
    },
    server::store::rooms::RoomRow,
};

/// What somebody does with a room. What is in it has been checked.
#[derive(Clone, Debug)]
pub enum RoomAct {
    /// Makes one.
    Create(RoomDraft),
    /// Comes in.
    Join(RoomId),
    /// Goes out.
    Leave(RoomId),
    /// Lets somebody in who did not ask.
    Invite(RoomId, UserId),
    /// Does that with a member; with a reason, where one is given.
    Member(RoomId, UserId, MemberChange, Option<String>),
    /// Changes what it is.
    Update(RoomId, RoomPatch),
    /// Makes it read-only, or writable again.
    Archive(RoomId, bool),
    /// Lets it go.
    Delete(RoomId),
    /// Asks to be let in, with a note.
    Ask(RoomId, String),
    /// Decides over a request: lets in, or not.
    Decide(RoomId, JoinRequestId, bool),
    /// Opens the direct room with somebody, unless it is there.
    OpenDirect(UserId),
    /// Opens the private thread with the sender of a message, unless it is there.
    OpenThread(MessageId),
    /// Opens the private thread with somebody, of no message, unless it is there.
    OpenThreadWith(UserId),
}

impl RoomAct {
    /// The room, where there is one already.
    pub fn room_id(&self) -> Option<RoomId> {
        match self {
            Self::Join(id)
            | Self::Leave(id)
            | Self::Invite(id, _)
            | Self::Member(id, ..)
            | Self::Update(id, _)
            | Self::Archive(id, _)
            | Self::Delete(id)
            | Self::Ask(id, _)
            | Self::Decide(id, ..) => Some(*id),
            Self::Create(_)
            | Self::OpenDirect(_)
            | Self::OpenThread(_)
            | Self::OpenThreadWith(_) => None,
        }
    }

    /// Somebody else whom it touches.
    pub fn target(&self) -> Option<UserId> {
        match self {
            Self::Invite(_, id)
            | Self::Member(_, id, ..)
            | Self::OpenDirect(id)
            | Self::OpenThreadWith(id) => Some(*id),
            _ => None,
        }
    }
}

/// What has become of a room.
#[derive(Clone, Debug)]
pub struct RoomDone {
    /// The room.
    pub room: RoomRow,
    /// The change of its history, where there was one.
    pub change: Option<RoomChange>,
    /// Whose lists it has changed, and how.
    pub lists: Vec<ListChange>,
    /// The request to join, where it is about one.
    pub request: Option<JoinRequest>,
    /// Whether something was made.
    pub is_new: bool,
}

/// A change of a room's history.
#[derive(Clone, Debug)]
pub struct RoomChange {
    /// Its place.
    pub seq: Seq,
    /// What is told of it in the room.
    pub message: Option<Message>,
    /// What has changed.
    pub what: Changed,
}

/// What has changed.
#[derive(Clone, Debug)]
pub enum Changed {
    /// Somebody came in; so many are in now.
    Joined(Member, i64),
    /// Somebody is out; so many are in now.
    Left(Member, i64),
    /// A member is something else, or may not write, or may again.
    Role(Member, i64),
    /// What the room is.
    Room(Box<RoomShared>),
    /// So many things at once that all of it is to be fetched afresh.
    Many,
    /// It is gone.
    Deleted,
    /// Nothing but what the message tells.
    Told,
}

/// A change of somebody's list.
#[derive(Clone, Debug)]
pub struct ListChange {
    /// Whose.
    pub user_id: UserId,
    /// The list's counter after it.
    pub user_rev: UserRev,
    /// What.
    pub what: Listing,
}

/// What has changed in somebody's list.
#[derive(Clone, Debug)]
pub enum Listing {
    /// The room is in it now, or stands otherwise.
    Room(Box<RoomForMe>),
    /// It is in it now, or stands otherwise, and so do those of many others: the list is to be fetched afresh.
    Afresh,
    /// It is not any more.
    Removed,
    /// Somebody asks to be let in, or that was decided; so many ask now.
    Request(Box<JoinRequest>, i64),
}
