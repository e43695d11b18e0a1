//! The statements of a batch of posts, each for the whole batch.

use std::collections::{BTreeMap, HashMap};

use sqlx::{AssertSqlSafe, FromRow, query, query_as};

use super::{Fresh, NewPost, Scene};
use crate::{
    model::{
        ClientId, Membership, Message, MessageId, Role, RoomId, Seq, SupportState, SupportStatus,
        Timestamp, UserId,
    },
    server::store::{
        Conn, Result,
        conn::on,
        members::Standing,
        messages::{MessageRow, select_messages},
        rooms::{RoomRow, room_columns},
        sql_list::{chunks, list, padded, rows},
        support,
    },
};

/// Rows in one `INSERT`; 12 columns of them stay far below SQLite's 32 766 parameters.
const INSERT_ROWS: usize = 64;

#[derive(FromRow)]
pub(super) struct SenderRow {
    pub(super) id: UserId,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) closed_at: Option<Timestamp>,
}

#[derive(FromRow)]
pub(super) struct PlaceRow {
    #[sqlx(flatten)]
    pub(super) room: RoomRow,
    pub(super) seq: Seq,
    support_status: Option<SupportStatus>,
    waiting_since: Option<Timestamp>,
    /// Whether this batch's messages have changed where the support room stands.
    #[sqlx(skip)]
    is_moved: bool,
}

impl PlaceRow {
    /// Gives a message its place; what follows from it for where a support room stands.
    pub(super) fn take_message(&mut self, message: &mut Message) {
        self.seq = self.seq.next();
        (message.seq, message.rev) = (self.seq, self.seq);
        let Some(status) = self.support_status.filter(|_| !message.is_note()) else {
            return;
        };
        let mut state = SupportState {
            status,
            assignee: None,
            waiting_since: self.waiting_since,
        };
        let is_by_person = self.room.user_id == Some(message.sender.id);
        self.is_moved |= state.take_message(is_by_person, message.created_at);
        (self.support_status, self.waiting_since) = (Some(state.status), state.waiting_since);
    }
}

pub(super) async fn senders(conn: &mut Conn<'_>, ids: &[UserId]) -> Result<Vec<SenderRow>> {
    let sql = format!(
        "SELECT id, username, name, role, closed_at FROM users WHERE id IN ({}) ORDER BY id{}",
        list(1, ids.len()),
        conn.for_share()
    );
    on!(conn, |c| {
        let mut select = query_as(AssertSqlSafe(sql));
        for id in ids {
            select = select.bind(*id);
        }
        select.fetch_all(c).await
    })
}

/// The rooms, which are locked.
pub(super) async fn places(conn: &mut Conn<'_>, ids: &[RoomId]) -> Result<Vec<PlaceRow>> {
    let sql = format!(
        "SELECT {}, s.seq,
             p.status AS support_status, p.waiting_since
         FROM room_seq s JOIN rooms r ON r.id = s.room_id LEFT JOIN support_rooms p ON p.room_id = s.room_id
         WHERE s.room_id IN ({}) ORDER BY s.room_id",
        room_columns!(),
        list(1, ids.len())
    );
    on!(conn, |c| {
        let mut select = query_as(AssertSqlSafe(sql));
        for id in ids {
            select = select.bind(*id);
        }
        select.fetch_all(c).await
    })
}

pub(super) async fn members(
    conn: &mut Conn<'_>,
    rooms: &[RoomId],
    users: &[UserId],
    now: Timestamp,
) -> Result<HashMap<(RoomId, UserId), Membership>> {
    #[derive(FromRow)]
    struct Row {
        room_id: RoomId,
        user_id: UserId,
        #[sqlx(flatten)]
        standing: Standing,
    }
    let sql = format!(
        "SELECT room_id, user_id, role, left_at, banned_at, muted_until FROM members
         WHERE left_at IS NULL AND room_id IN ({}) AND user_id IN ({})",
        list(1, rooms.len()),
        list(rooms.len() + 1, users.len())
    );
    let found: Vec<Row> = on!(conn, |c| {
        let mut select = query_as(AssertSqlSafe(sql));
        for id in rooms {
            select = select.bind(*id);
        }
        for id in users {
            select = select.bind(*id);
        }
        select.fetch_all(c).await
    })?;
    let found = found.into_iter();
    Ok(found
        .filter_map(|row| Some(((row.room_id, row.user_id), row.standing.membership(now)?)))
        .collect())
}

pub(super) async fn known(
    conn: &mut Conn<'_>,
    posts: &[&NewPost],
    users: &[UserId],
) -> Result<HashMap<(UserId, ClientId), Message>> {
    let keys: Vec<ClientId> = posts.iter().map(|post| post.client_id).collect();
    let keys = padded(&keys);
    let sql = format!(
        "{}({}) AND m.client_id IN ({})",
        select_messages!("WHERE m.sender_id IN "),
        list(1, users.len()),
        list(users.len() + 1, keys.len())
    );
    let found: Vec<MessageRow> = on!(conn, |c| {
        let mut select = query_as(AssertSqlSafe(sql));
        for id in users {
            select = select.bind(*id);
        }
        for key in &keys {
            select = select.bind(key.to_string());
        }
        select.fetch_all(c).await
    })?;
    let messages = found.into_iter().map(Message::from);
    Ok(messages
        .filter_map(|message| {
            message
                .client_id
                .map(|key| ((message.sender.id, key), message))
        })
        .collect())
}

/// Inserts the rows and answers the messages with their ids. Fewer rows than asked for (another node was quicker with
/// a key) is an error: the batch is rolled back and judged again, one by one.
pub(super) async fn insert(conn: &mut Conn<'_>, fresh: &[Fresh]) -> Result<Vec<Message>> {
    let mut written = Vec::with_capacity(fresh.len());
    for chunk in chunks(fresh, INSERT_ROWS) {
        let sql = format!(
            "INSERT INTO messages (room_id, seq, rev, content_rev, sender_id, client_id, kind, audience, content, created_at)
             VALUES {} ON CONFLICT DO NOTHING RETURNING room_id, seq, id",
            rows(chunk.len(), 10)
        );
        let ids: Vec<(RoomId, Seq, MessageId)> = on!(conn, |c| {
            let mut insert = query_as(AssertSqlSafe(sql));
            for Fresh {
                message, client_id, ..
            } in chunk
            {
                insert = insert
                    .bind(message.room_id)
                    .bind(message.seq)
                    .bind(message.rev)
                    .bind(message.rev);
                insert = insert
                    .bind(message.sender.id)
                    .bind(client_id.to_string())
                    .bind(message.kind);
                insert = insert
                    .bind(message.audience)
                    .bind(message.content.clone())
                    .bind(message.created_at);
            }
            insert.fetch_all(c).await
        })?;
        let ids: HashMap<(RoomId, Seq), MessageId> = ids
            .into_iter()
            .map(|(room_id, seq, id)| ((room_id, seq), id))
            .collect();
        for Fresh { message, .. } in chunk {
            let id = ids
                .get(&(message.room_id, message.seq))
                .ok_or(sqlx::Error::RowNotFound)?;
            written.push(Message {
                id: *id,
                ..message.clone()
            });
        }
    }
    Ok(written)
}

/// Moves the counters of the rooms that got messages. Notes are no last messages.
pub(super) async fn advance(conn: &mut Conn<'_>, scene: &Scene, written: &[Message]) -> Result<()> {
    let mut last: BTreeMap<RoomId, Option<MessageId>> = BTreeMap::new();
    for message in written {
        let last = last.entry(message.room_id).or_default();
        if !message.is_note() {
            *last = Some(message.id);
        }
    }
    let last: Vec<(RoomId, Seq, Option<MessageId>)> = last
        .into_iter()
        .filter_map(|(room_id, id)| Some((room_id, scene.places.get(&room_id)?.seq, id)))
        .collect();
    for chunk in chunks(&last, INSERT_ROWS) {
        let sql = format!(
            "INSERT INTO room_seq (room_id, seq, last_message_id) VALUES {}
             ON CONFLICT (room_id) DO UPDATE SET seq = excluded.seq,
                 last_message_id = COALESCE(excluded.last_message_id, room_seq.last_message_id)",
            rows(chunk.len(), 3)
        );
        on!(conn, |c| {
            let mut update = query(AssertSqlSafe(sql));
            for (room_id, seq, id) in chunk {
                update = update.bind(*room_id).bind(*seq).bind(*id);
            }
            update.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Writes where support rooms stand after this batch's messages: mostly where they stood.
pub(super) async fn follow(conn: &mut Conn<'_>, scene: &Scene) -> Result<()> {
    for (room_id, place) in scene.places.iter().filter(|(_, place)| place.is_moved) {
        if let Some(status) = place.support_status {
            support::follow(conn, *room_id, status, place.waiting_since).await?;
        }
    }
    Ok(())
}
