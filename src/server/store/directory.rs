//! The people of the school, as others find them.

use sqlx::{AssertSqlSafe, query_as};

use super::{
    Conn, Result,
    circle::{Circle, bind_circle},
    conn::on,
    lists::holding,
};
use crate::model::{Listing, PeopleQuery, Role, SharedRoom, UserId, limits::SHARED_ROOMS};

/// The first `limit` people whom the reader knows, other than themselves, and who match, by name. What they are found by,
/// others see as well.
pub async fn find(
    conn: &mut Conn<'_>,
    circle: &Circle,
    query: &PeopleQuery,
    limit: i64,
) -> Result<Vec<Listing>> {
    let (knows, role) = circle.knows();
    let (part, after, most) = (role + 1, role + 2, role + 3);
    let sql = format!(
        "SELECT u.id, u.username, u.name, u.role FROM users u
         WHERE {knows} AND u.id <> $1 AND (${role} = '' OR u.role = ${role})
             AND (u.name_folded LIKE ${part} ESCAPE '\\' OR u.username_folded LIKE ${part} ESCAPE '\\')
             AND (${after} = 0 OR (u.name_folded, u.id) >
                 (SELECT a.name_folded, a.id FROM users a WHERE a.id = ${after}))
         ORDER BY u.name_folded, u.id LIMIT ${most}"
    );
    on!(conn, |c| bind_circle!(query_as(AssertSqlSafe(sql)), circle)
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
