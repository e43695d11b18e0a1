//! Rooms: making them, and what rights and routing need to know of them.

use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Conn, Result, conn::on};
use crate::model::{Desk, RoomId, RoomKind, Seq, Timestamp, UserId, permission::RoomFacts};

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

/// The number of a room's newest change.
pub async fn seq(conn: &mut Conn<'_>, room_id: RoomId) -> Result<Seq> {
    let sql = "SELECT seq FROM room_seq WHERE room_id = $1";
    let seq: Option<Seq> = on!(conn, |c| query_scalar(sql)
        .bind(room_id)
        .fetch_optional(c)
        .await)?;
    Ok(seq.unwrap_or_default())
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
