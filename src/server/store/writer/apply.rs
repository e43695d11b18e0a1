//! Each change inside the transaction: who may, what is written, what it came to.

use super::{Marked, Outcome, Write, WriteResult};
use crate::{
    model::{
        Desk, RoomId, Seq, Timestamp, UserId, WireError,
        permission::{Action, Actor, has_own_support_room, may},
    },
    server::store::{
        Conn, Result, lists, marks,
        post::{NewPost, post},
        rooms, sessions, users,
    },
};

/// Applies `writes` in order; posts that follow each other are written together.
pub(super) async fn apply_all(
    conn: &mut Conn<'_>,
    writes: &[Write],
    now: Timestamp,
) -> Result<Vec<WriteResult>> {
    let mut results = Vec::with_capacity(writes.len());
    for run in writes.chunk_by(|a, b| matches!((a, b), (Write::Post(_), Write::Post(_)))) {
        let posts: Vec<&NewPost> = run
            .iter()
            .filter_map(|write| {
                if let Write::Post(post) = write {
                    Some(post)
                } else {
                    None
                }
            })
            .collect();
        if posts.is_empty() {
            for write in run {
                results.push(apply(conn, write, now).await?);
            }
        } else {
            let posted = post(conn, &posts, now).await?;
            results.extend(
                posted
                    .into_iter()
                    .map(|result| result.map(|posted| Outcome::Posted(Box::new(posted)))),
            );
        }
    }
    Ok(results)
}

async fn apply(conn: &mut Conn<'_>, write: &Write, now: Timestamp) -> Result<WriteResult> {
    match write {
        Write::Post(new) => {
            let mut results = post(conn, &[new], now).await?;
            let result = results.pop().unwrap_or(Err(WireError::Internal));
            Ok(result.map(|posted| Outcome::Posted(Box::new(posted))))
        }
        Write::MarkRead {
            user_id,
            room_id,
            seq,
        } => mark_read(conn, *user_id, *room_id, *seq).await,
        Write::OpenSupportRoom { user_id, desk } => {
            open_support_room(conn, *user_id, desk, now).await
        }
        Write::AddUser(user) => Ok(Ok(Outcome::UserAdded(
            users::insert(conn, user, now).await?,
        ))),
        Write::StartSession {
            user_id,
            token_hash,
            expires_at,
        } => Ok(Ok(Outcome::SessionStarted(
            sessions::insert(conn, *user_id, token_hash, now, *expires_at).await?,
        ))),
        Write::EndSession(id) => {
            sessions::end(conn, *id, now).await?;
            Ok(Ok(Outcome::SessionEnded(*id)))
        }
    }
}

async fn actor(conn: &mut Conn<'_>, id: UserId) -> Result<Option<Actor>> {
    let user = users::by_id(conn, id).await?;
    Ok(user
        .filter(|user| user.closed_at.is_none())
        .map(|user| Actor {
            id: user.id,
            role: user.role,
        }))
}

async fn mark_read(
    conn: &mut Conn<'_>,
    user_id: UserId,
    room_id: RoomId,
    seq: Seq,
) -> Result<WriteResult> {
    let Some(actor) = actor(conn, user_id).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    let Some(room) = rooms::by_id(conn, room_id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    let is_member = rooms::is_member(conn, room_id, user_id).await?;
    if let Err(refusal) = may(actor, Action::Mark, &room.facts(is_member)) {
        return Ok(Err(refusal));
    }
    // Nobody has read what is not there yet.
    let read_seq = seq.min(rooms::seq(conn, room_id).await?);
    let Some(receipt_seq) = marks::advance(conn, user_id, room_id, read_seq).await? else {
        return Ok(Ok(Outcome::Marked(None)));
    };
    let unread_count = marks::unread(conn, user_id, room_id, read_seq).await?;
    let user_rev = users::bump_rev(conn, user_id).await?;
    Ok(Ok(Outcome::Marked(Some(Box::new(Marked {
        user_id,
        room,
        receipt_seq,
        read_seq,
        unread_count,
        user_rev,
    })))))
}

async fn open_support_room(
    conn: &mut Conn<'_>,
    user_id: UserId,
    desk: &Desk,
    now: Timestamp,
) -> Result<WriteResult> {
    let Some(actor) = actor(conn, user_id).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    if !has_own_support_room(actor.role) {
        return Ok(Err(WireError::Forbidden));
    }
    let (room_id, made) = rooms::ensure_support(conn, desk, user_id, now).await?;
    let is_new = if made {
        Some(users::bump_rev(conn, user_id).await?)
    } else {
        None
    };
    let Some(room) = lists::one(conn, user_id, room_id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    Ok(Ok(Outcome::SupportRoom {
        room: Box::new(room),
        is_new,
    }))
}
