//! What the public shape of a room tells beyond a list's row: who made it, who is in it, whose it is.

use sqlx::{AssertSqlSafe, FromRow, query_as};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{LIST, chunks, list},
};
use crate::model::{Role, RoomId, Slice, Timestamp, UserId};

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
    /// Who runs it: who has done so for longest.
    pub host_id: Option<UserId>,
    /// Their name.
    pub host_name: Option<String>,
    /// Their role in the school.
    pub host_role: Option<Role>,
    /// How often the reader asks to be let in: once or not.
    pub requests: i64,
    /// Whether the reader may not come in: once or not.
    pub bans: i64,
}

/// The details of these rooms, in no order.
pub async fn of(conn: &mut Conn<'_>, reader: UserId, ids: &[RoomId]) -> Result<Vec<DetailRow>> {
    let mut details = Vec::with_capacity(ids.len());
    for chunk in chunks(ids, LIST) {
        let sql = format!(
            "SELECT r.id AS room_id, r.archived_at, c.id AS creator_id, c.name AS creator_name, c.role AS creator_role,
                 u.username AS person_username, u.email AS person_email, m.role AS member_role,
                 (SELECT count(*) FROM members w WHERE w.room_id = r.id AND w.left_at IS NULL) AS member_count,
                 h.id AS host_id, h.name AS host_name, h.role AS host_role,
                 (SELECT count(*) FROM join_requests q
                     WHERE q.room_id = r.id AND q.user_id = $1 AND q.status = 'pending') AS requests,
                 (SELECT count(*) FROM members b
                     WHERE b.room_id = r.id AND b.user_id = $1 AND b.banned_at IS NOT NULL) AS bans
             FROM rooms r
             JOIN users c ON c.id = r.created_by
             LEFT JOIN users u ON u.id = r.user_id
             LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $1 AND m.left_at IS NULL
             LEFT JOIN users h ON h.id = (SELECT x.user_id FROM members x
                 WHERE x.room_id = r.id AND x.role = 'host' AND x.left_at IS NULL ORDER BY x.joined_at, x.user_id LIMIT 1)
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

/// The members of a room, hosts first, then by name; a part of them. `only`: that one alone.
pub async fn of_room(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    only: Option<UserId>,
    slice: Slice,
) -> Result<Vec<MemberRow>> {
    let sql = "SELECT m.room_id, m.role AS room_role, m.joined_at, u.id, u.name, u.username, u.role
         FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.room_id = $1 AND m.left_at IS NULL AND ($2 = 0 OR m.user_id = $2)
         ORDER BY CASE m.role WHEN 'host' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END, u.name_folded, u.id
         LIMIT $3 OFFSET $4";
    on!(conn, |c| query_as(sql)
        .bind(room_id)
        .bind(only.unwrap_or_default())
        .bind(slice.limit)
        .bind(slice.offset)
        .fetch_all(c)
        .await)
}
