//! Each change inside the transaction: who may, what is written, what it came to.

use futures_util::FutureExt;

use super::{
    Marked, Outcome, Write, WriteResult, canned, choosing, course, deciding,
    deleting::delete_message,
    importing, keeping, locking,
    marking::{choose, mark_delivered, mark_unread},
    opening::{open_support_room, open_support_room_of},
    presence, room,
    triage::triage,
};
use crate::{
    model::{
        Desks, Message, MessageId, RoomId, Seq, SessionId, Timestamp, UserId, WireError,
        permission::{Action, Actor, may, may_see},
    },
    server::store::{
        Conn, Result, contacts, history, marks, members,
        post::{NewPost, post},
        rooms::{self, RoomRow},
        sessions,
        sight::Sight,
        storable::storable,
        users::{self, NewUser, UserRow},
    },
};

/// Applies `writes` in order; posts that follow each other are written together.
pub(super) async fn apply_all(
    conn: &mut Conn<'_>,
    desks: &Desks,
    writes: &[Write],
    now: Timestamp,
) -> Result<Vec<WriteResult>> {
    if writes.iter().any(|write| !matches!(write, Write::Post(_))) {
        locking::lock(conn, writes, now).await?;
    }
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
                results.push(apply(conn, desks, write, now).await?);
            }
        } else {
            let posted = post(conn, desks, &posts, now).await?;
            results.extend(
                posted
                    .into_iter()
                    .map(|result| result.map(|posted| Outcome::Posted(Box::new(posted)))),
            );
        }
    }
    Ok(results)
}

async fn apply(
    conn: &mut Conn<'_>,
    desks: &Desks,
    write: &Write,
    now: Timestamp,
) -> Result<WriteResult> {
    match write {
        Write::Post(new) => {
            let mut results = post(conn, desks, &[new], now).await?;
            let result = results.pop().unwrap_or(Err(WireError::Internal));
            Ok(result.map(|posted| Outcome::Posted(Box::new(posted))))
        }
        Write::DeleteMessage {
            user_id,
            room_id,
            message_id,
            own_since,
        } => {
            let which = (*room_id, *message_id);
            delete_message(conn, desks, *user_id, which, *own_since, now).await
        }
        Write::MarkRead {
            user_id,
            room_id,
            seq,
        } => mark_read(conn, desks, *user_id, *room_id, *seq, now).await,
        Write::MarkDelivered {
            user_id,
            room_id,
            seq,
        } => mark_delivered(conn, desks, (*user_id, *room_id), *seq, now).await,
        Write::MarkUnread {
            user_id,
            room_id,
            message_id,
        } => mark_unread(conn, desks, *user_id, *room_id, *message_id, now).await,
        Write::Choose {
            user_id,
            room_id,
            choice,
        } => choose(conn, desks, (*user_id, *room_id), *choice, now).await,
        Write::Triage {
            user_id,
            room_id,
            change,
        } => triage(conn, desks, *user_id, *room_id, *change, now).await,
        Write::OpenSupportRoom { user_id, desk } => {
            open_support_room(conn, desks, *user_id, desk, now).await
        }
        Write::OpenSupportRoomOf { by, user_id, desk } => {
            open_support_room_of(conn, desks, *by, *user_id, desk, now).await
        }
        Write::KeepCanned { user_id, draft } => {
            canned::keep(conn, desks, *user_id, draft, now).await
        }
        Write::DropCanned { user_id, id } => canned::drop_one(conn, desks, *user_id, *id).await,
        Write::Decide { by, decision } => deciding::decide(conn, *by, decision, now).boxed().await,
        Write::DismissAlert { user_id, id } => {
            deciding::dismiss(conn, *user_id, *id, now).boxed().await
        }
        Write::Block {
            user_id,
            whom,
            is_blocked,
        } => {
            let whom = (*whom, *is_blocked);
            deciding::block(conn, *user_id, whom, now).boxed().await
        }
        // Behind a pointer: a future that holds all of these takes the compiler minutes to know.
        Write::Room { by, act } => room::act(conn, desks, *by, act, now).boxed().await,
        Write::Presence { node, note } => presence::note(conn, node, note, now).boxed().await,
        Write::People { by, act } => keeping::act(conn, *by, act, now).boxed().await,
        Write::SetPassword {
            token_hash,
            password_hash,
        } => {
            choosing::set_password(conn, token_hash, password_hash, now)
                .boxed()
                .await
        }
        Write::Import { by, step } => importing::step(conn, *by, step, now).boxed().await,
        Write::Course(change) => course::keep(conn, change, now).boxed().await,
        Write::AddUser(user) => add_user(conn, user, now).await,
        Write::AddOldUser(user, at) => add_user(conn, user, *at).await,
        Write::SignIn {
            session,
            password_hash,
        } => {
            choosing::sign_in(conn, session, password_hash, now)
                .boxed()
                .await
        }
        Write::StartSession(new) => {
            let id = sessions::insert(conn, new, now).await?;
            Ok(Ok(Outcome::SessionStarted(id)))
        }
        Write::RotateSession {
            id,
            presented_hash,
            next_hash,
            expires_at,
        } => {
            let turn = (presented_hash.as_str(), next_hash.as_str());
            rotate_session(conn, *id, turn, now, *expires_at).await
        }
        Write::TouchSession(id) => {
            sessions::touch(conn, *id, now).await?;
            Ok(Ok(Outcome::SessionTouched))
        }
        Write::EndSession(id) => {
            sessions::end(conn, *id, now).await?;
            Ok(Ok(Outcome::SessionEnded(*id)))
        }
        Write::EndSessions { user_id, except } => {
            let ended = sessions::end_of_user(conn, *user_id, *except, now).await?;
            Ok(Ok(Outcome::SessionsEnded(ended)))
        }
        Write::ChangePassword {
            user_id,
            from_hash,
            to_hash,
            except,
        } => {
            if !users::set_password(conn, *user_id, from_hash, to_hash).await? {
                return Ok(Err(WireError::WrongCredentials));
            }
            let ended = sessions::end_of_user(conn, *user_id, Some(*except), now).await?;
            Ok(Ok(Outcome::SessionsEnded(ended)))
        }
    }
}

async fn add_user(conn: &mut Conn<'_>, user: &NewUser, now: Timestamp) -> Result<WriteResult> {
    for (field, text) in user.texts() {
        if let Err(refusal) = storable(field, text) {
            return Ok(Err(refusal));
        }
    }
    let id = users::insert(conn, user, now).await?;
    Ok(Ok(Outcome::UserAdded(id)))
}

/// A refresh token that is not the present one was used before: somebody else has a copy, so nobody goes on with it.
async fn rotate_session(
    conn: &mut Conn<'_>,
    id: SessionId,
    (presented_hash, next_hash): (&str, &str),
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<WriteResult> {
    let rotated = sessions::rotate(conn, id, presented_hash, next_hash, now, expires_at).await?;
    if rotated.is_some() {
        return Ok(Ok(Outcome::SessionRotated(id)));
    }
    if !sessions::is_in_force(conn, id, now).await? {
        return Ok(Err(WireError::Unauthorized));
    }
    tracing::warn!(session = %id, "a refresh token was used twice; its session ends");
    sessions::end(conn, id, now).await?;
    Ok(Ok(Outcome::SessionEnded(id)))
}

/// Whoever acts, while the account is open.
pub(super) async fn open_account(conn: &mut Conn<'_>, id: UserId) -> Result<Option<UserRow>> {
    let user = users::by_id(conn, id).await?;
    Ok(user.filter(|user| user.closed_at.is_none()))
}

/// Who acts and the room, where they may do that there. Errors: `unauthorized`, and those of the table.
pub(super) async fn permitted(
    conn: &mut Conn<'_>,
    desks: &Desks,
    user_id: UserId,
    action: Action,
    room_id: RoomId,
    now: Timestamp,
) -> Result<std::result::Result<(UserRow, RoomRow), WireError>> {
    let Some(user) = open_account(conn, user_id).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    let Some(room) = rooms::by_id(conn, room_id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    let membership = members::membership(conn, room_id, user_id, now).await?;
    let is_served = room.is_served(desks, user.named());
    let is_closed = action.is_writing() && contacts::is_closed(conn, &room, user_id).await?;
    let facts = room.facts(membership, is_served).closed(is_closed);
    let may = may(user.actor(), action, &facts);
    Ok(may.map(|_| (user, room)))
}

/// A message of that room, if whoever acts there sees it.
pub(super) async fn seen_message(
    conn: &mut Conn<'_>,
    actor: Actor,
    room: &RoomRow,
    message_id: MessageId,
) -> Result<Option<Message>> {
    let found = history::by_ids(conn, &[message_id]).await?.pop();
    let found = found.filter(|found| {
        let sender = found.message.sender.id;
        found.message.room_id == room.id && may_see(actor, room.whose(), found.audience, sender)
    });
    Ok(found.map(|found| found.message))
}

async fn mark_read(
    conn: &mut Conn<'_>,
    desks: &Desks,
    user_id: UserId,
    room_id: RoomId,
    seq: Seq,
    now: Timestamp,
) -> Result<WriteResult> {
    let (user, room) = match permitted(conn, desks, user_id, Action::Mark, room_id, now).await? {
        Ok(permitted) => permitted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // Nobody has read what is not there yet.
    let counters = rooms::counters(conn, &[room_id]).await?;
    let newest = counters.first().map_or(Seq::default(), |room| room.seq);
    let read_seq = seq.min(newest);
    if marks::read_seq(conn, user_id, room_id).await? >= read_seq {
        return Ok(Ok(Outcome::Marked(None)));
    }
    let marks_rev = rooms::bump_marks(conn, room_id).await?;
    let Some(receipt_seq) = marks::advance(conn, user_id, room_id, read_seq, marks_rev).await?
    else {
        return Ok(Ok(Outcome::Marked(None)));
    };
    let sight = Sight::of(user.actor(), room.whose());
    let unread_count = marks::unread(conn, sight, room_id, read_seq).await?;
    let user_rev = users::bump_rev(conn, user_id).await?;
    Ok(Ok(Outcome::Marked(Some(Box::new(Marked {
        user_id,
        room,
        receipt_seq,
        read_seq,
        marks_rev,
        unread_count,
        seq: newest,
        user_rev,
    })))))
}
