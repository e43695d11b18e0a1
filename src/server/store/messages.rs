//! Reading messages: the newest, a page of older ones, what changed. Writing them: [`super::post`].

use sqlx::{FromRow, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    sight::{Sight, seen},
};
use crate::model::{
    Audience, ClientId, Message, MessageId, MessageKind, Role, RoomId, Seq, SystemNote, Timestamp,
    UserCard, UserId,
};

/// What every query of messages selects. A macro, since SQL texts are literals.
macro_rules! select_messages {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.room_id, m.seq, m.rev, m.client_id, m.kind, m.audience, m.content, m.created_at, m.deleted_at,
                 m.system,
                 u.id AS sender_id, u.name AS sender_name, u.role AS sender_role
             FROM messages m JOIN users u ON u.id = m.sender_id ",
            $rest
        )
    };
}

pub(super) use select_messages;

#[derive(FromRow)]
pub(super) struct MessageRow {
    id: MessageId,
    room_id: RoomId,
    seq: Seq,
    rev: Seq,
    client_id: String,
    kind: MessageKind,
    audience: Audience,
    content: String,
    created_at: Timestamp,
    deleted_at: Option<Timestamp>,
    system: Option<String>,
    sender_id: UserId,
    sender_name: String,
    sender_role: Role,
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        Self {
            id: row.id,
            room_id: row.room_id,
            seq: row.seq,
            rev: row.rev,
            client_id: row.client_id.parse::<ClientId>().ok(),
            kind: row.kind,
            audience: row.audience,
            content: row.content,
            sender: UserCard {
                id: row.sender_id,
                name: row.sender_name,
                role: row.sender_role,
            },
            created_at: row.created_at,
            deleted_at: row.deleted_at,
            system: row.system.as_deref().and_then(told),
        }
    }
}

fn told(system: &str) -> Option<Box<SystemNote>> {
    serde_json::from_str(system)
        .inspect_err(|error| tracing::error!(%error, "a system message cannot be read"))
        .ok()
}

/// Writes what Quad itself tells in a room, at that place; answers the message.
pub(super) async fn insert_system(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    seq: Seq,
    actor: &UserCard,
    note: SystemNote,
    now: Timestamp,
) -> Result<Message> {
    let sql = "INSERT INTO messages (room_id, seq, rev, content_rev, sender_id, client_id, kind, audience, content,
             created_at, system)
         VALUES ($1, $2, $2, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
    let client_id = ClientId::random();
    let content = note.sentence(&actor.name);
    let system = serde_json::to_string(&note).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let id: MessageId = on!(conn, |c| query_scalar(sql)
        .bind(room_id)
        .bind(seq)
        .bind(actor.id)
        .bind(client_id.to_string())
        .bind(MessageKind::System)
        .bind(Audience::All)
        .bind(&content)
        .bind(now)
        .bind(system)
        .fetch_one(c)
        .await)?;
    Ok(Message {
        id,
        room_id,
        seq,
        rev: seq,
        client_id: Some(client_id),
        kind: MessageKind::System,
        audience: Audience::All,
        content,
        sender: actor.clone(),
        created_at: now,
        deleted_at: None,
        system: Some(Box::new(note)),
    })
}

/// Empties a message, as the room's change `seq`; answers it as it is now. Its place and its key stay.
pub(super) async fn delete(
    conn: &mut Conn<'_>,
    message: Message,
    seq: Seq,
    now: Timestamp,
) -> Result<Message> {
    let sql = "UPDATE messages SET content = '', deleted_at = $2, rev = $3, content_rev = $3 WHERE id = $1";
    on!(conn, |c| sqlx::query(sql)
        .bind(message.id)
        .bind(now)
        .bind(seq)
        .execute(c)
        .await
        .map(drop))?;
    Ok(Message {
        content: String::new(),
        rev: seq,
        deleted_at: Some(now),
        ..message
    })
}

/// A change of a room's history.
#[derive(Clone, Debug)]
pub struct Change {
    /// The message in its present state.
    pub message: Message,
    /// Who may see it.
    pub audience: Audience,
}

impl From<MessageRow> for Change {
    fn from(row: MessageRow) -> Self {
        Self {
            audience: row.audience,
            message: row.into(),
        }
    }
}

/// Whether that user has sent a message with that key.
pub async fn is_known(conn: &mut Conn<'_>, sender_id: UserId, client_id: ClientId) -> Result<bool> {
    let sql = "SELECT 1 FROM messages WHERE sender_id = $1 AND client_id = $2";
    let found: Option<i32> = on!(conn, |c| query_scalar(sql)
        .bind(sender_id)
        .bind(client_id.to_string())
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

/// The newest `limit` messages before `before` (none: before the end), oldest first.
pub async fn before(
    conn: &mut Conn<'_>,
    sight: Sight,
    room_id: RoomId,
    before: Option<Seq>,
    limit: i64,
) -> Result<Vec<Message>> {
    let sql = concat!(
        select_messages!("WHERE m.room_id = $1 AND m.seq < $2 AND "),
        seen!("m", "$4", "$5"),
        " ORDER BY m.seq DESC LIMIT $3"
    );
    let end = before.unwrap_or(Seq(i64::MAX));
    let rows: Vec<MessageRow> = on!(conn, |c| query_as(sql)
        .bind(room_id)
        .bind(end)
        .bind(limit)
        .bind(sight.is_staff)
        .bind(sight.reader)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().rev().map(Message::from).collect())
}

/// The first `limit` messages changed after `since`, in the order of their last change, whoever may see them.
pub async fn changed_after(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    since: Seq,
    limit: i64,
) -> Result<Vec<Change>> {
    let sql =
        select_messages!("WHERE m.room_id = $1 AND m.rev > $2 ORDER BY m.rev, m.seq LIMIT $3");
    let rows: Vec<MessageRow> = on!(conn, |c| query_as(sql)
        .bind(room_id)
        .bind(since)
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Change::from).collect())
}

/// Whether that sender has a message of that key, wherever it is.
pub async fn has_key(conn: &mut Conn<'_>, sender: UserId, key: ClientId) -> Result<bool> {
    let sql = "SELECT id FROM messages WHERE sender_id = $1 AND client_id = $2";
    let id: Option<MessageId> = on!(conn, |c| query_scalar(sql)
        .bind(sender)
        .bind(key.to_string())
        .fetch_optional(c)
        .await)?;
    Ok(id.is_some())
}
