//! Whom somebody may know of: those with whom they share a room or a desk's conversation, and those whom their role
//! finds. The one place that says so in SQL.

use sqlx::{AssertSqlSafe, FromRow, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    lists::holding,
    sql_list::{LIST, chunks, list},
};
use crate::model::{
    Desk, DeskCard, Desks, Listed, Role, Slice, UserId,
    permission::{Actor, found_by},
};

/// Whom one reader knows without sharing a room by row.
#[derive(Clone, Debug)]
pub struct Circle {
    reader: UserId,
    /// Everybody of these roles.
    roles: Vec<Role>,
    /// These by their folded sign-in names: who answers where the reader has asked something.
    names: Vec<String>,
    /// The desks that the reader answers.
    desks: Vec<Desk>,
}

/// Somebody whom a reader knows.
#[derive(Clone, Debug, FromRow)]
pub struct KnownRow {
    /// The account.
    pub id: UserId,
    /// The sign-in name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// The role in the school.
    pub role: Role,
}

/// The circle of a reader who answers at these desks.
pub async fn of(
    conn: &mut Conn<'_>,
    desks: &Desks,
    reader: Actor,
    answered: &[Desk],
) -> Result<Circle> {
    let sql =
        "SELECT desk FROM rooms WHERE user_id = $1 AND desk IS NOT NULL AND deleted_at IS NULL";
    let asked: Vec<Desk> = on!(conn, |c| query_scalar(sql)
        .bind(reader.id)
        .fetch_all(c)
        .await)?;
    let cards: Vec<&DeskCard> = asked.iter().filter_map(|desk| desks.get(desk)).collect();
    let mut roles = found_by(reader.role).to_vec();
    roles.extend(cards.iter().flat_map(|card| &card.roles));
    roles.sort_unstable_by_key(|role| role.as_str());
    roles.dedup();
    Ok(Circle {
        reader: reader.id,
        roles,
        names: cards.iter().flat_map(|card| card.people.clone()).collect(),
        desks: answered.to_vec(),
    })
}

impl Circle {
    /// That the reader, `$1`, knows person `u`; and the number of the first parameter that is free.
    fn knows(&self) -> (String, usize) {
        let (roles, mut free) = (list(2, self.roles.len()), 2 + self.roles.len());
        let mut ways = vec![
            format!("u.role IN ({roles})"),
            "EXISTS (SELECT 1 FROM members a JOIN members b ON b.room_id = a.room_id JOIN rooms r ON r.id = a.room_id
                 WHERE a.user_id = $1 AND a.left_at IS NULL AND b.user_id = u.id AND b.left_at IS NULL
                     AND r.deleted_at IS NULL)"
                .to_owned(),
        ];
        if !self.names.is_empty() {
            ways.push(format!(
                "u.username_folded IN ({})",
                list(free, self.names.len())
            ));
            free += self.names.len();
        }
        if !self.desks.is_empty() {
            ways.push(format!(
                "EXISTS (SELECT 1 FROM rooms d WHERE d.user_id = u.id AND d.deleted_at IS NULL AND d.desk IN ({}))",
                list(free, self.desks.len())
            ));
            free += self.desks.len();
        }
        let sql = format!("u.closed_at IS NULL AND ({})", ways.join(" OR "));
        (sql, free)
    }
}

/// Binds what [`Circle::knows`] names, in its order.
macro_rules! bind_circle {
    ($query:expr, $circle:expr) => {{
        let mut query = $query.bind($circle.reader);
        for role in &$circle.roles {
            query = query.bind(*role);
        }
        for name in &$circle.names {
            query = query.bind(name);
        }
        for desk in &$circle.desks {
            query = query.bind(desk);
        }
        query
    }};
}

/// Those of these people whom the reader knows, themselves included, in no order.
pub async fn known(conn: &mut Conn<'_>, circle: &Circle, ids: &[UserId]) -> Result<Vec<UserId>> {
    let mut known = Vec::new();
    for chunk in chunks(ids, LIST) {
        let (knows, free) = circle.knows();
        let sql = format!(
            "SELECT u.id FROM users u WHERE u.id IN ({}) AND (u.id = $1 OR {knows})",
            list(free, chunk.len())
        );
        let found: Vec<UserId> = on!(conn, |c| {
            let mut select = bind_circle!(query_scalar(AssertSqlSafe(sql)), circle);
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        known.extend(found);
    }
    Ok(known)
}

/// Those whom the reader knows and whose names hold `part`, by name, without themselves. `held_by`: those alone who are
/// connected to one of these nodes and do not appear offline.
pub async fn people(
    conn: &mut Conn<'_>,
    circle: &Circle,
    part: &str,
    held_by: Option<&[String]>,
    slice: Slice,
) -> Result<Listed<KnownRow>> {
    let (knows, free) = circle.knows();
    let pattern = holding(part);
    let nodes = held_by.unwrap_or_default();
    if held_by.is_some() && nodes.is_empty() {
        return Ok(Listed::empty());
    }
    let held = match held_by {
        None => String::new(),
        Some(_) => format!(
            " AND EXISTS (SELECT 1 FROM presence_held h WHERE h.user_id = u.id AND h.node IN ({}))
             AND NOT EXISTS (SELECT 1 FROM presence p WHERE p.user_id = u.id AND p.chosen = 'offline')",
            list(free + 1, nodes.len())
        ),
    };
    let matching = format!(
        "FROM users u WHERE u.id <> $1 AND {knows} AND u.name_folded LIKE ${free} ESCAPE '\\'{held}"
    );
    let sql = format!("SELECT count(*) {matching}");
    let count = on!(conn, |c| {
        let mut select = bind_circle!(query_scalar(AssertSqlSafe(sql)), circle).bind(&pattern);
        for node in nodes {
            select = select.bind(node);
        }
        select.fetch_one(c).await
    })?;
    let at = free + 1 + nodes.len();
    let sql = format!(
        "SELECT u.id, u.username, u.name, u.role {matching} ORDER BY u.name_folded, u.id LIMIT ${at} OFFSET ${}",
        at + 1
    );
    let items = on!(conn, |c| {
        let mut select = bind_circle!(query_as(AssertSqlSafe(sql)), circle).bind(&pattern);
        for node in nodes {
            select = select.bind(node);
        }
        select
            .bind(slice.limit)
            .bind(slice.offset)
            .fetch_all(c)
            .await
    })?;
    Ok(Listed { count, items })
}
