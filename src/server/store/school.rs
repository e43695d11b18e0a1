//! What the school has decided about itself: one row.

use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Conn, Result, conn::on};
use crate::model::{Colour, Look, Policy, SchoolState};

#[derive(FromRow)]
struct Row {
    rev: i64,
    name: Option<String>,
    accent: Option<String>,
    logo: Option<String>,
    #[sqlx(flatten)]
    policy: Policy,
}

/// What every query selects for [`Policy`], of `school c`.
macro_rules! policy_columns {
    () => {
        "c.student_to_student, c.student_to_teacher, c.teacher_to_student, c.student_makes_public,
             c.student_makes_private, c.teacher_makes_public, c.teacher_makes_private"
    };
}

pub(super) use policy_columns;

/// A picture, as base64, and its content type.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Logo {
    /// Its content type.
    pub kind: String,
    /// What is in it.
    pub content: String,
}

/// Keeps a picture by its hash; one that is there stays.
pub async fn keep_logo(conn: &mut Conn<'_>, hash: &str, logo: &Logo) -> Result<()> {
    let sql =
        "INSERT INTO logos (hash, kind, content) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING";
    on!(conn, |c| query(sql)
        .bind(hash)
        .bind(&logo.kind)
        .bind(&logo.content)
        .execute(c)
        .await
        .map(drop))
}

/// What stands now.
pub async fn state(conn: &mut Conn<'_>) -> Result<SchoolState> {
    let sql = concat!(
        "SELECT c.rev, c.name, c.accent, c.logo, ",
        policy_columns!(),
        " FROM school c WHERE c.id = 1"
    );
    let row: Row = on!(conn, |c| query_as(sql).fetch_one(c).await)?;
    Ok(SchoolState {
        rev: row.rev,
        look: Look {
            name: row.name,
            accent: row.accent.as_deref().and_then(Colour::of),
            logo: row.logo,
        },
        policy: row.policy,
    })
}

/// The policy.
pub async fn policy(conn: &mut Conn<'_>) -> Result<Policy> {
    let sql = concat!(
        "SELECT ",
        policy_columns!(),
        " FROM school c WHERE c.id = 1"
    );
    on!(conn, |c| query_as(sql).fetch_one(c).await)
}

/// Keeps what the school has decided as it is until the transaction ends, or for whoever decides now; nothing where it is
/// alone anyway. After users and rooms.
pub(super) async fn lock(conn: &mut Conn<'_>, is_deciding: bool) -> Result<()> {
    let Conn::Postgres(c) = conn else {
        return Ok(());
    };
    let sql = if is_deciding {
        "SELECT id FROM school WHERE id = 1 FOR NO KEY UPDATE"
    } else {
        "SELECT id FROM school WHERE id = 1 FOR SHARE"
    };
    query(sql).execute(&mut **c).await.map(drop)
}

/// The picture of that hash.
pub async fn logo(conn: &mut Conn<'_>, hash: &str) -> Result<Option<Logo>> {
    let sql = "SELECT kind, content FROM logos WHERE hash = $1";
    on!(conn, |c| query_as(sql).bind(hash).fetch_optional(c).await)
}

/// Decides who writes to whom, and who makes rooms; answers the counter.
pub async fn set_policy(conn: &mut Conn<'_>, policy: &Policy) -> Result<i64> {
    let sql = "UPDATE school SET rev = rev + 1, student_to_student = $1, student_to_teacher = $2, teacher_to_student = $3,
             student_makes_public = $4, student_makes_private = $5, teacher_makes_public = $6, teacher_makes_private = $7
         WHERE id = 1 RETURNING rev";
    on!(conn, |c| query_scalar(sql)
        .bind(policy.student_to_student)
        .bind(policy.student_to_teacher)
        .bind(policy.teacher_to_student)
        .bind(policy.student_makes_public)
        .bind(policy.student_makes_private)
        .bind(policy.teacher_makes_public)
        .bind(policy.teacher_makes_private)
        .fetch_one(c)
        .await)
}

/// Decides how the school looks; answers the counter.
pub async fn set_look(conn: &mut Conn<'_>, look: &Look) -> Result<i64> {
    let sql = "UPDATE school SET rev = rev + 1, name = $1, accent = $2, logo = $3 WHERE id = 1 RETURNING rev";
    on!(conn, |c| query_scalar(sql)
        .bind(&look.name)
        .bind(look.accent.map(String::from))
        .bind(&look.logo)
        .fetch_one(c)
        .await)
}

/// Lets every picture go but that one.
pub async fn drop_other_logos(conn: &mut Conn<'_>, hash: Option<&str>) -> Result<()> {
    let sql = "DELETE FROM logos WHERE hash <> $1";
    on!(conn, |c| query(sql)
        .bind(hash.unwrap_or_default())
        .execute(c)
        .await
        .map(drop))
}
