//! Writing a batch of new messages: rights, keys, places, rows, counters, each in one statement for the whole batch.
//!
//! Locks are taken in the order users → rooms (ascending id) → messages. Every post is judged alone: one that is
//! refused writes nothing and does not disturb its batch. A key that was used before answers with the first message,
//! after rights were checked again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sqlx::{AssertSqlSafe, FromRow, query, query_as};

use super::{
    Conn, Result,
    conn::on,
    messages::{MessageRow, select_messages},
    rooms::RoomRow,
    sql_list::{chunks, list, padded, rows},
};
use crate::model::{
    Audience, ClientId, Message, MessageId, MessageKind, Role, RoomId, Seq, Timestamp, UserCard,
    UserId, WireError,
    permission::{Action, Actor, Granted, may},
};

/// Rows in one `INSERT`; 12 columns of them stay far below SQLite's 32 766 parameters.
const INSERT_ROWS: usize = 64;

/// A message to be written.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// Who writes: from the session, never from the frame.
    pub sender_id: UserId,
    /// Where to.
    pub room_id: RoomId,
    /// The device's key.
    pub client_id: ClientId,
    /// Checked text.
    pub content: String,
    /// When; none: at the commit. Given only where history is brought in from elsewhere.
    pub at: Option<Timestamp>,
}

/// A message that is durable.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The message.
    pub message: Message,
    /// Its room.
    pub room: RoomRow,
    /// Whether this write made it; else its key was used before.
    pub is_new: bool,
}

/// What one post came to.
pub type PostResult = std::result::Result<Posted, WireError>;

#[derive(FromRow)]
struct SenderRow {
    id: UserId,
    name: String,
    role: Role,
    closed_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct PlaceRow {
    #[sqlx(flatten)]
    room: RoomRow,
    seq: Seq,
}

/// What is known of the world while a batch is judged.
struct Scene {
    senders: HashMap<UserId, SenderRow>,
    places: BTreeMap<RoomId, PlaceRow>,
    members: BTreeSet<(RoomId, UserId)>,
    known: HashMap<(UserId, ClientId), Message>,
}

/// Writes `posts` and answers for each, in their order.
pub(super) async fn post(
    conn: &mut Conn<'_>,
    posts: &[&NewPost],
    now: Timestamp,
) -> Result<Vec<PostResult>> {
    let mut scene = Scene::load(conn, posts).await?;
    let mut results: Vec<Option<PostResult>> = Vec::with_capacity(posts.len());
    let mut fresh: Vec<Fresh> = Vec::new();
    let mut is_first: BTreeSet<(UserId, ClientId)> = BTreeSet::new();
    for post in posts {
        results.push(match scene.judge(post) {
            Err(refusal) => Some(Err(refusal)),
            // The same key twice in this batch: answered once the first is written.
            Ok((_, Some(_))) if is_first.contains(&(post.sender_id, post.client_id)) => None,
            Ok((_, Some(posted))) => Some(Ok(posted)),
            Ok((granted, None)) => {
                is_first.insert((post.sender_id, post.client_id));
                fresh.push(scene.place(post, granted, now));
                None
            }
        });
    }
    let written = insert(conn, &fresh).await?;
    advance(conn, &scene, &written).await?;
    scene.known.extend(
        written
            .into_iter()
            .filter_map(|m| m.client_id.map(|key| ((m.sender.id, key), m))),
    );
    Ok(posts
        .iter()
        .zip(results)
        .map(|(post, result)| result.unwrap_or_else(|| scene.answer(post, &mut is_first)))
        .collect())
}

/// A message with its place, about to be inserted.
struct Fresh {
    message: Message,
    client_id: ClientId,
    _granted: Granted,
}

impl Scene {
    async fn load(conn: &mut Conn<'_>, posts: &[&NewPost]) -> Result<Self> {
        let users: Vec<UserId> = posts
            .iter()
            .map(|post| post.sender_id)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let rooms: Vec<RoomId> = posts
            .iter()
            .map(|post| post.room_id)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let (users, rooms) = (padded(&users), padded(&rooms));
        Ok(Self {
            senders: senders(conn, &users)
                .await?
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            places: places(conn, &rooms)
                .await?
                .into_iter()
                .map(|row| (row.room.id, row))
                .collect(),
            members: members(conn, &rooms, &users).await?.into_iter().collect(),
            known: known(conn, posts, &users).await?,
        })
    }

    /// Refused, already written, or granted.
    fn judge(&self, post: &NewPost) -> std::result::Result<(Granted, Option<Posted>), WireError> {
        let sender = self
            .senders
            .get(&post.sender_id)
            .filter(|sender| sender.closed_at.is_none());
        let sender = sender.ok_or(WireError::Unauthorized)?;
        let place = self.places.get(&post.room_id).ok_or(WireError::NotFound)?;
        let is_member = self.members.contains(&(post.room_id, post.sender_id));
        let actor = Actor {
            id: sender.id,
            role: sender.role,
        };
        let granted = may(actor, Action::Post, &place.room.facts(is_member))?;
        Ok((granted, self.posted(post, false)))
    }

    fn posted(&self, post: &NewPost, is_new: bool) -> Option<Posted> {
        let message = self.known.get(&(post.sender_id, post.client_id))?.clone();
        let room = self.places.get(&post.room_id)?.room.clone();
        // A key used before in another room answers for that room; nothing of it is published.
        Some(Posted {
            message,
            room,
            is_new,
        })
    }

    fn place(&mut self, post: &NewPost, granted: Granted, now: Timestamp) -> Fresh {
        let seq = self.places.get_mut(&post.room_id).map(|place| {
            place.seq = place.seq.next();
            place.seq
        });
        let seq = seq.unwrap_or_default();
        let sender = self.senders.get(&post.sender_id);
        let message = Message {
            id: MessageId(0),
            room_id: post.room_id,
            seq,
            rev: seq,
            client_id: Some(post.client_id),
            kind: MessageKind::Text,
            content: post.content.clone(),
            sender: UserCard {
                id: post.sender_id,
                name: sender.map(|sender| sender.name.clone()).unwrap_or_default(),
                role: sender.map_or(Role::Student, |sender| sender.role),
            },
            created_at: post.at.unwrap_or(now),
        };
        // The same key again in this batch finds it, and takes no second place.
        self.known
            .insert((post.sender_id, post.client_id), message.clone());
        Fresh {
            message,
            client_id: post.client_id,
            _granted: granted,
        }
    }

    /// The answer for a post that this batch wrote; a second one of the same key is a repetition.
    fn answer(&self, post: &NewPost, is_first: &mut BTreeSet<(UserId, ClientId)>) -> PostResult {
        let is_new = is_first.remove(&(post.sender_id, post.client_id));
        self.posted(post, is_new).ok_or(WireError::Internal)
    }
}

async fn senders(conn: &mut Conn<'_>, ids: &[UserId]) -> Result<Vec<SenderRow>> {
    let sql = format!(
        "SELECT id, name, role, closed_at FROM users WHERE id IN ({}) ORDER BY id{}",
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

async fn places(conn: &mut Conn<'_>, ids: &[RoomId]) -> Result<Vec<PlaceRow>> {
    let sql = format!(
        "SELECT r.id, r.kind, r.desk, r.user_id, r.archived_at, r.deleted_at, s.seq
         FROM room_seq s JOIN rooms r ON r.id = s.room_id
         WHERE s.room_id IN ({}) ORDER BY s.room_id{}",
        list(1, ids.len()),
        conn.for_update_of_s()
    );
    on!(conn, |c| {
        let mut select = query_as(AssertSqlSafe(sql));
        for id in ids {
            select = select.bind(*id);
        }
        select.fetch_all(c).await
    })
}

async fn members(
    conn: &mut Conn<'_>,
    rooms: &[RoomId],
    users: &[UserId],
) -> Result<Vec<(RoomId, UserId)>> {
    let sql = format!(
        "SELECT room_id, user_id FROM members WHERE left_at IS NULL AND room_id IN ({}) AND user_id IN ({})",
        list(1, rooms.len()),
        list(rooms.len() + 1, users.len())
    );
    on!(conn, |c| {
        let mut select = query_as(AssertSqlSafe(sql));
        for id in rooms {
            select = select.bind(*id);
        }
        for id in users {
            select = select.bind(*id);
        }
        select.fetch_all(c).await
    })
}

async fn known(
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
async fn insert(conn: &mut Conn<'_>, fresh: &[Fresh]) -> Result<Vec<Message>> {
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
                    .bind(Audience::All)
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

/// Moves the counters of the rooms that got messages.
async fn advance(conn: &mut Conn<'_>, scene: &Scene, written: &[Message]) -> Result<()> {
    let last: BTreeMap<RoomId, MessageId> = written
        .iter()
        .map(|message| (message.room_id, message.id))
        .collect();
    let last: Vec<(RoomId, Seq, MessageId)> = last
        .into_iter()
        .filter_map(|(room_id, id)| Some((room_id, scene.places.get(&room_id)?.seq, id)))
        .collect();
    for chunk in chunks(&last, INSERT_ROWS) {
        let sql = format!(
            "INSERT INTO room_seq (room_id, seq, last_message_id) VALUES {}
             ON CONFLICT (room_id) DO UPDATE SET seq = excluded.seq, last_message_id = excluded.last_message_id",
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
