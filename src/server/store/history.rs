//! A room's history in parts: pages with numbers, between two places, by id.

use sqlx::{AssertSqlSafe, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    messages::{Change, MessageRow, select_messages},
    sight::{Sight, seen, seen_among_rooms},
    sql_list::{LIST, chunks, list, padded},
};
use crate::model::{Message, MessageId, RoomId, Seq, Slice, limits::UNREAD_MAX, permission::Actor};

/// Places in a room, neither included; none: no end on that side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// After this place.
    pub after: Option<Seq>,
    /// Before this place.
    pub before: Option<Seq>,
}

/// What the reader sees of a room between two places: `$1` to `$5`.
macro_rules! seen_between {
    ($rest:literal) => {
        concat!(
            "WHERE m.room_id = $1 AND m.seq > $2 AND m.seq < $3 AND ",
            seen!("m", "$4", "$5"),
            " ",
            $rest
        )
    };
}

/// The newest of them after the first `offset`, oldest first.
pub async fn newest(
    conn: &mut Conn<'_>,
    sight: Sight,
    room_id: RoomId,
    bounds: Bounds,
    slice: Slice,
) -> Result<Vec<Message>> {
    let sql = concat!(
        select_messages!(""),
        seen_between!("ORDER BY m.seq DESC LIMIT $6 OFFSET $7")
    );
    let rows: Vec<MessageRow> = on!(conn, |c| query_as(sql)
        .bind(room_id)
        .bind(bounds.after.unwrap_or_default())
        .bind(bounds.before.unwrap_or(Seq(i64::MAX)))
        .bind(sight.is_staff)
        .bind(sight.reader)
        .bind(slice.limit)
        .bind(slice.offset)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().rev().map(Message::from).collect())
}

/// The oldest of them, oldest first.
pub async fn oldest(
    conn: &mut Conn<'_>,
    sight: Sight,
    room_id: RoomId,
    bounds: Bounds,
    limit: i64,
) -> Result<Vec<Message>> {
    let sql = concat!(
        select_messages!(""),
        seen_between!("ORDER BY m.seq LIMIT $6")
    );
    let rows: Vec<MessageRow> = on!(conn, |c| query_as(sql)
        .bind(room_id)
        .bind(bounds.after.unwrap_or_default())
        .bind(bounds.before.unwrap_or(Seq(i64::MAX)))
        .bind(sight.is_staff)
        .bind(sight.reader)
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// How many the reader sees in a room; counting stops at `most`.
pub async fn count(conn: &mut Conn<'_>, sight: Sight, room_id: RoomId, most: i64) -> Result<i64> {
    let sql = concat!(
        "SELECT count(*) FROM (SELECT 1 FROM messages m ",
        seen_between!("LIMIT $6) AS found")
    );
    on!(conn, |c| query_scalar(sql)
        .bind(room_id)
        .bind(Seq::default())
        .bind(Seq(i64::MAX))
        .bind(sight.is_staff)
        .bind(sight.reader)
        .bind(most)
        .fetch_one(c)
        .await)
}

/// In each of these rooms the newest of those that tell what is going on in the conversation, for lists: what the reader
/// does not see of it is left out, and so are notes and what Quad tells. In no order.
pub async fn last_of(conn: &mut Conn<'_>, reader: Actor, ids: &[RoomId]) -> Result<Vec<Message>> {
    let mut last = Vec::with_capacity(ids.len());
    for chunk in chunks(&padded(ids), LIST) {
        let sql = format!(
            "{}(SELECT (SELECT x.id FROM messages x WHERE x.room_id = r.id AND x.audience <> 'staff'
                 AND x.kind <> 'system' AND {}
                 ORDER BY x.seq DESC LIMIT 1) FROM rooms r WHERE r.id IN ({}))",
            select_messages!("WHERE m.id IN "),
            seen_among_rooms(reader),
            list(2, chunk.len())
        );
        let rows: Vec<MessageRow> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql)).bind(reader.id);
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        last.extend(rows.into_iter().map(Message::from));
    }
    Ok(last)
}

/// Countable messages of others that the reader sees between two places, the second included; at most [`UNREAD_MAX`].
pub async fn of_others(
    conn: &mut Conn<'_>,
    sight: Sight,
    room_id: RoomId,
    (after, up_to): (Seq, Seq),
) -> Result<i64> {
    let sql = concat!(
        "SELECT count(*) FROM (
             SELECT 1 FROM messages x
             WHERE x.room_id = $1 AND x.seq > $2 AND x.seq <= $3 AND x.sender_id <> $4 AND x.kind <> 'system'
                 AND x.deleted_at IS NULL AND ",
        seen!("x", "$6", "$4"),
        " LIMIT $5) AS found"
    );
    on!(conn, |c| query_scalar(sql)
        .bind(room_id)
        .bind(after)
        .bind(up_to)
        .bind(sight.reader)
        .bind(UNREAD_MAX)
        .bind(sight.is_staff)
        .fetch_one(c)
        .await)
}

/// The messages with these ids, in no order, whoever may see them.
pub async fn by_ids(conn: &mut Conn<'_>, ids: &[MessageId]) -> Result<Vec<Change>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in chunks(ids, LIST) {
        let sql = format!(
            "{}({})",
            select_messages!("WHERE m.id IN "),
            list(1, chunk.len())
        );
        let rows: Vec<MessageRow> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql));
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(Change::from));
    }
    Ok(found)
}
