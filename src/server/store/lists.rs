//! Rooms as one reader has them: shared facts, own marks, unread count and last message, in one query for the list.

use sqlx::{AssertSqlSafe, FromRow, query_as};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{LIST, chunks, list},
    support::{StateRow, support_columns},
};
use crate::model::{
    Desk, InboxQuery, LastMessage, MessageId, Role, RoomForMe, RoomId, RoomKind, RoomShared, Seq,
    SupportStatus, Timestamp, UserCard, UserId,
    limits::{DESK_ROOMS, UNREAD_MAX},
    text,
};

/// The rooms in which that user is by row or in person.
pub async fn of_person(conn: &mut Conn<'_>, reader: UserId) -> Result<Vec<RoomForMe>> {
    let rows: Vec<Row> = {
        let sql = select(
            "r.deleted_at IS NULL AND (r.user_id = $1 OR r.id IN
                 (SELECT room_id FROM members WHERE user_id = $1 AND left_at IS NULL))",
        );
        on!(conn, |c| query_as(AssertSqlSafe(sql))
            .bind(reader)
            .bind(UNREAD_MAX)
            .fetch_all(c)
            .await)?
    };
    Ok(rows.into_iter().map(|row| row.into_room(reader)).collect())
}

/// A desk's conversations in which something was written: what is not resolved, then the newest others.
pub async fn of_desk(conn: &mut Conn<'_>, reader: UserId, desk: &Desk) -> Result<Vec<RoomForMe>> {
    let sql = select(
        "r.deleted_at IS NULL AND r.desk = $3 AND s.last_message_id IS NOT NULL
             ORDER BY CASE p.status WHEN 'resolved' THEN 1 ELSE 0 END, s.last_message_id DESC LIMIT $4",
    );
    let rows: Vec<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(reader)
        .bind(UNREAD_MAX)
        .bind(desk)
        .bind(i64::try_from(DESK_ROOMS).unwrap_or(i64::MAX))
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|row| row.into_room(reader)).collect())
}

/// A desk's conversations that match, last activity first.
pub async fn inbox(
    conn: &mut Conn<'_>,
    reader: UserId,
    desk: &Desk,
    asked: &InboxQuery,
    limit: i64,
) -> Result<Vec<RoomForMe>> {
    let sql = select(
        "r.deleted_at IS NULL AND r.desk = $3 AND s.last_message_id < $4
             AND ($5 = '' OR p.status = $5)
             AND (u.name_folded LIKE $6 ESCAPE '\\' OR u.username_folded LIKE $6 ESCAPE '\\')
             ORDER BY s.last_message_id DESC LIMIT $7",
    );
    let before = asked.before.unwrap_or(MessageId(i64::MAX));
    let status = asked.status.map_or("", SupportStatus::as_str);
    let rows: Vec<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(reader)
        .bind(UNREAD_MAX)
        .bind(desk)
        .bind(before)
        .bind(status)
        .bind(holding(&asked.name))
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|row| row.into_room(reader)).collect())
}

/// The pattern of texts that hold this one somewhere.
pub(super) fn holding(part: &str) -> String {
    let mut pattern = String::from("%");
    // NUL is in no name, and PostgreSQL would not even take the question.
    for c in part.trim().to_lowercase().chars().filter(|c| *c != '\0') {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// These rooms, in no order.
pub async fn some(conn: &mut Conn<'_>, reader: UserId, ids: &[RoomId]) -> Result<Vec<RoomForMe>> {
    let mut rooms = Vec::with_capacity(ids.len());
    for chunk in chunks(ids, LIST) {
        let sql = select(&format!("r.id IN ({})", list(3, chunk.len())));
        let rows: Vec<Row> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql)).bind(reader).bind(UNREAD_MAX);
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        rooms.extend(rows.into_iter().map(|row| row.into_room(reader)));
    }
    Ok(rooms)
}

/// One room.
pub async fn one(
    conn: &mut Conn<'_>,
    reader: UserId,
    room_id: RoomId,
) -> Result<Option<RoomForMe>> {
    let sql = select("r.id = $3");
    let row: Option<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(reader)
        .bind(UNREAD_MAX)
        .bind(room_id)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|row| row.into_room(reader)))
}

/// `$1`: the reader, `$2`: where unread counts stop.
fn select(condition: &str) -> String {
    format!(
        "SELECT r.id, r.kind, r.name, r.desk, r.created_at,
             u.id AS person_id, u.name AS person_name, u.role AS person_role,
             s.seq, COALESCE(k.read_seq, 0) AS read_seq,
             (SELECT count(*) FROM (SELECT 1 FROM messages x
                  WHERE x.room_id = r.id AND x.seq > COALESCE(k.read_seq, 0) AND x.sender_id <> $1
                      AND x.kind <> 'system' AND x.deleted_at IS NULL
                  LIMIT $2) AS unread) AS unread_count,
             l.id AS last_id, l.seq AS last_seq, l.sender_id AS last_sender_id, l.content AS last_content,
             l.created_at AS last_created_at, {}
         FROM rooms r
         JOIN room_seq s ON s.room_id = r.id
         LEFT JOIN users u ON u.id = r.user_id
         LEFT JOIN marks k ON k.room_id = r.id AND k.user_id = $1
         LEFT JOIN messages l ON l.id = s.last_message_id
         LEFT JOIN support_rooms p ON p.room_id = r.id
         LEFT JOIN users a ON a.id = p.assignee_id
         WHERE {condition}",
        support_columns!()
    )
}

#[derive(FromRow)]
struct Row {
    id: RoomId,
    kind: RoomKind,
    name: String,
    desk: Option<Desk>,
    created_at: Timestamp,
    person_id: Option<UserId>,
    person_name: Option<String>,
    person_role: Option<Role>,
    seq: Seq,
    read_seq: Seq,
    unread_count: i64,
    last_id: Option<MessageId>,
    last_seq: Option<Seq>,
    last_sender_id: Option<UserId>,
    last_content: Option<String>,
    last_created_at: Option<Timestamp>,
    #[sqlx(flatten)]
    support: StateRow,
}

impl Row {
    /// Where it stands is not for the one whose room it is.
    fn into_room(self, reader: UserId) -> RoomForMe {
        let last_message = self.last_message();
        let user = match (self.person_id, self.person_name, self.person_role) {
            (Some(id), Some(name), Some(role)) => Some(UserCard { id, name, role }),
            _ => None,
        };
        RoomForMe {
            shared: RoomShared {
                id: self.id,
                kind: self.kind,
                name: self.name,
                desk: self.desk,
                user,
                created_at: self.created_at,
            },
            seq: self.seq,
            read_seq: self.read_seq,
            unread_count: self.unread_count,
            last_message,
            support: self
                .support
                .into_state()
                .filter(|_| self.person_id != Some(reader)),
        }
    }

    fn last_message(&self) -> Option<LastMessage> {
        Some(LastMessage {
            id: self.last_id?,
            seq: self.last_seq?,
            sender_id: self.last_sender_id?,
            excerpt: text::excerpt(self.last_content.as_deref()?),
            created_at: self.last_created_at?,
        })
    }
}
