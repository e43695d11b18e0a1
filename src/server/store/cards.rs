//! Cards of rooms: what those see who are not in them.

use sqlx::{AssertSqlSafe, FromRow, query_as, query_scalar};

use super::{Conn, Result, conn::on, courses, lists::holding};
use crate::model::{
    ChatMode, Listed, MemberRole, Role, RoomCard, RoomId, RoomKind, RoomShared, Slice, Timestamp,
    UserCard, UserId, permission::Actor,
};

#[derive(FromRow)]
struct Row {
    id: RoomId,
    kind: RoomKind,
    name: String,
    description: String,
    is_listed: bool,
    max_members: Option<i64>,
    archived_at: Option<Timestamp>,
    allow_files: bool,
    allow_voice: bool,
    created_at: Timestamp,
    chat_mode: ChatMode,
    #[sqlx(flatten)]
    course: courses::OfRoom,
    member_count: i64,
    own_role: Option<MemberRole>,
    left_at: Option<Timestamp>,
    banned_at: Option<Timestamp>,
    has_asked: i64,
    host_id: Option<UserId>,
    host_name: Option<String>,
    host_role: Option<Role>,
}

impl From<Row> for RoomCard {
    fn from(row: Row) -> Self {
        let host = match (row.host_id, row.host_name, row.host_role) {
            (Some(id), Some(name), Some(role)) => Some(UserCard { id, name, role }),
            _ => None,
        };
        Self {
            shared: RoomShared {
                name: row.name,
                description: row.description,
                is_listed: row.is_listed,
                max_members: row.max_members,
                is_archived: row.archived_at.is_some(),
                allow_files: row.allow_files,
                allow_voice: row.allow_voice,
                chat_mode: row.chat_mode,
                course: row.course.into_card(),
                ..RoomShared::new(row.id, row.kind, row.created_at)
            },
            host,
            member_count: row.member_count,
            role: row.own_role.filter(|_| row.left_at.is_none()),
            has_pending_request: row.has_asked > 0,
            is_banned: row.banned_at.is_some(),
        }
    }
}

/// `$1`: the reader. The host: who has been one for longest.
const SELECT: &str = "SELECT r.id, r.kind, r.name, r.description, r.is_listed, r.max_members, r.archived_at, r.allow_files,
         r.allow_voice, r.created_at, r.chat_mode, c.id AS course_id, c.code AS course_code, c.title AS course_title,
         s.member_count, me.role AS own_role, me.left_at, me.banned_at,
         (SELECT count(*) FROM join_requests q
             WHERE q.room_id = r.id AND q.user_id = $1 AND q.status = 'pending') AS has_asked,
         h.id AS host_id, h.name AS host_name, h.role AS host_role
     FROM rooms r
     JOIN room_seq s ON s.room_id = r.id
     LEFT JOIN courses c ON c.id = r.course_id
     LEFT JOIN members me ON me.room_id = r.id AND me.user_id = $1
     LEFT JOIN users h ON h.id = (SELECT w.user_id FROM members w
         WHERE w.room_id = r.id AND w.role = 'host' AND w.left_at IS NULL ORDER BY w.joined_at, w.user_id LIMIT 1)";

/// Which rooms of many the reader may know of: `$2`: whether they run the school, `$3`: a part of the name.
const KNOWN: &str = "r.deleted_at IS NULL AND r.kind IN ('public', 'private', 'course')
     AND (r.kind = 'public' OR (r.kind = 'private' AND r.is_listed) OR $2
         OR EXISTS (SELECT 1 FROM members i WHERE i.room_id = r.id AND i.user_id = $1 AND i.left_at IS NULL))
     AND r.name_folded LIKE $3 ESCAPE '\\'";

/// Those of which the reader may know, by name; read-only ones last.
pub async fn browse(
    conn: &mut Conn<'_>,
    reader: Actor,
    search: &str,
    slice: Slice,
) -> Result<Listed<RoomCard>> {
    let (runs_school, pattern) = (reader.role == Role::Admin, holding(search));
    let sql = format!("SELECT count(*) FROM rooms r WHERE {KNOWN}");
    let count = on!(conn, |c| query_scalar(AssertSqlSafe(sql))
        .bind(reader.id)
        .bind(runs_school)
        .bind(&pattern)
        .fetch_one(c)
        .await)?;
    let sql = format!(
        "{SELECT} WHERE {KNOWN}
         ORDER BY CASE WHEN r.archived_at IS NULL THEN 0 ELSE 1 END, r.name_folded, r.id LIMIT $4 OFFSET $5"
    );
    let rows: Vec<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(reader.id)
        .bind(runs_school)
        .bind(&pattern)
        .bind(slice.limit)
        .bind(slice.offset)
        .fetch_all(c)
        .await)?;
    let items = rows.into_iter().map(RoomCard::from).collect();
    Ok(Listed { count, items })
}

/// One room's, whoever may know of it.
pub async fn one(conn: &mut Conn<'_>, reader: UserId, room_id: RoomId) -> Result<Option<RoomCard>> {
    let sql = format!("{SELECT} WHERE r.id = $2");
    let row: Option<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(reader)
        .bind(room_id)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(RoomCard::from))
}
