//! Accounts as those keep them who run the school: the list, roles, closing and opening. Accounts of an import that is
//! still under way are not among them.

use sqlx::{AssertSqlSafe, query, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    lists::holding,
    sql_list::{LIST, chunks, list},
};
use crate::model::{
    Role, Timestamp, UserId,
    keeping::{Account, AccountQuery, AccountState},
};

/// That an account matches: the role in `$1`, the state in `$2`, what is looked for in `$3`.
const MATCHING: &str = "FROM users u WHERE u.import_id IS NULL
     AND ($1 = '' OR u.role = $1)
     AND ($2 = '' OR ($2 = 'closed') = (u.closed_at IS NOT NULL))
     AND u.search_folded LIKE $3 ESCAPE '\\'";

/// The accounts that match, by name, `limit` at most.
pub async fn page(conn: &mut Conn<'_>, asked: &AccountQuery, limit: i64) -> Result<Vec<Account>> {
    let sql = format!(
        "SELECT u.id, u.username, u.name, u.email, u.role, u.created_at, u.closed_at,
             u.password_hash IS NOT NULL AS has_password
         {MATCHING} AND ($4 = 0 OR (u.name_folded, u.id) > (SELECT a.name_folded, a.id FROM users a WHERE a.id = $4))
         ORDER BY u.name_folded, u.id LIMIT $5"
    );
    on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(asked.role.map_or("", Role::as_str))
        .bind(asked.state.map_or("", AccountState::as_str))
        .bind(holding(&asked.search))
        .bind(asked.after.unwrap_or_default())
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// How many match, on whichever page.
pub async fn count(conn: &mut Conn<'_>, asked: &AccountQuery) -> Result<i64> {
    let sql = format!("SELECT count(*) {MATCHING}");
    on!(conn, |c| query_scalar(AssertSqlSafe(sql))
        .bind(asked.role.map_or("", Role::as_str))
        .bind(asked.state.map_or("", AccountState::as_str))
        .bind(holding(&asked.search))
        .fetch_one(c)
        .await)
}

/// The account of that id.
pub async fn by_id(conn: &mut Conn<'_>, id: UserId) -> Result<Option<Account>> {
    let sql = "SELECT id, username, name, email, role, created_at, closed_at, password_hash IS NOT NULL AS has_password
         FROM users WHERE id = $1 AND import_id IS NULL";
    on!(conn, |c| query_as(sql).bind(id).fetch_optional(c).await)
}

/// Those who run the school: open accounts of admins, ascending.
pub async fn admins(conn: &mut Conn<'_>) -> Result<Vec<UserId>> {
    let sql = "SELECT id FROM users WHERE role = 'admin' AND closed_at IS NULL ORDER BY id";
    on!(conn, |c| query_scalar(sql).fetch_all(c).await)
}

/// Which of these folded sign-in names somebody has.
pub async fn taken(conn: &mut Conn<'_>, folded: &[String]) -> Result<Vec<String>> {
    let mut taken = Vec::new();
    for chunk in chunks(folded, LIST) {
        let sql = format!(
            "SELECT username_folded FROM users WHERE username_folded IN ({})",
            list(1, chunk.len())
        );
        let found: Vec<String> = on!(conn, |c| {
            let mut select = query_scalar(AssertSqlSafe(sql));
            for name in chunk {
                select = select.bind(name);
            }
            select.fetch_all(c).await
        })?;
        taken.extend(found);
    }
    Ok(taken)
}

/// Gives an account another role.
pub async fn set_role(conn: &mut Conn<'_>, id: UserId, role: Role) -> Result<()> {
    let sql = "UPDATE users SET role = $2 WHERE id = $1";
    on!(conn, |c| query(sql)
        .bind(id)
        .bind(role)
        .execute(c)
        .await
        .map(drop))
}

/// Closes an account, or opens it again (`closed_at`: none).
pub async fn set_closed(
    conn: &mut Conn<'_>,
    id: UserId,
    closed_at: Option<Timestamp>,
) -> Result<()> {
    let sql = "UPDATE users SET closed_at = $2 WHERE id = $1";
    on!(conn, |c| query(sql)
        .bind(id)
        .bind(closed_at)
        .execute(c)
        .await
        .map(drop))
}

/// Gives an account another password, whatever it had before.
pub async fn set_password(conn: &mut Conn<'_>, id: UserId, hash: &str) -> Result<()> {
    let sql = "UPDATE users SET password_hash = $2 WHERE id = $1";
    on!(conn, |c| query(sql)
        .bind(id)
        .bind(hash)
        .execute(c)
        .await
        .map(drop))
}
