//! A panic inside a transaction is that transaction's failure, not the writer's end: a node whose writer is gone would
//! answer nobody any more.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::Result;

const PANICKED: &str = "a write panicked";

/// What `work` comes to, or an error where it panics. What it held is dropped by then: its transaction is undone.
pub(super) async fn survived<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    // Nothing that the work leaves behind is used again but the database, which undoes what was not committed.
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(sqlx::Error::Protocol(PANICKED.to_owned())))
}

/// Whether that error stands for a panic.
pub(super) fn is_panic(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Protocol(what) if what == PANICKED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_and_everything_else_is_as_it_was() {
        let panicked = survived(async {
            assert_eq!("one", "other");
            Ok(1)
        });
        assert!(is_panic(&panicked.await.unwrap_err()));
        assert_eq!(survived(async { Ok(1) }).await.unwrap(), 1);
        let away = survived::<()>(async { Err(sqlx::Error::PoolClosed) });
        assert!(!is_panic(&away.await.unwrap_err()));
    }
}
