//! The locks of a batch, taken before anything is written.

use std::collections::BTreeSet;

use super::{RoomAct, Write};
use crate::{
    model::{MemberRole, UserId},
    server::store::{Conn, Result, members, requests, rooms, users},
};

/// Takes the locks of a mixed batch in the one order (users, then rooms, each ascending) before anything is written, so
/// that two nodes never wait for each other. A batch of posts alone does so by itself.
pub(super) async fn lock(conn: &mut Conn<'_>, writes: &[Write]) -> Result<()> {
    let (mut users, mut rooms) = (BTreeSet::new(), BTreeSet::new());
    for write in writes {
        match write {
            Write::Post(post) => {
                users.insert(post.sender_id);
                rooms.insert(post.room_id);
            }
            Write::MarkRead {
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
            Write::Room { by, act } => {
                users.insert(*by);
                users.extend(act.target());
                users.extend(touched(conn, act).await?);
                rooms.extend(act.room_id());
            }
            Write::OpenSupportRoomOf { by, user_id, .. } => {
                users.extend([*by, *user_id]);
            }
            _ => {}
        }
    }
    let (users, rooms) = (Vec::from_iter(users), Vec::from_iter(rooms));
    users::lock(conn, &users).await?;
    rooms::lock(conn, &rooms).await
}

/// Others whose lists an act on a room changes. Only where there are row locks: should this differ by then, the database
/// sees two transactions in each other's way, and one is tried again.
async fn touched(conn: &mut Conn<'_>, act: &RoomAct) -> Result<Vec<UserId>> {
    if matches!(conn, Conn::Sqlite(_)) {
        return Ok(Vec::new());
    }
    let (room_id, role) = match act {
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
