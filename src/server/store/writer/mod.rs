//! The one writer: every change of the database goes through its queue.
//!
//! It drains what waits into one transaction (no artificial delay when idle), commits, and hands the outcomes on in
//! order: to the publisher, which publishes and then answers. So one fsync serves as many writes as arrive during it,
//! and an acknowledgement always follows the commit. On an unexpected error the batch is rolled back and replayed one by
//! one, so that one bad command fails alone; a panic counts as such an error. Where the database is away, all that waits
//! is answered `unavailable` at once, and the next batch tries again.
//!
//! - `change`: what can be asked for, and what comes of it. `apply`: each change inside the transaction. `room`: what
//!   people do with rooms. `deciding`: what is decided for the school, and what people decide for themselves.

mod apply;
mod canned;
mod change;
mod choosing;
mod course;
mod deciding;
mod deleting;
mod importing;
mod keeping;
mod locking;
mod marking;
mod opening;
mod panics;
mod presence;
mod room;
mod triage;

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use self::{
    apply::apply_all,
    panics::{is_panic, survived},
};
pub use self::{
    change::{Chosen, Delivered, Marked, Outcome, Triaged, Write, WriteResult},
    course::{CourseChange, CourseDone},
    deciding::{Decided, Decision},
    importing::ImportStep,
    keeping::{PeopleAct, PeopleDone},
    presence::PresenceNote,
    room::{Changed, ListChange, Listing, RoomAct, RoomChange, RoomDone},
};
use super::{
    Result, Store,
    cause::{is_away, is_conflict},
};
use crate::{
    model::{Desks, Timestamp, WireError},
    server::clock::Clock,
};

/// Writes that may wait before senders have to: some seconds' worth at the target rate.
const QUEUE: usize = 1024;

/// Writes in one transaction. A transaction of 64 rows costs hardly more than one of 1 (measured: design, storage).
const BATCH: usize = 256;

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
    /// Starts the writer of `store`, who judges by `desks` who answers where. Outcomes go to `done` in order; the task
    /// ends after [`Writer::stop`].
    pub fn start(
        store: Store,
        desks: Arc<Desks>,
        clock: Clock,
        done: mpsc::Sender<Done>,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(Books { store, desks }, clock, jobs, done, stop.clone()));
        (Self { queue, stop }, task)
    }

    /// Takes nothing more; what is queued is still written, then the task ends.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Queues a change and waits until it is durable and published. Dropping the future does not undo it.
    pub async fn write(&self, write: Write) -> WriteResult {
        let answer = self.queue(write).await?;
        answer.await.map_err(|_| WireError::Unavailable)?
    }

    /// Whether it still takes what is queued: not after [`Writer::stop`], nor where its task has failed.
    pub fn is_working(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Queues a change and answers where its outcome will be told. What one caller queues is done in that order, and
    /// as far as possible together.
    pub async fn queue(
        &self,
        write: Write,
    ) -> std::result::Result<oneshot::Receiver<WriteResult>, WireError> {
        let (reply, answer) = oneshot::channel();
        let queued = self.queue.send(Job { write, reply }).await;
        queued.map_err(|_| WireError::Unavailable)?;
        Ok(answer)
    }

    /// Queues a change that nobody waits for, unless the queue is full.
    pub fn offer(&self, write: Write) {
        let (reply, _) = oneshot::channel();
        // What is only worth having while there is room for it.
        drop(self.queue.try_send(Job { write, reply }));
    }
}

/// What it writes into, and by whose rules.
struct Books {
    store: Store,
    desks: Arc<Desks>,
}

async fn run(
    books: Books,
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
        let results = commit(&books, &writes, clock.now()).await;
        for (result, reply) in results.into_iter().zip(replies) {
            if done.send(Done { result, reply }).await.is_err() {
                return;
            }
        }
    }
}

/// Commits `writes` as one transaction, or, where something unexpected stands in the way, each alone.
async fn commit(books: &Books, writes: &[Write], now: Timestamp) -> Vec<WriteResult> {
    if let [write] = writes {
        return vec![alone(books, write, now).await];
    }
    match transaction(books, writes, now).await {
        Ok(results) => results,
        // One by one each would wait as long again.
        Err(error) if is_away(&error) => writes.iter().map(|_| Err(failed(&error))).collect(),
        Err(error) => {
            tracing::warn!(%error, writes = writes.len(), "a batch failed; its writes are tried one by one");
            one_by_one(books, writes, now).await
        }
    }
}

async fn one_by_one(books: &Books, writes: &[Write], now: Timestamp) -> Vec<WriteResult> {
    let mut results = Vec::with_capacity(writes.len());
    for write in writes {
        match tried_alone(books, write, now).await {
            // The others would wait as long again.
            Err(error) if is_away(&error) => {
                results.resize_with(writes.len(), || Err(failed(&error)));
                break;
            }
            tried => results.push(answer(tried)),
        }
    }
    results
}

async fn alone(books: &Books, write: &Write, now: Timestamp) -> WriteResult {
    answer(tried_alone(books, write, now).await)
}

async fn tried_alone(books: &Books, write: &Write, now: Timestamp) -> Result<Vec<WriteResult>> {
    let write = std::slice::from_ref(write);
    match transaction(books, write, now).await {
        // Another node was quicker with the key, and has committed by now: this one answers with its message.
        Err(sqlx::Error::RowNotFound) => transaction(books, write, now).await,
        Err(error) if is_conflict(&error) => transaction(books, write, now).await,
        tried => tried,
    }
}

fn answer(tried: Result<Vec<WriteResult>>) -> WriteResult {
    match tried {
        Ok(mut results) => results.pop().unwrap_or(Err(WireError::Internal)),
        Err(error) => Err(failed(&error)),
    }
}

/// What panics would do so again; everything else may pass.
fn failed(error: &sqlx::Error) -> WireError {
    tracing::error!(%error, "a write failed");
    if is_panic(error) {
        WireError::Internal
    } else {
        WireError::Unavailable
    }
}

/// One transaction; undone where it fails, or panics.
async fn transaction(books: &Books, writes: &[Write], now: Timestamp) -> Result<Vec<WriteResult>> {
    survived(async {
        let mut tx = books.store.write().await?;
        match apply_all(&mut tx.conn(), &books.desks, writes, now).await {
            Ok(results) => {
                tx.commit().await?;
                Ok(results)
            }
            Err(error) => {
                if let Err(second) = tx.rollback().await {
                    tracing::warn!(error = %second, "a failed transaction could not be rolled back");
                }
                Err(error)
            }
        }
    })
    .await
}
