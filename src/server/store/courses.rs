//! Courses: who is in them, and which rooms follow them. What that makes of the rooms' members: [`super::following`].

use sqlx::{AssertSqlSafe, FromRow, query, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{LIST, chunks, list, rows},
};
use crate::model::{
    CourseCard, CourseId, CourseRole, RoomId, Timestamp, UserId,
    account::folded,
    permission::{Actor, may_create_rooms_of_any_course},
};

/// Rows in one `INSERT`.
const INSERT_ROWS: usize = 64;

#[derive(FromRow)]
struct Row {
    id: CourseId,
    code: String,
    title: String,
}

impl From<Row> for CourseCard {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            code: row.code,
            title: row.title,
        }
    }
}

/// A course as it is selected beside a room, which may have none.
#[derive(FromRow)]
pub(super) struct OfRoom {
    course_id: Option<CourseId>,
    course_code: Option<String>,
    course_title: Option<String>,
}

impl OfRoom {
    pub(super) fn into_card(self) -> Option<CourseCard> {
        Some(CourseCard {
            id: self.course_id?,
            code: self.course_code?,
            title: self.course_title?,
        })
    }
}

/// Makes the course of that code, or gives it that title; answers it. Until the transaction ends nobody else moves who is
/// in it, or makes a room of it.
pub async fn keep(
    conn: &mut Conn<'_>,
    code: &str,
    title: &str,
    now: Timestamp,
) -> Result<CourseId> {
    let sql = "INSERT INTO courses (code, code_folded, title, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (code_folded) DO UPDATE SET code = excluded.code, title = excluded.title
         RETURNING id";
    on!(conn, |c| query_scalar(sql)
        .bind(code)
        .bind(folded(code))
        .bind(title)
        .bind(now)
        .fetch_one(c)
        .await)
}

/// Makes these people that in a course, whatever they were in it.
pub async fn enrol(
    conn: &mut Conn<'_>,
    course_id: CourseId,
    people: &[(UserId, CourseRole)],
) -> Result<()> {
    for chunk in chunks(people, INSERT_ROWS) {
        let sql = format!(
            "INSERT INTO course_members (course_id, user_id, role) VALUES {}
             ON CONFLICT (course_id, user_id) DO UPDATE SET role = excluded.role",
            rows(chunk.len(), 3)
        );
        on!(conn, |c| {
            let mut insert = query(AssertSqlSafe(sql));
            for (user_id, role) in chunk {
                insert = insert.bind(course_id).bind(*user_id).bind(*role);
            }
            insert.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// The course of that id; where a transaction writes, it stays as it is until that ends.
pub async fn by_id(conn: &mut Conn<'_>, id: CourseId) -> Result<Option<CourseCard>> {
    let sql = "SELECT id, code, title FROM courses WHERE id = $1";
    let row: Option<Row> = on!(conn, |c| query_as(sql).bind(id).fetch_optional(c).await)?;
    Ok(row.map(CourseCard::from))
}

/// Keeps others from moving who is in a course until the transaction ends; nothing where it is alone anyway.
pub(super) async fn lock(conn: &mut Conn<'_>, id: CourseId) -> Result<()> {
    let Conn::Postgres(c) = conn else {
        return Ok(());
    };
    let sql = "SELECT id FROM courses WHERE id = $1 FOR UPDATE";
    query(sql).bind(id).execute(&mut **c).await.map(drop)
}

/// The course of that code, in whatever case.
pub async fn by_code(conn: &mut Conn<'_>, code: &str) -> Result<Option<CourseCard>> {
    // PostgreSQL would not even take the question.
    if code.contains('\0') {
        return Ok(None);
    }
    let sql = "SELECT id, code, title FROM courses WHERE code_folded = $1";
    let row: Option<Row> = on!(conn, |c| query_as(sql)
        .bind(folded(code))
        .fetch_optional(c)
        .await)?;
    Ok(row.map(CourseCard::from))
}

/// Those of which somebody makes rooms, by code; at most `limit`.
pub async fn taught_by(conn: &mut Conn<'_>, actor: Actor, limit: i64) -> Result<Vec<CourseCard>> {
    let sql = "SELECT id, code, title FROM courses c
         WHERE $2 OR EXISTS (SELECT 1 FROM course_members m
             WHERE m.course_id = c.id AND m.user_id = $1 AND m.role = 'teacher')
         ORDER BY code_folded, id LIMIT $3";
    let rows: Vec<Row> = on!(conn, |c| query_as(sql)
        .bind(actor.id)
        .bind(may_create_rooms_of_any_course(actor.role))
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(CourseCard::from).collect())
}

/// What somebody is in a course; none: nothing.
pub async fn role_in(
    conn: &mut Conn<'_>,
    course_id: CourseId,
    user_id: UserId,
) -> Result<Option<CourseRole>> {
    let sql = "SELECT role FROM course_members WHERE course_id = $1 AND user_id = $2";
    on!(conn, |c| query_scalar(sql)
        .bind(course_id)
        .bind(user_id)
        .fetch_optional(c)
        .await)
}

/// Who is in a course, by id.
pub async fn people_of(
    conn: &mut Conn<'_>,
    course_id: CourseId,
) -> Result<Vec<(UserId, CourseRole)>> {
    let sql = "SELECT user_id, role FROM course_members WHERE course_id = $1 ORDER BY user_id";
    on!(conn, |c| query_as(sql).bind(course_id).fetch_all(c).await)
}

/// The rooms that follow a course, by id; what was deleted follows nothing.
pub async fn rooms_of(conn: &mut Conn<'_>, course_id: CourseId) -> Result<Vec<RoomId>> {
    let sql = "SELECT id FROM rooms WHERE course_id = $1 AND deleted_at IS NULL ORDER BY id";
    on!(conn, |c| query_scalar(sql)
        .bind(course_id)
        .fetch_all(c)
        .await)
}

/// Takes these people out of a course.
pub async fn strike(conn: &mut Conn<'_>, course_id: CourseId, people: &[UserId]) -> Result<()> {
    for chunk in chunks(people, LIST) {
        let sql = format!(
            "DELETE FROM course_members WHERE course_id = $1 AND user_id IN ({})",
            list(2, chunk.len())
        );
        on!(conn, |c| {
            let mut delete = query(AssertSqlSafe(sql)).bind(course_id);
            for id in chunk {
                delete = delete.bind(*id);
            }
            delete.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}
