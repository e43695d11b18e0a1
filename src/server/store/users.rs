//! Accounts.

use sqlx::{AssertSqlSafe, FromRow, query, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{LIST, chunks, list},
};
use crate::model::{
    Named, Role, Timestamp, UserCard, UserId, UserRev, fold::fold, permission::Actor,
};

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
    /// PHC string; empty: none yet, so that nobody signs in by a password.
    pub password_hash: String,
}

impl NewUser {
    /// Its texts, by their columns.
    pub(super) fn texts(&self) -> [(&'static str, &str); 7] {
        [
            ("username", &self.username),
            ("username", &self.username_folded),
            ("name", &self.name),
            ("email", self.email.as_deref().unwrap_or_default()),
            ("language", &self.language),
            ("time_zone", &self.time_zone),
            ("password", &self.password_hash),
        ]
    }
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
    /// Where to write to.
    pub email: Option<String>,
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

impl UserRow {
    /// As the permission table knows them.
    pub fn actor(&self) -> Actor {
        Actor {
            id: self.id,
            role: self.role,
        }
    }

    /// As others see them.
    pub fn card(&self) -> UserCard {
        UserCard {
            id: self.id,
            name: self.name.clone(),
            role: self.role,
        }
    }

    /// As desks name people.
    pub fn named(&self) -> Named<'_> {
        Named {
            role: self.role,
            username: &self.username,
        }
    }
}

/// Makes an account; none where the name is taken.
pub async fn insert(conn: &mut Conn<'_>, user: &NewUser, now: Timestamp) -> Result<Option<UserId>> {
    let sql = "INSERT INTO users (username, username_folded, name, email, role, language, time_zone, password_hash, created_at, email_folded, name_folded, search_folded)
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULLIF($8, ''), $9, $10, $11, $12)
         ON CONFLICT (username_folded) DO NOTHING RETURNING id";
    let email_folded = user.email.as_deref().map(str::to_lowercase);
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
        .bind(email_folded)
        .bind(fold(&user.name))
        .bind(search_folded(
            &user.name,
            &user.username,
            user.email.as_deref()
        ))
        .fetch_optional(c)
        .await)
}

/// What an account is found by, a line each. Sign-in goes by its own columns: what folds to the same may be two people.
pub(super) fn search_folded(name: &str, username: &str, email: Option<&str>) -> String {
    let email = email.unwrap_or_default();
    [name, username, email].map(fold).join("\n")
}

/// The account of that id.
pub async fn by_id(conn: &mut Conn<'_>, id: UserId) -> Result<Option<UserRow>> {
    let sql = "SELECT id, username, name, email, role, language, time_zone, password_hash, rev, created_at, closed_at
         FROM users WHERE id = $1";
    on!(conn, |c| query_as(sql).bind(id).fetch_optional(c).await)
}

/// The account of that folded sign-in name.
pub async fn by_username(conn: &mut Conn<'_>, folded: &str) -> Result<Option<UserRow>> {
    // PostgreSQL would not even take the question.
    if folded.contains('\0') {
        return Ok(None);
    }
    let sql = "SELECT id, username, name, email, role, language, time_zone, password_hash, rev, created_at, closed_at
         FROM users WHERE username_folded = $1";
    on!(conn, |c| query_as(sql).bind(folded).fetch_optional(c).await)
}

/// The oldest open account with that folded e-mail address: who registers later cannot come before it.
pub async fn by_email(conn: &mut Conn<'_>, folded: &str) -> Result<Option<UserRow>> {
    if folded.contains('\0') {
        return Ok(None);
    }
    let sql = "SELECT id, username, name, email, role, language, time_zone, password_hash, rev, created_at, closed_at
         FROM users WHERE email_folded = $1 AND closed_at IS NULL ORDER BY id LIMIT 1";
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

/// The counters of these users' lists, in no order.
pub async fn revs(conn: &mut Conn<'_>, ids: &[UserId]) -> Result<Vec<(UserId, UserRev)>> {
    let mut revs = Vec::with_capacity(ids.len());
    for chunk in chunks(ids, LIST) {
        let sql = format!(
            "SELECT id, rev FROM users WHERE id IN ({})",
            list(1, chunk.len())
        );
        let found: Vec<(UserId, UserRev)> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql));
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        revs.extend(found);
    }
    Ok(revs)
}

/// Locks these users, who ascend, until the transaction ends; nothing where it is alone anyway.
pub(super) async fn lock(conn: &mut Conn<'_>, ids: &[UserId]) -> Result<()> {
    let Conn::Postgres(c) = conn else {
        return Ok(());
    };
    let sql = "SELECT id FROM users WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";
    query(sql).bind(ids).execute(&mut **c).await.map(drop)
}

/// Moves the counter of the user's list on and answers it.
pub async fn bump_rev(conn: &mut Conn<'_>, id: UserId) -> Result<UserRev> {
    let sql = "UPDATE users SET rev = rev + 1 WHERE id = $1 RETURNING rev";
    on!(conn, |c| query_scalar(sql).bind(id).fetch_one(c).await)
}

/// Gives an account another password, unless it has changed since `from_hash` was read; answers whether it did so.
pub async fn set_password(
    conn: &mut Conn<'_>,
    id: UserId,
    from_hash: &str,
    to_hash: &str,
) -> Result<bool> {
    let sql = "UPDATE users SET password_hash = $3
         WHERE id = $1 AND password_hash = $2 AND closed_at IS NULL RETURNING id";
    let changed: Option<UserId> = on!(conn, |c| query_scalar(sql)
        .bind(id)
        .bind(from_hash)
        .bind(to_hash)
        .fetch_optional(c)
        .await)?;
    Ok(changed.is_some())
}
