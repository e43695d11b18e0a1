//! Presence: what people have chosen, when they were last seen, and whom each node holds.

use sqlx::{AssertSqlSafe, FromRow, query, query_as};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{LIST, chunks, list, rows},
};
use crate::model::{OwnPresence, PresenceFacts, PresenceStatus, Timestamp, UserId};

/// Rows written in one statement.
const ROWS: usize = 256;

/// A node, as the others see it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct NodeRow {
    /// Its name.
    pub node: String,
    /// When it last said that it is there, by its own clock.
    pub beat_at: Timestamp,
    /// Grows with every change of presence that it makes.
    pub rev: i64,
}

#[derive(FromRow)]
struct Row {
    user_id: UserId,
    chosen: Option<PresenceStatus>,
    hides_last_seen: Option<bool>,
    last_seen_at: Option<Timestamp>,
    active_at: Option<Timestamp>,
}

impl From<Row> for PresenceFacts {
    fn from(row: Row) -> Self {
        Self {
            own: OwnPresence {
                chosen: row.chosen.unwrap_or_default(),
                hides_last_seen: row.hides_last_seen.unwrap_or_default(),
            },
            last_seen_at: row.last_seen_at,
            active_at: row.active_at,
        }
    }
}

/// Notes that these people, who ascend, are connected to a node, and when they last did something.
pub async fn hold(conn: &mut Conn<'_>, node: &str, people: &[(UserId, Timestamp)]) -> Result<()> {
    for chunk in chunks(people, ROWS) {
        let sql = format!(
            "INSERT INTO presence_held (node, user_id, active_at) VALUES {}
             ON CONFLICT (node, user_id) DO UPDATE SET active_at = excluded.active_at",
            rows(chunk.len(), 3)
        );
        on!(conn, |c| {
            let mut insert = query(AssertSqlSafe(sql));
            for (user_id, active_at) in chunk {
                insert = insert.bind(node).bind(*user_id).bind(*active_at);
            }
            insert.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Notes as what somebody wants to be seen. Whoever appears offline from now on was last seen now.
pub async fn choose(
    conn: &mut Conn<'_>,
    user_id: UserId,
    chosen: PresenceStatus,
    now: Timestamp,
) -> Result<()> {
    let seen_at = (chosen == PresenceStatus::Offline).then_some(now);
    let sql = "INSERT INTO presence (user_id, chosen, last_seen_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET
             last_seen_at = CASE WHEN presence.chosen = 'offline' OR excluded.last_seen_at IS NULL
                                 THEN presence.last_seen_at ELSE excluded.last_seen_at END,
             chosen = excluded.chosen";
    on!(conn, |c| query(sql)
        .bind(user_id)
        .bind(chosen)
        .bind(seen_at)
        .execute(c)
        .await
        .map(drop))
}

/// Notes whether others are told when somebody was last seen.
pub async fn hide_last_seen(conn: &mut Conn<'_>, user_id: UserId, hides: bool) -> Result<()> {
    let sql = "INSERT INTO presence (user_id, hides_last_seen) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET hides_last_seen = excluded.hides_last_seen";
    on!(conn, |c| query(sql)
        .bind(user_id)
        .bind(hides)
        .execute(c)
        .await
        .map(drop))
}

/// Notes that a node is there, and whether it has changed something; answers whether it was known.
pub async fn beat(
    conn: &mut Conn<'_>,
    node: &str,
    now: Timestamp,
    has_changed: bool,
) -> Result<bool> {
    let step = i64::from(has_changed);
    let sql = "UPDATE presence_nodes SET beat_at = $2, rev = rev + $3 WHERE node = $1";
    let known = on!(conn, |c| query(sql)
        .bind(node)
        .bind(now)
        .bind(step)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if known > 0 {
        return Ok(true);
    }
    let sql = "INSERT INTO presence_nodes (node, beat_at, rev) VALUES ($1, $2, 1)
         ON CONFLICT (node) DO NOTHING";
    on!(conn, |c| query(sql)
        .bind(node)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(false)
}

/// What one person has chosen.
pub async fn own(conn: &mut Conn<'_>, user_id: UserId) -> Result<OwnPresence> {
    let found = facts(conn, &[user_id], &[]).await?;
    Ok(found
        .first()
        .map(|(_, facts)| facts.own)
        .unwrap_or_default())
}

/// What is known of these people, in no order; `nodes`: those whose word counts.
pub async fn facts(
    conn: &mut Conn<'_>,
    ids: &[UserId],
    nodes: &[String],
) -> Result<Vec<(UserId, PresenceFacts)>> {
    let mut found = Vec::with_capacity(ids.len());
    // A list must not be empty; no node is called that.
    let nodes = if nodes.is_empty() {
        &[String::new()][..]
    } else {
        nodes
    };
    for chunk in chunks(ids, LIST) {
        let sql = format!(
            "SELECT u.id AS user_id, p.chosen, p.hides_last_seen, p.last_seen_at,
                 (SELECT max(h.active_at) FROM presence_held h
                     WHERE h.user_id = u.id AND h.node IN ({})) AS active_at
             FROM users u LEFT JOIN presence p ON p.user_id = u.id WHERE u.id IN ({})",
            list(1, nodes.len()),
            list(1 + nodes.len(), chunk.len())
        );
        let rows: Vec<Row> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql));
            for node in nodes {
                select = select.bind(node);
            }
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|row| (row.user_id, row.into())));
    }
    Ok(found)
}

/// Every node.
pub async fn nodes(conn: &mut Conn<'_>) -> Result<Vec<NodeRow>> {
    let sql = "SELECT node, beat_at, rev FROM presence_nodes ORDER BY node";
    on!(conn, |c| query_as(sql).fetch_all(c).await)
}

/// Lets these people go, who ascend, each of whom a node has last seen then.
pub async fn let_go(conn: &mut Conn<'_>, node: &str, people: &[(UserId, Timestamp)]) -> Result<()> {
    for (user_id, at) in people {
        let sql = format!("INSERT INTO presence (user_id, last_seen_at) VALUES ($1, $2) {SEEN}");
        on!(conn, |c| query(AssertSqlSafe(sql))
            .bind(*user_id)
            .bind(*at)
            .execute(c)
            .await
            .map(drop))?;
        let sql = "DELETE FROM presence_held WHERE node = $1 AND user_id = $2";
        on!(conn, |c| query(sql)
            .bind(node)
            .bind(*user_id)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}

/// Forgets a node that is gone: whom it held was last seen when it last said that it is there.
pub async fn bury(conn: &mut Conn<'_>, node: &str) -> Result<()> {
    // `WHERE`: SQLite would take `ON` for a join's.
    let seen = format!(
        "INSERT INTO presence (user_id, last_seen_at)
             SELECT h.user_id, n.beat_at FROM presence_held h JOIN presence_nodes n ON n.node = h.node
             WHERE h.node = $1 ORDER BY h.user_id
         {SEEN}"
    );
    let held = "DELETE FROM presence_held WHERE node = $1".to_owned();
    let itself = "DELETE FROM presence_nodes WHERE node = $1".to_owned();
    for sql in [seen, held, itself] {
        on!(conn, |c| query(AssertSqlSafe(sql))
            .bind(node)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}

/// Nobody is seen earlier than before, and whoever appears offline is not seen to leave.
const SEEN: &str = "ON CONFLICT (user_id) DO UPDATE SET
         last_seen_at = CASE WHEN presence.chosen = 'offline' AND presence.last_seen_at IS NOT NULL
                                 OR presence.last_seen_at > excluded.last_seen_at
                             THEN presence.last_seen_at ELSE excluded.last_seen_at END";
