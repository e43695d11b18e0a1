//! What people do with rooms, inside the transaction: making, joining, keeping order, deciding, changing.
//!
//! Every change takes one place in the room's history, its system message where it has one, and tells those whose lists
//! it changes. To add an act: a variant of [`RoomAct`], its function in the file of its noun.

mod act;
mod asking;
mod changing;
mod making;
mod members;
mod order;
mod pairs;

use futures_util::FutureExt;

pub use self::act::{Changed, ListChange, Listing, RoomAct, RoomChange, RoomDone};
use super::{
    WriteResult,
    apply::{open_account, permitted},
};
use crate::{
    model::{
        Desks, JoinRequest, Member, MemberRole, Message, RoomId, Seq, SystemNote, Timestamp,
        UserCard, UserId, WireError, permission::Action,
    },
    server::store::{
        Conn, Result, lists, members as rows, messages, requests,
        rooms::RoomRow,
        users::{self, UserRow},
    },
};

/// Does it.
pub(super) async fn act(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    act: &RoomAct,
    now: Timestamp,
) -> Result<WriteResult> {
    let done = match act {
        RoomAct::Create(draft) => making::create(conn, by, draft, now).boxed(),
        RoomAct::Join(room_id) => members::join(conn, desks, by, *room_id, now).boxed(),
        RoomAct::Leave(room_id) => members::leave(conn, desks, by, *room_id, now).boxed(),
        RoomAct::Invite(room_id, user_id) => {
            members::invite(conn, desks, by, *room_id, *user_id, now).boxed()
        }
        RoomAct::Member(room_id, user_id, change, reason) => {
            let whom = (by, *room_id, *user_id);
            order::change(conn, desks, whom, *change, reason.clone(), now).boxed()
        }
        RoomAct::Update(room_id, patch) => {
            changing::update(conn, desks, by, *room_id, patch, now).boxed()
        }
        RoomAct::Archive(room_id, is_archived) => {
            changing::archive(conn, desks, by, *room_id, *is_archived, now).boxed()
        }
        RoomAct::Delete(room_id) => changing::delete(conn, desks, by, *room_id, now).boxed(),
        RoomAct::Ask(room_id, note) => asking::ask(conn, desks, by, *room_id, note, now).boxed(),
        RoomAct::Decide(room_id, id, is_approved) => {
            asking::decide(conn, desks, by, *room_id, (*id, *is_approved), now).boxed()
        }
        RoomAct::OpenDirect(with) => pairs::open_direct(conn, by, *with, now).boxed(),
        RoomAct::OpenThread(message_id) => {
            pairs::open_thread(conn, desks, by, *message_id, now).boxed()
        }
        RoomAct::OpenThreadWith(with) => pairs::open_thread_with(conn, by, *with, now).boxed(),
    };
    let done = done.await;
    match done {
        Ok(done) => Ok(Ok(super::Outcome::Room(Box::new(done)))),
        Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Why an act was not done.
pub(super) enum Stop {
    /// It may not be.
    Refused(WireError),
    /// The database.
    Failed(sqlx::Error),
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<WireError> for Stop {
    fn from(refusal: WireError) -> Self {
        Self::Refused(refusal)
    }
}

/// What an act has come to.
pub(super) type Done = std::result::Result<RoomDone, Stop>;

/// Who acts and the room, where they may.
async fn granted(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    action: Action,
    room_id: RoomId,
    now: Timestamp,
) -> std::result::Result<(UserRow, RoomRow), Stop> {
    Ok(permitted(conn, desks, by, action, room_id, now).await??)
}

/// Who acts, where it is not about a room yet. Errors: `unauthorized`.
async fn acting(conn: &mut Conn<'_>, by: UserId) -> std::result::Result<UserRow, Stop> {
    let user = open_account(conn, by).await?;
    Ok(user.ok_or(WireError::Unauthorized)?)
}

/// Somebody else whom it touches. Errors: `not_found`.
async fn card(conn: &mut Conn<'_>, id: UserId) -> std::result::Result<UserCard, Stop> {
    let user = open_account(conn, id).await?;
    Ok(user.ok_or(WireError::NotFound)?.card())
}

/// Tells in the room what has happened, at its place.
async fn tell(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    seq: Seq,
    actor: &UserCard,
    note: SystemNote,
    now: Timestamp,
) -> Result<Option<Message>> {
    let message = messages::insert_system(conn, room_id, seq, actor, note, now).await?;
    Ok(Some(message))
}

/// The member as they are now, and how many are in.
async fn member_now(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
) -> Result<(Member, i64)> {
    let count = rows::recount(conn, room_id).await?;
    let found = rows::one(conn, room_id, user_id).await?;
    let found = found.ok_or(sqlx::Error::RowNotFound)?;
    Ok((found.member, count))
}

/// A room comes into somebody's list, or stands otherwise in it.
async fn listed(conn: &mut Conn<'_>, room_id: RoomId, user_id: UserId) -> Result<ListChange> {
    let user_rev = users::bump_rev(conn, user_id).await?;
    let user = users::by_id(conn, user_id).await?;
    let user = user.ok_or(sqlx::Error::RowNotFound)?;
    let room = lists::one(conn, user.actor(), room_id).await?;
    let room = room.ok_or(sqlx::Error::RowNotFound)?;
    Ok(ListChange {
        user_id,
        user_rev,
        what: Listing::Room(Box::new(room)),
    })
}

/// A room goes out of somebody's list.
async fn unlisted(conn: &mut Conn<'_>, user_id: UserId) -> Result<ListChange> {
    Ok(ListChange {
        user_id,
        user_rev: users::bump_rev(conn, user_id).await?,
        what: Listing::Removed,
    })
}

/// Those who decide over requests are told of one, and how many there are.
async fn told_hosts(conn: &mut Conn<'_>, request: &JoinRequest) -> Result<Vec<ListChange>> {
    let room_id = request.room_id;
    let pending =
        requests::count(conn, room_id, Some(crate::model::RequestStatus::Pending)).await?;
    let hosts = rows::at_least(conn, room_id, MemberRole::Host).await?;
    let revs = rows::bump_revs(conn, &hosts).await?;
    Ok(revs
        .into_iter()
        .map(|(user_id, user_rev)| ListChange {
            user_id,
            user_rev,
            what: Listing::Request(Box::new(request.clone()), pending),
        })
        .collect())
}

/// Nothing was to be done.
fn unchanged(room: RoomRow) -> RoomDone {
    RoomDone {
        room,
        change: None,
        lists: Vec::new(),
        request: None,
        is_new: false,
    }
}
