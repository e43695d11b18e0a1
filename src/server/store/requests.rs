//! Requests to join: one at a time from each person, decided once.

use sqlx::{AssertSqlSafe, FromRow, query_as, query_scalar};

use super::{Conn, Result, conn::on};
use crate::model::{
    JoinRequest, JoinRequestId, RequestStatus, Role, RoomId, Timestamp, UserCard, UserId,
};

#[derive(FromRow)]
struct Row {
    id: JoinRequestId,
    room_id: RoomId,
    user_id: UserId,
    user_name: String,
    user_role: Role,
    note: String,
    status: RequestStatus,
    created_at: Timestamp,
    processed_at: Option<Timestamp>,
    processed_by: Option<UserId>,
}

impl From<Row> for JoinRequest {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            room_id: row.room_id,
            user: UserCard {
                id: row.user_id,
                name: row.user_name,
                role: row.user_role,
            },
            note: row.note,
            status: row.status,
            created_at: row.created_at,
            processed_at: row.processed_at,
            processed_by: row.processed_by,
        }
    }
}

const SELECT: &str = "SELECT q.id, q.room_id, u.id AS user_id, u.name AS user_name, u.role AS user_role, q.note, q.status,
         q.created_at, q.processed_at, q.processed_by
     FROM join_requests q JOIN users u ON u.id = q.user_id";

/// Asks; none where the same person asks there already.
pub async fn insert(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
    note: &str,
    now: Timestamp,
) -> Result<Option<JoinRequestId>> {
    let sql = "INSERT INTO join_requests (room_id, user_id, note, status, created_at)
         VALUES ($1, $2, $3, 'pending', $4)
         ON CONFLICT (room_id, user_id) WHERE status = 'pending' DO NOTHING RETURNING id";
    on!(conn, |c| query_scalar(sql)
        .bind(room_id)
        .bind(user_id)
        .bind(note)
        .bind(now)
        .fetch_optional(c)
        .await)
}

/// The request of that number.
pub async fn by_id(conn: &mut Conn<'_>, id: JoinRequestId) -> Result<Option<JoinRequest>> {
    let sql = format!("{SELECT} WHERE q.id = $1");
    let row: Option<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(JoinRequest::from))
}

/// What that person asks there and nobody has decided yet.
pub async fn pending_of(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
) -> Result<Option<JoinRequest>> {
    let sql = format!("{SELECT} WHERE q.room_id = $1 AND q.user_id = $2 AND q.status = 'pending'");
    let row: Option<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(room_id)
        .bind(user_id)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(JoinRequest::from))
}

/// A room's requests, oldest first; `status`: those that stand so.
pub async fn of_room(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    status: Option<RequestStatus>,
    limit: i64,
    offset: i64,
) -> Result<Vec<JoinRequest>> {
    let sql = format!(
        "{SELECT} WHERE q.room_id = $1 AND ($2 = '' OR q.status = $2) ORDER BY q.id LIMIT $3 OFFSET $4"
    );
    let rows: Vec<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(room_id)
        .bind(status.map_or("", RequestStatus::as_str))
        .bind(limit)
        .bind(offset)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(JoinRequest::from).collect())
}

/// How many of a room's requests stand so.
pub async fn count(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    status: Option<RequestStatus>,
) -> Result<i64> {
    let sql = "SELECT count(*) FROM join_requests WHERE room_id = $1 AND ($2 = '' OR status = $2)";
    on!(conn, |c| query_scalar(sql)
        .bind(room_id)
        .bind(status.map_or("", RequestStatus::as_str))
        .fetch_one(c)
        .await)
}

/// Decides; answers whether nobody had before.
pub async fn decide(
    conn: &mut Conn<'_>,
    id: JoinRequestId,
    status: RequestStatus,
    by: UserId,
    now: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE join_requests SET status = $2, processed_at = $3, processed_by = $4
         WHERE id = $1 AND status = 'pending' RETURNING id";
    let decided: Option<JoinRequestId> = on!(conn, |c| query_scalar(sql)
        .bind(id)
        .bind(status)
        .bind(now)
        .bind(by)
        .fetch_optional(c)
        .await)?;
    Ok(decided.is_some())
}
