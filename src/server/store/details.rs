//! What the public shape of a room tells beyond a list's row: who made it, who is in it, whose it is.

use sqlx::{AssertSqlSafe, FromRow, query_as};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{LIST, chunks, list},
};
use crate::model::{Role, RoomId, Timestamp, UserId};

/// A room's details, from one reader's side.
#[derive(Clone, Debug, FromRow)]
pub struct DetailRow {
    /// The room.
    pub room_id: RoomId,
    /// Read-only since.
    pub archived_at: Option<Timestamp>,
    /// Who made it.
    pub creator_id: UserId,
    /// Their name.
    pub creator_name: String,
    /// Their role in the school.
    pub creator_role: Role,
    /// Support rooms: the person's sign-in name.
    pub person_username: Option<String>,
    /// Support rooms: where to write to.
    pub person_email: Option<String>,
    /// The reader's role in the room, where they are in it by row.
    pub member_role: Option<String>,
    /// Members by row.
    pub member_count: i64,
}

/// The details of these rooms, in no order.
pub async fn of(conn: &mut Conn<'_>, reader: UserId, ids: &[RoomId]) -> Result<Vec<DetailRow>> {
    let mut details = Vec::with_capacity(ids.len());
    for chunk in chunks(ids, LIST) {
        let sql = format!(
            "SELECT r.id AS room_id, r.archived_at, c.id AS creator_id, c.name AS creator_name, c.role AS creator_role,
                 u.username AS person_username, u.email AS person_email, m.role AS member_role,
                 (SELECT count(*) FROM members w WHERE w.room_id = r.id AND w.left_at IS NULL) AS member_count
             FROM rooms r
             JOIN users c ON c.id = r.created_by
             LEFT JOIN users u ON u.id = r.user_id
             LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $1 AND m.left_at IS NULL
             WHERE r.id IN ({})",
            list(2, chunk.len())
        );
        let found: Vec<DetailRow> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql)).bind(reader);
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        details.extend(found);
    }
    Ok(details)
}

/// Somebody who is in a room by row.
#[derive(Clone, Debug, FromRow)]
pub struct MemberRow {
    /// The room.
    pub room_id: RoomId,
    /// The role in it.
    pub room_role: String,
    /// Since when.
    pub joined_at: Timestamp,
    /// Who.
    pub id: UserId,
    /// The name to show.
    pub name: String,
    /// The sign-in name.
    pub username: String,
    /// The role in the school.
    pub role: Role,
}

/// The first `most` members of each of these rooms, in the order in which they came.
pub async fn members(conn: &mut Conn<'_>, ids: &[RoomId], most: i64) -> Result<Vec<MemberRow>> {
    let mut members = Vec::new();
    for chunk in chunks(ids, LIST) {
        let sql = format!(
            "SELECT room_id, room_role, joined_at, id, name, username, role FROM (
                 SELECT m.room_id, m.role AS room_role, m.joined_at, u.id, u.name, u.username, u.role,
                     row_number() OVER (PARTITION BY m.room_id ORDER BY m.joined_at, m.user_id) AS place
                 FROM members m JOIN users u ON u.id = m.user_id
                 WHERE m.left_at IS NULL AND m.room_id IN ({})) AS ranked
             WHERE place <= $1 ORDER BY room_id, place",
            list(2, chunk.len())
        );
        let found: Vec<MemberRow> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql)).bind(most);
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        members.extend(found);
    }
    Ok(members)
}
