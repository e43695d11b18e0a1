//! Rooms: making them, and what rights and routing need to know of them.

use sqlx::{AssertSqlSafe, FromRow, query, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{LIST, chunks, list},
    support,
};
use crate::model::{
    Desk, MarksRev, RoomCounters, RoomId, RoomKind, Timestamp, UserId, permission::RoomFacts,
};

/// What rights and routing need of a room, from one user's side.
#[derive(Clone, Debug, FromRow)]
pub struct RoomRow {
    /// The room.
    pub id: RoomId,
    /// What sort of conversation.
    pub kind: RoomKind,
    /// Support rooms: whom it is with.
    pub desk: Option<Desk>,
    /// Support rooms: whose it is.
    pub user_id: Option<UserId>,
    /// Read-only since.
    pub archived_at: Option<Timestamp>,
    /// Gone since.
    pub deleted_at: Option<Timestamp>,
}

impl RoomRow {
    /// The facts of the permission table.
    pub fn facts(&self, is_member: bool) -> RoomFacts {
        RoomFacts {
            kind: self.kind,
            desk: self.desk.clone(),
            person: self.user_id,
            is_member,
            is_archived: self.archived_at.is_some(),
            is_deleted: self.deleted_at.is_some(),
        }
    }
}

/// Makes the support room of a person at a desk, unless it is there; answers it and whether it is new.
pub async fn ensure_support(
    conn: &mut Conn<'_>,
    desk: &Desk,
    user_id: UserId,
    now: Timestamp,
) -> Result<(RoomId, bool)> {
    let sql = "INSERT INTO rooms (kind, name, desk, user_id, created_by, created_at)
         VALUES ('support', '', $1, $2, $2, $3)
         ON CONFLICT (desk, user_id) DO NOTHING RETURNING id";
    let made: Option<RoomId> = on!(conn, |c| query_scalar(sql)
        .bind(desk)
        .bind(user_id)
        .bind(now)
        .fetch_optional(c)
        .await)?;
    if let Some(id) = made {
        let counter = "INSERT INTO room_seq (room_id, seq) VALUES ($1, 0)";
        on!(conn, |c| query(counter).bind(id).execute(c).await.map(drop))?;
        support::insert(conn, id, desk).await?;
        return Ok((id, true));
    }
    let known = "SELECT id FROM rooms WHERE desk = $1 AND user_id = $2";
    let id = on!(conn, |c| query_scalar(known)
        .bind(desk)
        .bind(user_id)
        .fetch_one(c)
        .await)?;
    Ok((id, false))
}

/// The room of that id.
pub async fn by_id(conn: &mut Conn<'_>, id: RoomId) -> Result<Option<RoomRow>> {
    let sql = "SELECT id, kind, desk, user_id, archived_at, deleted_at FROM rooms WHERE id = $1";
    on!(conn, |c| query_as(sql).bind(id).fetch_optional(c).await)
}

/// How far these rooms have come, in no order; those that are not there are left out.
pub async fn counters(conn: &mut Conn<'_>, ids: &[RoomId]) -> Result<Vec<RoomCounters>> {
    let mut counters = Vec::with_capacity(ids.len());
    for chunk in chunks(ids, LIST) {
        let sql = format!(
            "SELECT room_id, seq, marks_rev FROM room_seq WHERE room_id IN ({})",
            list(1, chunk.len())
        );
        let found: Vec<RoomCounters> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql));
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        counters.extend(found);
    }
    Ok(counters)
}

/// How far the rooms of a desk have come.
pub async fn counters_of_desk(conn: &mut Conn<'_>, desk: &Desk) -> Result<Vec<RoomCounters>> {
    let sql =
        "SELECT s.room_id, s.seq, s.marks_rev FROM rooms r JOIN room_seq s ON s.room_id = r.id
         WHERE r.desk = $1 AND r.deleted_at IS NULL";
    on!(conn, |c| query_as(sql).bind(desk).fetch_all(c).await)
}

/// Locks the counters of these rooms, which ascend, until the transaction ends; nothing where it is alone anyway.
pub(super) async fn lock(conn: &mut Conn<'_>, ids: &[RoomId]) -> Result<()> {
    let Conn::Postgres(c) = conn else {
        return Ok(());
    };
    let sql = "SELECT room_id FROM room_seq WHERE room_id = ANY($1) ORDER BY room_id FOR UPDATE";
    query(sql).bind(ids).execute(&mut **c).await.map(drop)
}

/// Moves the counter of a room's receipts on and answers it.
pub async fn bump_marks(conn: &mut Conn<'_>, room_id: RoomId) -> Result<MarksRev> {
    let sql =
        "UPDATE room_seq SET marks_rev = marks_rev + 1 WHERE room_id = $1 RETURNING marks_rev";
    on!(conn, |c| query_scalar(sql).bind(room_id).fetch_one(c).await)
}

/// Whether that user is a member by row.
pub async fn is_member(conn: &mut Conn<'_>, room_id: RoomId, user_id: UserId) -> Result<bool> {
    let sql = "SELECT 1 FROM members WHERE room_id = $1 AND user_id = $2 AND left_at IS NULL";
    let found: Option<i32> = on!(conn, |c| query_scalar(sql)
        .bind(room_id)
        .bind(user_id)
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

/// The rooms in which that user is by row or in person, for subscribing a socket to them.
pub async fn ids_of_person(conn: &mut Conn<'_>, user_id: UserId) -> Result<Vec<RoomId>> {
    let sql = "SELECT id FROM rooms WHERE user_id = $1 AND deleted_at IS NULL
         UNION SELECT r.id FROM members m JOIN rooms r ON r.id = m.room_id
         WHERE m.user_id = $1 AND m.left_at IS NULL AND r.deleted_at IS NULL";
    on!(conn, |c| query_scalar(sql).bind(user_id).fetch_all(c).await)
}
