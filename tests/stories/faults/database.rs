//! PostgreSQL ends connections, as it does when it restarts: errors or delay, no `ack` without a commit, and on it goes.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use quad::model::{ClientId, RoomId, Seq};
use sqlx::{Connection, Executor, PgConnection};
use tokio::task::JoinSet;

use crate::{
    app::{Person, TestApp, in_time},
    rough::{assert_kept, stored},
};

const SENDERS: usize = 6;
const EACH: usize = 50;
/// Messages between two cuts.
const CUT_EVERY: usize = 40;

/// Ends every connection to that database but its own.
async fn cuts_all(url: &str) -> u64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    connection.execute(cut).await.unwrap().rows_affected()
}

struct Sender {
    person: Person,
    room_id: RoomId,
    url: String,
    said: Arc<AtomicUsize>,
}

impl Sender {
    async fn says_all(self, mine: usize) -> Vec<quad::protocol::Ack> {
        let mut socket = self.person.connects_at_last().await;
        let mut acks = Vec::new();
        for n in 0..EACH {
            let (text, key) = (format!("{mine}/{n}"), ClientId::random());
            let ack = self
                .person
                .says_at_last(&mut socket, self.room_id, &text, key);
            acks.push(ack.await);
            let said = self.said.fetch_add(1, Ordering::Relaxed) + 1;
            if said.is_multiple_of(CUT_EVERY) {
                assert!(cuts_all(&self.url).await > 0);
            }
        }
        acks
    }
}

async fn connections_that_are_cut_lose_nothing(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut listener, _) = ana.connects().await;
    let said = Arc::new(AtomicUsize::new(0));
    let mut senders = JoinSet::new();
    for mine in 0..SENDERS {
        let sender = Sender {
            person: if mine % 2 == 0 { &ana } else { &nora }.at(&app),
            room_id,
            url: app.url().to_owned(),
            said: Arc::clone(&said),
        };
        senders.spawn(sender.says_all(mine));
    }
    // What nobody was told at its commit is told as soon as the database can be read again.
    for expected in (1..).map(Seq).take(SENDERS * EACH) {
        assert_eq!(listener.message().await.seq, expected);
    }
    let acks: Vec<_> = senders.join_all().await.into_iter().flatten().collect();
    let store = app.store().await;
    let stored = stored(&store, room_id).await;
    assert_eq!(stored.len(), SENDERS * EACH);
    assert_kept(&stored, &acks);
}

/// SQLite has no connections to cut.
mod postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn connections_that_are_cut_lose_nothing() {
        if let Some(app) = TestApp::on_postgres().await {
            in_time(super::connections_that_are_cut_lose_nothing(app)).await;
        }
    }
}
