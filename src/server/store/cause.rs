//! What stands behind a database's error, where that decides what is done about it.

use sqlx::Error;

/// Somebody else holds the SQLite file: `SQLITE_BUSY` and its kinds (sqlite.org/rescode.html).
pub(super) fn is_busy(error: &Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code.parse::<u32>().is_ok_and(|code| code & 0xff == 5))
}

/// There is no database to talk to: what was asked makes no difference.
pub(super) const fn is_away(error: &Error) -> bool {
    matches!(
        error,
        Error::Io(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed
    )
}
