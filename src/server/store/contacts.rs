//! Rooms of two: who they are, and whether one of them may write to the other.

use sqlx::{AssertSqlSafe, FromRow, query_as};

use super::{
    Conn, Result,
    blocks::{self, blocks_of_two},
    conn::on,
    rooms::RoomRow,
    school,
    sql_list::list,
};
use crate::model::{
    Policy, Role, RoomId, RoomKind, UserId,
    permission::{Actor, may_write_to},
};

/// The two of a room.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Contact {
    /// The room.
    pub room_id: RoomId,
    /// One of them.
    pub first_id: UserId,
    /// Their role in the school.
    pub first_role: Role,
    /// The other's role in the school.
    pub second_role: Role,
    /// How many of them have blocked the other.
    pub blocks: i64,
}

impl Contact {
    /// Whether that one of them may not write to the other.
    pub fn is_closed(&self, policy: &Policy, by: UserId) -> bool {
        let (from, to) = if by == self.first_id {
            (self.first_role, self.second_role)
        } else {
            (self.second_role, self.first_role)
        };
        self.blocks > 0 || !may_write_to(policy, from, to)
    }
}

/// Those of these rooms that are of two, in no order.
pub async fn of_rooms(conn: &mut Conn<'_>, ids: &[RoomId]) -> Result<Vec<Contact>> {
    let sql = format!(
        "SELECT r.id AS room_id, f.id AS first_id, f.role AS first_role, g.role AS second_role,
             {} AS blocks
         FROM rooms r JOIN users f ON f.id = r.first_id JOIN users g ON g.id = r.second_id
         WHERE r.id IN ({})",
        blocks_of_two!(),
        list(1, ids.len())
    );
    on!(conn, |c| {
        let mut select = query_as(AssertSqlSafe(sql));
        for id in ids {
            select = select.bind(*id);
        }
        select.fetch_all(c).await
    })
}

/// Whether somebody may not write to the other one of that room. Other rooms are never closed in this way.
pub async fn is_closed(conn: &mut Conn<'_>, room: &RoomRow, by: UserId) -> Result<bool> {
    if !matches!(room.kind, RoomKind::Direct | RoomKind::Thread) {
        return Ok(false);
    }
    let contact = of_rooms(conn, &[room.id]).await?.pop();
    let policy = school::policy(conn).await?;
    Ok(contact.is_none_or(|contact| contact.is_closed(&policy, by)))
}

/// Whether somebody may not write to somebody else for themselves.
pub async fn is_closed_between(conn: &mut Conn<'_>, from: Actor, to: Actor) -> Result<bool> {
    let policy = school::policy(conn).await?;
    Ok(!may_write_to(&policy, from.role, to.role)
        || blocks::stands_between(conn, from.id, to.id).await?)
}
