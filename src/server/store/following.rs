//! Members of a room, many at once: what follows a course changes by one place in the room's history, however many come
//! and go.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, query, query_as};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{LIST, chunks, list, rows},
};
use crate::model::{MemberRole, RoomId, Seq, Timestamp, UserId};

/// Rows in one `INSERT`.
const INSERT_ROWS: usize = 64;

/// Lets these people in, or back in, as that; who is in stays, as that.
pub async fn put_all(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    people: &[(UserId, MemberRole)],
    rev: Seq,
    now: Timestamp,
) -> Result<()> {
    for chunk in chunks(people, INSERT_ROWS) {
        let sql = format!(
            "INSERT INTO members (room_id, user_id, role, joined_at, rev) VALUES {}
             ON CONFLICT (room_id, user_id) DO UPDATE SET
                 role = excluded.role, rev = excluded.rev, banned_at = NULL, left_at = NULL,
                 joined_at = CASE WHEN members.left_at IS NULL THEN members.joined_at ELSE excluded.joined_at END",
            rows(chunk.len(), 5)
        );
        on!(conn, |c| {
            let mut insert = query(AssertSqlSafe(sql));
            for (user_id, role) in chunk {
                insert = insert.bind(room_id).bind(*user_id).bind(*role);
                insert = insert.bind(now).bind(rev);
            }
            insert.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// What those of these people are in a room who are in it.
pub async fn roles_of(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    people: &[UserId],
) -> Result<BTreeMap<UserId, MemberRole>> {
    let mut roles = BTreeMap::new();
    for chunk in chunks(people, LIST) {
        let sql = format!(
            "SELECT user_id, role FROM members WHERE room_id = $1 AND left_at IS NULL AND user_id IN ({})",
            list(2, chunk.len())
        );
        let found: Vec<(UserId, MemberRole)> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql)).bind(room_id);
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        roles.extend(found);
    }
    Ok(roles)
}

/// Whether who knows a room up to `since` has to begin afresh: many came or went at once, or the reader became something
/// else in a course's room, where they may see other messages by that.
pub async fn is_afresh(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    reader: UserId,
    since: Seq,
) -> Result<bool> {
    let sql = "SELECT r.reset_seq > $3 OR (r.kind = 'course' AND EXISTS (SELECT 1 FROM members m
             WHERE m.room_id = r.id AND m.user_id = $2 AND m.rev > $3))
         FROM rooms r WHERE r.id = $1";
    let found: Option<(bool,)> = on!(conn, |c| query_as(sql)
        .bind(room_id)
        .bind(reader)
        .bind(since)
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some_and(|(is_afresh,)| is_afresh))
}

/// Notes that at that place many things about a room changed at once.
pub async fn set_reset(conn: &mut Conn<'_>, room_id: RoomId, rev: Seq) -> Result<()> {
    let sql = "UPDATE rooms SET reset_seq = $2, rev = $2 WHERE id = $1";
    on!(conn, |c| query(sql)
        .bind(room_id)
        .bind(rev)
        .execute(c)
        .await
        .map(drop))
}

/// The place at which many things about a room last changed at once.
pub async fn reset_seq(conn: &mut Conn<'_>, room_id: RoomId) -> Result<Seq> {
    let sql = "SELECT reset_seq FROM rooms WHERE id = $1";
    let found: Option<(Seq,)> = on!(conn, |c| query_as(sql)
        .bind(room_id)
        .fetch_optional(c)
        .await)?;
    Ok(found.map(|(seq,)| seq).unwrap_or_default())
}

/// Puts these people out.
pub async fn put_out_all(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    people: &[UserId],
    rev: Seq,
    now: Timestamp,
) -> Result<()> {
    for chunk in chunks(people, LIST) {
        let sql = format!(
            "UPDATE members SET left_at = $2, rev = $3
             WHERE room_id = $1 AND left_at IS NULL AND user_id IN ({})",
            list(4, chunk.len())
        );
        on!(conn, |c| {
            let mut update = query(AssertSqlSafe(sql)).bind(room_id).bind(now).bind(rev);
            for id in chunk {
                update = update.bind(*id);
            }
            update.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}
