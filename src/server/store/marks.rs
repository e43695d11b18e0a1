//! What people have read, and what has come to them.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, FromRow, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    rooms::RoomRow,
    sight::{Sight, seen, seen_among_rooms},
    sql_list::{LIST, chunks, list},
};
use crate::model::{MarksRev, RoomId, Seq, UserId, limits::UNREAD_MAX, permission::Actor};

/// Moves a read mark forward, and the receipt with it; none where it stood there already. `rev`: the room's
/// `marks_rev` after this change.
pub async fn advance(
    conn: &mut Conn<'_>,
    user_id: UserId,
    room_id: RoomId,
    seq: Seq,
    rev: MarksRev,
) -> Result<Option<Seq>> {
    // Everybody stands here without a row.
    if seq <= Seq(0) {
        return Ok(None);
    }
    let sql = "INSERT INTO marks (user_id, room_id, receipt_seq, read_seq, rev) VALUES ($1, $2, $3, $3, $4)
         ON CONFLICT (user_id, room_id) DO UPDATE SET
             read_seq = excluded.read_seq,
             rev = excluded.rev,
             receipt_seq = CASE WHEN excluded.receipt_seq > marks.receipt_seq
                                THEN excluded.receipt_seq ELSE marks.receipt_seq END
         WHERE excluded.read_seq > marks.read_seq
         RETURNING receipt_seq";
    on!(conn, |c| query_scalar(sql)
        .bind(user_id)
        .bind(room_id)
        .bind(seq)
        .bind(rev)
        .fetch_optional(c)
        .await)
}

/// Notes that a room has come to somebody up to there, forward only; none where that was known, by a receipt too. `rev`:
/// the room's `marks_rev` after this change.
pub async fn deliver(
    conn: &mut Conn<'_>,
    user_id: UserId,
    room_id: RoomId,
    seq: Seq,
    rev: MarksRev,
) -> Result<Option<Seq>> {
    // Everybody stands here without a row.
    if seq <= Seq(0) {
        return Ok(None);
    }
    let sql =
        "INSERT INTO marks (user_id, room_id, receipt_seq, read_seq, delivered_seq, rev) VALUES ($1, $2, 0, 0, $3, $4)
         ON CONFLICT (user_id, room_id) DO UPDATE SET delivered_seq = excluded.delivered_seq, rev = excluded.rev
         WHERE excluded.delivered_seq > marks.delivered_seq AND excluded.delivered_seq > marks.receipt_seq
         RETURNING delivered_seq";
    on!(conn, |c| query_scalar(sql)
        .bind(user_id)
        .bind(room_id)
        .bind(seq)
        .bind(rev)
        .fetch_optional(c)
        .await)
}

/// Moves a read mark back; the receipt stays. Answers it; none where the mark was not beyond.
pub async fn retreat(
    conn: &mut Conn<'_>,
    user_id: UserId,
    room_id: RoomId,
    seq: Seq,
) -> Result<Option<Seq>> {
    let sql = "UPDATE marks SET read_seq = $3 WHERE user_id = $1 AND room_id = $2 AND read_seq > $3
         RETURNING receipt_seq";
    on!(conn, |c| query_scalar(sql)
        .bind(user_id)
        .bind(room_id)
        .bind(seq)
        .fetch_optional(c)
        .await)
}

/// Up to where that user has read.
pub async fn read_seq(conn: &mut Conn<'_>, user_id: UserId, room_id: RoomId) -> Result<Seq> {
    let sql = "SELECT read_seq FROM marks WHERE user_id = $1 AND room_id = $2";
    let seq: Option<Seq> = on!(conn, |c| query_scalar(sql)
        .bind(user_id)
        .bind(room_id)
        .fetch_optional(c)
        .await)?;
    Ok(seq.unwrap_or_default())
}

/// Up to where a room has come to that user, read or not.
pub async fn delivered_seq(conn: &mut Conn<'_>, user_id: UserId, room_id: RoomId) -> Result<Seq> {
    let sql = "SELECT CASE WHEN delivered_seq > receipt_seq THEN delivered_seq ELSE receipt_seq END
         FROM marks WHERE user_id = $1 AND room_id = $2";
    let seq: Option<Seq> = on!(conn, |c| query_scalar(sql)
        .bind(user_id)
        .bind(room_id)
        .fetch_optional(c)
        .await)?;
    Ok(seq.unwrap_or_default())
}

/// What each person of a room has come to.
type Each = BTreeMap<UserId, Seq>;

/// Whether it is known that a room has come so far to that user. Of those who answer in a support room the first to whom
/// it comes is enough: else each message of a student would be as many writes as a desk has people.
pub async fn has_come(
    conn: &mut Conn<'_>,
    room: &RoomRow,
    user_id: UserId,
    seq: Seq,
) -> Result<bool> {
    let known = match room.user_id.filter(|person| *person != user_id) {
        Some(person) => come_to_others(conn, room.id, person).await?,
        None => delivered_seq(conn, user_id, room.id).await?,
    };
    Ok(known >= seq)
}

async fn come_to_others(conn: &mut Conn<'_>, room_id: RoomId, than: UserId) -> Result<Seq> {
    let sql =
        "SELECT max(CASE WHEN delivered_seq > receipt_seq THEN delivered_seq ELSE receipt_seq END)
         FROM marks WHERE room_id = $1 AND user_id <> $2";
    let seq: Option<Seq> = on!(conn, |c| query_scalar(sql)
        .bind(room_id)
        .bind(than)
        .fetch_one(c)
        .await)?;
    Ok(seq.unwrap_or_default())
}

/// Up to where everybody has read in a room, as others may see; who has read nothing is left out.
pub async fn receipts(conn: &mut Conn<'_>, room_id: RoomId) -> Result<Each> {
    each(conn, "receipt_seq", room_id).await
}

/// Up to where a room has come to everybody, as was last said of it: a receipt may be beyond. To whom nothing has come is
/// left out.
pub async fn deliveries(conn: &mut Conn<'_>, room_id: RoomId) -> Result<Each> {
    each(conn, "delivered_seq", room_id).await
}

async fn each(conn: &mut Conn<'_>, mark: &str, room_id: RoomId) -> Result<Each> {
    let mut of_rooms = each_of(conn, mark, &[room_id]).await?;
    Ok(of_rooms.remove(&room_id).unwrap_or_default())
}

/// The receipts of many rooms; those where nobody has read anything are left out.
pub async fn receipts_of(conn: &mut Conn<'_>, ids: &[RoomId]) -> Result<BTreeMap<RoomId, Each>> {
    each_of(conn, "receipt_seq", ids).await
}

/// The deliveries of many rooms; those that have come to nobody are left out.
pub async fn deliveries_of(conn: &mut Conn<'_>, ids: &[RoomId]) -> Result<BTreeMap<RoomId, Each>> {
    each_of(conn, "delivered_seq", ids).await
}

async fn each_of(
    conn: &mut Conn<'_>,
    mark: &str,
    ids: &[RoomId],
) -> Result<BTreeMap<RoomId, Each>> {
    let mut of_rooms: BTreeMap<RoomId, Each> = BTreeMap::new();
    for chunk in chunks(ids, LIST) {
        let sql = format!(
            "SELECT room_id, user_id, {mark} FROM marks WHERE {mark} > 0 AND room_id IN ({})",
            list(1, chunk.len())
        );
        let rows: Vec<(RoomId, UserId, Seq)> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql));
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        for (room_id, user_id, seq) in rows {
            of_rooms.entry(room_id).or_default().insert(user_id, seq);
        }
    }
    Ok(of_rooms)
}

/// How far a room has come to one person, as others may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Reach {
    /// The person.
    pub user_id: UserId,
    /// Up to where they have read.
    pub receipt_seq: Seq,
    /// Up to where it has come to them, as was last said.
    pub delivered_seq: Seq,
}

/// Whose receipt or delivery changed after `since`, in the order of that, each as it is now.
pub async fn receipts_after(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    since: MarksRev,
) -> Result<Vec<Reach>> {
    let sql = "SELECT user_id, receipt_seq, delivered_seq FROM marks
         WHERE room_id = $1 AND rev > $2 ORDER BY rev";
    on!(conn, |c| query_as(sql)
        .bind(room_id)
        .bind(since)
        .fetch_all(c)
        .await)
}

/// Countable messages of others, whom the reader has not blocked, that they see after `read_seq`, at most [`UNREAD_MAX`].
pub async fn unread(
    conn: &mut Conn<'_>,
    sight: Sight,
    room_id: RoomId,
    read_seq: Seq,
) -> Result<i64> {
    let sql = concat!(
        "SELECT count(*) FROM (
             SELECT 1 FROM messages x
             WHERE x.room_id = $1 AND x.seq > $2 AND x.sender_id <> $3 AND x.kind <> 'system'
                 AND x.deleted_at IS NULL
                 AND x.sender_id NOT IN (SELECT blocked_id FROM blocks WHERE user_id = $3) AND ",
        seen!("x", "$5", "$3"),
        " LIMIT $4) AS unread"
    );
    on!(conn, |c| query_scalar(sql)
        .bind(room_id)
        .bind(read_seq)
        .bind(sight.reader)
        .bind(UNREAD_MAX)
        .bind(sight.is_staff)
        .fetch_one(c)
        .await)
}

/// What the reader has not read of room `r`: countable messages of others after their mark `k`. `$1`: the reader.
pub(super) fn unread_of(reader: Actor) -> String {
    format!(
        "SELECT 1 FROM messages x WHERE x.room_id = r.id AND x.seq > COALESCE(k.read_seq, 0)
             AND x.sender_id <> $1 AND x.kind <> 'system' AND x.deleted_at IS NULL
             AND x.sender_id NOT IN (SELECT blocked_id FROM blocks WHERE user_id = $1) AND {}",
        seen_among_rooms(reader)
    )
}
