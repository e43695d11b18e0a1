//! The locks of a batch, taken before anything is written.

use std::collections::BTreeSet;

use super::{RoomAct, Write, choosing, course, keeping};
use crate::{
    model::{MemberRole, Timestamp, UserId},
    server::store::{Conn, Result, courses, members, requests, rooms, school, users},
};

/// Takes the locks of a mixed batch in the one order (users, then rooms, each ascending, then the school's row) before anything is written, so
/// that two nodes never wait for each other. A batch of posts alone does so by itself.
pub(super) async fn lock(conn: &mut Conn<'_>, writes: &[Write], now: Timestamp) -> Result<()> {
    let (mut users, mut rooms) = (BTreeSet::new(), BTreeSet::new());
    for write in writes {
        match write {
            Write::Post(post) => {
                users.insert(post.sender_id);
                rooms.insert(post.room_id);
            }
            Write::DeleteMessage {
                user_id, room_id, ..
            }
            | Write::MarkRead {
                user_id, room_id, ..
            }
            | Write::MarkDelivered {
                user_id, room_id, ..
            }
            | Write::MarkUnread {
                user_id, room_id, ..
            }
            | Write::Choose {
                user_id, room_id, ..
            }
            | Write::Triage {
                user_id, room_id, ..
            } => {
                users.insert(*user_id);
                rooms.insert(*room_id);
            }
            Write::OpenSupportRoom { user_id, .. }
            | Write::ChangePassword { user_id, .. }
            | Write::KeepCanned { user_id, .. }
            | Write::DropCanned { user_id, .. } => {
                users.insert(*user_id);
            }
            Write::Decide { by, .. } => {
                users.insert(*by);
            }
            Write::DismissAlert { user_id, .. } => {
                users.insert(*user_id);
            }
            Write::Block { user_id, whom, .. } => {
                users.extend([*user_id, *whom]);
            }
            Write::Room { by, act } => {
                users.insert(*by);
                users.extend(act.target());
                users.extend(touched(conn, act).await?);
                rooms.extend(act.room_id());
            }
            Write::People { by, act } => users.extend(keeping::touched(conn, *by, act).await?),
            Write::SetPassword { token_hash, .. } => {
                users.extend(choosing::linked(conn, token_hash, now).await?);
            }
            Write::SignIn { session, .. } => {
                users.insert(session.user_id);
            }
            Write::Course(change) if matches!(conn, Conn::Postgres(_)) => {
                let (of_course, its_rooms) = course::touched(conn, change).await?;
                users.extend(of_course);
                rooms.extend(its_rooms);
            }
            Write::OpenSupportRoomOf { by, user_id, .. } => {
                users.extend([*by, *user_id]);
            }
            _ => {}
        }
    }
    let (users, rooms) = (Vec::from_iter(users), Vec::from_iter(rooms));
    users::lock(conn, &users).await?;
    rooms::lock(conn, &rooms).await?;
    let decides = |write: &Write| matches!(write, Write::Decide { .. });
    let judged = |write: &Write| matches!(write, Write::Room { .. } | Write::Post(_));
    if writes.iter().any(decides) {
        school::lock(conn, true).await?;
    } else if writes.iter().any(judged) {
        school::lock(conn, false).await?;
    }
    Ok(())
}

/// Others whose lists an act on a room changes. Only where there are row locks: should this differ by then, the database
/// sees two transactions in each other's way, and one is tried again.
async fn touched(conn: &mut Conn<'_>, act: &RoomAct) -> Result<Vec<UserId>> {
    if matches!(conn, Conn::Sqlite(_)) {
        return Ok(Vec::new());
    }
    let (room_id, role) = match act {
        RoomAct::Create(draft) => {
            let Some(course_id) = draft.course else {
                return Ok(Vec::new());
            };
            let people = courses::people_of(conn, course_id).await?.into_iter();
            return Ok(people.map(|(user_id, _)| user_id).collect());
        }
        RoomAct::Delete(room_id) => (room_id, MemberRole::Member),
        RoomAct::Ask(room_id, _) | RoomAct::Invite(room_id, _) | RoomAct::Decide(room_id, ..) => {
            (room_id, MemberRole::Host)
        }
        _ => return Ok(Vec::new()),
    };
    let mut touched = members::at_least(conn, *room_id, role).await?;
    if let RoomAct::Decide(_, id, _) = act {
        touched.extend(
            requests::by_id(conn, *id)
                .await?
                .map(|request| request.user.id),
        );
    }
    Ok(touched)
}
