//! The one writer: every change of the database goes through its queue.
//!
//! It drains what waits into one transaction (no artificial delay when idle), commits, and hands the outcomes on in
//! order: to the publisher, which publishes and then answers. So one fsync serves as many writes as arrive during it,
//! and an acknowledgement always follows the commit. On an unexpected error the batch is rolled back and replayed one
//! by one, so that one bad command fails alone.

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{
    Conn, Result, Store, lists, marks,
    post::{NewPost, Posted, post},
    rooms::{self, RoomRow},
    sessions,
    users::{self, NewUser},
};
use crate::{
    model::{
        Desk, RoomForMe, RoomId, Seq, SessionId, Timestamp, UserId, UserRev, WireError,
        permission::{Action, Actor, has_own_support_room, may},
    },
    server::clock::Clock,
};

/// Writes that may wait before senders have to: some seconds' worth at the target rate.
const QUEUE: usize = 1024;

/// Writes in one transaction. A transaction of 64 rows costs hardly more than one of 1 (measured: design, storage).
const BATCH: usize = 256;

/// A change to be made.
#[derive(Clone, Debug)]
pub enum Write {
    /// Send a message.
    Post(NewPost),
    /// Move a read mark forward.
    MarkRead {
        /// Whose.
        user_id: UserId,
        /// Where.
        room_id: RoomId,
        /// Up to where.
        seq: Seq,
    },
    /// Make the person's support room, unless it is there.
    OpenSupportRoom {
        /// Whose.
        user_id: UserId,
        /// With whom.
        desk: Desk,
    },
    /// Make an account.
    AddUser(NewUser),
    /// Start a session.
    StartSession {
        /// Whose.
        user_id: UserId,
        /// SHA-256 of the cookie's token.
        token_hash: String,
        /// When it ends by itself.
        expires_at: Timestamp,
    },
    /// End a session.
    EndSession(SessionId),
}

/// What a change came to, once it is durable.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The message, new or known.
    Posted(Box<Posted>),
    /// The mark, where it moved.
    Marked(Option<Box<Marked>>),
    /// The support room as its person has it.
    SupportRoom {
        /// The room.
        room: Box<RoomForMe>,
        /// Whether it was made now, and the person's list counter after that.
        is_new: Option<UserRev>,
    },
    /// The account; none: the name is taken.
    UserAdded(Option<UserId>),
    /// The session.
    SessionStarted(SessionId),
    /// The session that is over.
    SessionEnded(SessionId),
}

/// A read mark that moved.
#[derive(Clone, Debug)]
pub struct Marked {
    /// Whose.
    pub user_id: UserId,
    /// Where.
    pub room: RoomRow,
    /// Up to where, as others may see.
    pub receipt_seq: Seq,
    /// Up to where, for the own badge.
    pub read_seq: Seq,
    /// What is left.
    pub unread_count: i64,
    /// The list counter after the change.
    pub user_rev: UserRev,
}

/// What a change came to.
pub type WriteResult = std::result::Result<Outcome, WireError>;

/// A finished change and who waits for it.
#[derive(Debug)]
pub struct Done {
    /// What it came to.
    pub result: WriteResult,
    /// Who waits.
    pub reply: oneshot::Sender<WriteResult>,
}

struct Job {
    write: Write,
    reply: oneshot::Sender<WriteResult>,
}

/// The writer's queue.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
    stop: CancellationToken,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.write.fmt(f)
    }
}

impl Writer {
    /// Starts the writer of `store`. Outcomes go to `done` in order; the task ends after [`Writer::stop`].
    pub fn start(
        store: Store,
        clock: Clock,
        done: mpsc::Sender<Done>,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(store, clock, jobs, done, stop.clone()));
        (Self { queue, stop }, task)
    }

    /// Takes nothing more; what is queued is still written, then the task ends.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Queues a change and waits until it is durable and published. Dropping the future does not undo it.
    pub async fn write(&self, write: Write) -> WriteResult {
        let (reply, answer) = oneshot::channel();
        self.queue
            .send(Job { write, reply })
            .await
            .map_err(|_| WireError::Unavailable)?;
        answer.await.map_err(|_| WireError::Unavailable)?
    }
}

async fn run(
    store: Store,
    clock: Clock,
    mut jobs: mpsc::Receiver<Job>,
    done: mpsc::Sender<Done>,
    stop: CancellationToken,
) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            taken = jobs.recv_many(&mut batch, BATCH) => if taken == 0 { return },
            () = stop.cancelled(), if !jobs.is_closed() => {
                jobs.close();
                continue;
            }
        }
        let (writes, replies): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|job| (job.write, job.reply)).unzip();
        let results = commit(&store, &writes, clock.now()).await;
        for (result, reply) in results.into_iter().zip(replies) {
            if done.send(Done { result, reply }).await.is_err() {
                return;
            }
        }
    }
}

/// Commits `writes` as one transaction, or, where something unexpected stands in the way, each alone.
async fn commit(store: &Store, writes: &[Write], now: Timestamp) -> Vec<WriteResult> {
    match transaction(store, writes, now).await {
        Ok(results) => results,
        Err(error) if writes.len() > 1 => {
            tracing::warn!(%error, writes = writes.len(), "a batch failed; its writes are tried one by one");
            let mut results = Vec::with_capacity(writes.len());
            for write in writes {
                results.push(alone(store, write, now).await);
            }
            results
        }
        Err(error) => vec![Err(failed(&error))],
    }
}

async fn alone(store: &Store, write: &Write, now: Timestamp) -> WriteResult {
    match transaction(store, std::slice::from_ref(write), now).await {
        Ok(mut results) => results.pop().unwrap_or(Err(WireError::Internal)),
        Err(error) => Err(failed(&error)),
    }
}

fn failed(error: &sqlx::Error) -> WireError {
    tracing::error!(%error, "a write failed");
    WireError::Unavailable
}

async fn transaction(store: &Store, writes: &[Write], now: Timestamp) -> Result<Vec<WriteResult>> {
    let mut tx = store.write().await?;
    match apply_all(&mut tx.conn(), writes, now).await {
        Ok(results) => {
            tx.commit().await?;
            Ok(results)
        }
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}

/// Applies `writes` in order; posts that follow each other are written together.
async fn apply_all(
    conn: &mut Conn<'_>,
    writes: &[Write],
    now: Timestamp,
) -> Result<Vec<WriteResult>> {
    let mut results = Vec::with_capacity(writes.len());
    for run in writes.chunk_by(|a, b| matches!((a, b), (Write::Post(_), Write::Post(_)))) {
        let posts: Vec<&NewPost> = run
            .iter()
            .filter_map(|write| {
                if let Write::Post(post) = write {
                    Some(post)
                } else {
                    None
                }
            })
            .collect();
        if posts.is_empty() {
            for write in run {
                results.push(apply(conn, write, now).await?);
            }
        } else {
            let posted = post(conn, &posts, now).await?;
            results.extend(
                posted
                    .into_iter()
                    .map(|result| result.map(|posted| Outcome::Posted(Box::new(posted)))),
            );
        }
    }
    Ok(results)
}

async fn apply(conn: &mut Conn<'_>, write: &Write, now: Timestamp) -> Result<WriteResult> {
    match write {
        Write::Post(new) => {
            let mut results = post(conn, &[new], now).await?;
            let result = results.pop().unwrap_or(Err(WireError::Internal));
            Ok(result.map(|posted| Outcome::Posted(Box::new(posted))))
        }
        Write::MarkRead {
            user_id,
            room_id,
            seq,
        } => mark_read(conn, *user_id, *room_id, *seq).await,
        Write::OpenSupportRoom { user_id, desk } => {
            open_support_room(conn, *user_id, desk, now).await
        }
        Write::AddUser(user) => Ok(Ok(Outcome::UserAdded(
            users::insert(conn, user, now).await?,
        ))),
        Write::StartSession {
            user_id,
            token_hash,
            expires_at,
        } => Ok(Ok(Outcome::SessionStarted(
            sessions::insert(conn, *user_id, token_hash, now, *expires_at).await?,
        ))),
        Write::EndSession(id) => {
            sessions::end(conn, *id, now).await?;
            Ok(Ok(Outcome::SessionEnded(*id)))
        }
    }
}

async fn actor(conn: &mut Conn<'_>, id: UserId) -> Result<Option<Actor>> {
    let user = users::by_id(conn, id).await?;
    Ok(user
        .filter(|user| user.closed_at.is_none())
        .map(|user| Actor {
            id: user.id,
            role: user.role,
        }))
}

async fn mark_read(
    conn: &mut Conn<'_>,
    user_id: UserId,
    room_id: RoomId,
    seq: Seq,
) -> Result<WriteResult> {
    let Some(actor) = actor(conn, user_id).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    let Some(room) = rooms::by_id(conn, room_id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    let is_member = rooms::is_member(conn, room_id, user_id).await?;
    if let Err(refusal) = may(actor, Action::Mark, &room.facts(is_member)) {
        return Ok(Err(refusal));
    }
    // Nobody has read what is not there yet.
    let newest = lists::one(conn, user_id, room_id)
        .await?
        .map(|room| room.seq)
        .unwrap_or_default();
    let read_seq = seq.min(newest);
    let Some(receipt_seq) = marks::advance(conn, user_id, room_id, read_seq).await? else {
        return Ok(Ok(Outcome::Marked(None)));
    };
    let unread_count = marks::unread(conn, user_id, room_id, read_seq).await?;
    let user_rev = users::bump_rev(conn, user_id).await?;
    Ok(Ok(Outcome::Marked(Some(Box::new(Marked {
        user_id,
        room,
        receipt_seq,
        read_seq,
        unread_count,
        user_rev,
    })))))
}

async fn open_support_room(
    conn: &mut Conn<'_>,
    user_id: UserId,
    desk: &Desk,
    now: Timestamp,
) -> Result<WriteResult> {
    let Some(actor) = actor(conn, user_id).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    if !has_own_support_room(actor.role) {
        return Ok(Err(WireError::Forbidden));
    }
    let (room_id, made) = rooms::ensure_support(conn, desk, user_id, now).await?;
    let is_new = if made {
        Some(users::bump_rev(conn, user_id).await?)
    } else {
        None
    };
    let Some(room) = lists::one(conn, user_id, room_id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    Ok(Ok(Outcome::SupportRoom {
        room: Box::new(room),
        is_new,
    }))
}
