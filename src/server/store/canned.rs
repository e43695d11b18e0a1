//! Canned replies: texts that a desk keeps ready.

use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Conn, Result, conn::on};
use crate::model::{CannedDraft, CannedReply, CannedReplyId, Desk, Timestamp, UserId};

#[derive(FromRow)]
struct Row {
    id: CannedReplyId,
    desk: Desk,
    name: String,
    content: String,
}

/// Keeps a new one; none where its name is taken there.
pub(super) async fn insert(
    conn: &mut Conn<'_>,
    desk: &Desk,
    new: &CannedDraft,
    by: UserId,
    now: Timestamp,
) -> Result<Option<CannedReplyId>> {
    let sql = "INSERT INTO canned_replies (desk, name, content, updated_by, updated_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (desk, name) DO NOTHING RETURNING id";
    on!(conn, |c| query_scalar(sql)
        .bind(desk)
        .bind(&new.name)
        .bind(&new.content)
        .bind(by)
        .bind(now)
        .fetch_optional(c)
        .await)
}

/// Those of a desk, by name.
pub async fn of_desk(conn: &mut Conn<'_>, desk: &Desk) -> Result<Vec<CannedReply>> {
    let sql = "SELECT id, desk, name, content FROM canned_replies WHERE desk = $1 ORDER BY name";
    let rows: Vec<Row> = on!(conn, |c| query_as(sql).bind(desk).fetch_all(c).await)?;
    let replies = rows.into_iter().map(|row| CannedReply {
        id: row.id,
        desk: row.desk,
        name: row.name,
        content: row.content,
    });
    Ok(replies.collect())
}

/// At which desk one is kept.
pub(super) async fn desk_of(conn: &mut Conn<'_>, id: CannedReplyId) -> Result<Option<Desk>> {
    let sql = "SELECT desk FROM canned_replies WHERE id = $1";
    on!(conn, |c| query_scalar(sql).bind(id).fetch_optional(c).await)
}

/// How many a desk keeps.
pub(super) async fn count(conn: &mut Conn<'_>, desk: &Desk) -> Result<i64> {
    let sql = "SELECT count(*) FROM canned_replies WHERE desk = $1";
    on!(conn, |c| query_scalar(sql).bind(desk).fetch_one(c).await)
}

/// The one of that name at a desk.
pub(super) async fn by_name(
    conn: &mut Conn<'_>,
    desk: &Desk,
    name: &str,
) -> Result<Option<CannedReplyId>> {
    let sql = "SELECT id FROM canned_replies WHERE desk = $1 AND name = $2";
    on!(conn, |c| query_scalar(sql)
        .bind(desk)
        .bind(name)
        .fetch_optional(c)
        .await)
}

/// Gives one of a desk another name and text; false where it is not there.
pub(super) async fn update(
    conn: &mut Conn<'_>,
    desk: &Desk,
    id: CannedReplyId,
    new: &CannedDraft,
    by: UserId,
    now: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE canned_replies SET name = $1, content = $2, updated_by = $3, updated_at = $4
         WHERE id = $5 AND desk = $6";
    let changed = on!(conn, |c| query(sql)
        .bind(&new.name)
        .bind(&new.content)
        .bind(by)
        .bind(now)
        .bind(id)
        .bind(desk)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}

/// Lets one of a desk go; false where it is not there.
pub(super) async fn delete(conn: &mut Conn<'_>, desk: &Desk, id: CannedReplyId) -> Result<bool> {
    let sql = "DELETE FROM canned_replies WHERE id = $1 AND desk = $2";
    let changed = on!(conn, |c| query(sql)
        .bind(id)
        .bind(desk)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}
