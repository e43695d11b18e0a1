//! Accounts.

use sqlx::{FromRow, query_as, query_scalar};

use super::{Conn, Result, conn::on};
use crate::model::{Role, Timestamp, UserId, UserRev};

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The sign-in name, as written.
    pub username: String,
    /// The sign-in name, folded: unique.
    pub username_folded: String,
    /// The name to show.
    pub name: String,
    /// Where to write to.
    pub email: Option<String>,
    /// The role in the school.
    pub role: Role,
    /// BCP 47 tag.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// PHC string.
    pub password_hash: String,
}

/// An account as stored.
#[derive(Clone, Debug, FromRow)]
pub struct UserRow {
    /// The account.
    pub id: UserId,
    /// The sign-in name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// The role in the school.
    pub role: Role,
    /// BCP 47 tag.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// PHC string; none: no sign-in by password.
    pub password_hash: Option<String>,
    /// Grows with every change of the user's marks or list.
    pub rev: UserRev,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// Makes an account; none where the name is taken.
pub async fn insert(conn: &mut Conn<'_>, user: &NewUser, now: Timestamp) -> Result<Option<UserId>> {
    let sql = "INSERT INTO users (username, username_folded, name, email, role, language, time_zone, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (username_folded) DO NOTHING RETURNING id";
    on!(conn, |c| query_scalar(sql)
        .bind(&user.username)
        .bind(&user.username_folded)
        .bind(&user.name)
        .bind(&user.email)
        .bind(user.role)
        .bind(&user.language)
        .bind(&user.time_zone)
        .bind(&user.password_hash)
        .bind(now)
        .fetch_optional(c)
        .await)
}

/// The account of that id.
pub async fn by_id(conn: &mut Conn<'_>, id: UserId) -> Result<Option<UserRow>> {
    let sql = "SELECT id, username, name, role, language, time_zone, password_hash, rev, created_at, closed_at
         FROM users WHERE id = $1";
    on!(conn, |c| query_as(sql).bind(id).fetch_optional(c).await)
}

/// The account of that folded sign-in name.
pub async fn by_username(conn: &mut Conn<'_>, folded: &str) -> Result<Option<UserRow>> {
    let sql = "SELECT id, username, name, role, language, time_zone, password_hash, rev, created_at, closed_at
         FROM users WHERE username_folded = $1";
    on!(conn, |c| query_as(sql).bind(folded).fetch_optional(c).await)
}

/// How many accounts there are.
pub async fn count(conn: &mut Conn<'_>) -> Result<i64> {
    on!(conn, |c| query_scalar("SELECT count(*) FROM users")
        .fetch_one(c)
        .await)
}

/// The counter of the user's list.
pub async fn rev(conn: &mut Conn<'_>, id: UserId) -> Result<UserRev> {
    let rev: Option<UserRev> = on!(conn, |c| query_scalar(
        "SELECT rev FROM users WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)?;
    Ok(rev.unwrap_or_default())
}

/// Moves the counter of the user's list on and answers it.
pub async fn bump_rev(conn: &mut Conn<'_>, id: UserId) -> Result<UserRev> {
    let sql = "UPDATE users SET rev = rev + 1 WHERE id = $1 RETURNING rev";
    on!(conn, |c| query_scalar(sql).bind(id).fetch_one(c).await)
}
