//! What feeds the search index, in the background: soon after a message is written, but never in its way.
//!
//! Measured on two cores: a chunk takes the database some milliseconds. While people write, there is a long pause between
//! two of them, so that at most a few hundredths of the writer's time go here; what piles up meanwhile is found by
//! comparing (`store::search`). Once nothing new comes, the rest goes quickly.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    model::MessageId,
    server::store::{Result, Store, search::index},
};

/// Messages in one transaction.
const CHUNK: i64 = 400;
/// Between two looks at an empty queue, and between two chunks while people write.
const CALM: Duration = Duration::from_millis(300);
/// Between two chunks where nothing new has come.
const QUICK: Duration = Duration::from_millis(10);

/// Feeds until `stop`.
pub(super) async fn run(store: Store, stop: CancellationToken) {
    let mut reached = MessageId(i64::MAX);
    loop {
        let pause = match feed(&store, &mut reached).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!(%error, "messages cannot be indexed just now");
                CALM
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(pause) => {}
        }
    }
}

/// One chunk; answers how long to wait. The newest come first: what is newer than the last chunk has been written since.
async fn feed(store: &Store, reached: &mut MessageId) -> Result<Duration> {
    let mut reader = store.read().await?;
    let is_empty = !index::has_waiting(&mut reader.conn()).await?;
    drop(reader);
    if is_empty {
        return Ok(CALM);
    }
    let Some(fed) = index::feed(store, CHUNK).await? else {
        return Ok(CALM);
    };
    let is_calm = fed.newest < *reached;
    *reached = fed.oldest;
    Ok(if is_calm { QUICK } else { CALM })
}
