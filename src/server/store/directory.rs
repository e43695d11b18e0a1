//! The people of the school, as others find them.

use sqlx::{AssertSqlSafe, query_as};

use super::{Conn, Result, conn::on, lists::holding};
use crate::model::{
    Listing, PeopleQuery, Role, SharedRoom, UserId, limits::SHARED_ROOMS, permission::Actor,
};

/// That person `u` is in the directory.
const LISTED: &str = "u.closed_at IS NULL";

/// The first `limit` people other than the reader who match, by name. What they are found by, others see as well.
pub async fn find(
    conn: &mut Conn<'_>,
    reader: Actor,
    query: &PeopleQuery,
    limit: i64,
) -> Result<Vec<Listing>> {
    let sql = format!(
        "SELECT u.id, u.username, u.name, u.role FROM users u
         WHERE {LISTED} AND u.id <> $1 AND ($2 = '' OR u.role = $2)
             AND (u.name_folded LIKE $3 ESCAPE '\\' OR u.username_folded LIKE $3 ESCAPE '\\')
             AND ($4 = 0 OR (u.name_folded, u.id) > (SELECT a.name_folded, a.id FROM users a WHERE a.id = $4))
         ORDER BY u.name_folded, u.id LIMIT $5"
    );
    on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(reader.id)
        .bind(query.role.map_or("", Role::as_str))
        .bind(holding(&query.text))
        .bind(query.after.unwrap_or_default())
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// The rooms of many that both are in, by name.
pub async fn shared_rooms(
    conn: &mut Conn<'_>,
    one: UserId,
    other: UserId,
) -> Result<Vec<SharedRoom>> {
    let sql = "SELECT r.id, r.kind, r.name FROM rooms r
         JOIN members a ON a.room_id = r.id AND a.user_id = $1 AND a.left_at IS NULL
         JOIN members b ON b.room_id = r.id AND b.user_id = $2 AND b.left_at IS NULL
         WHERE r.deleted_at IS NULL AND r.kind IN ('public', 'private', 'course')
         ORDER BY r.name_folded, r.id LIMIT $3";
    on!(conn, |c| query_as(sql)
        .bind(one)
        .bind(other)
        .bind(SHARED_ROOMS)
        .fetch_all(c)
        .await)
}
