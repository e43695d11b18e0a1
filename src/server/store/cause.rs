//! What stands behind a database's error, where that decides what is done about it.

use sqlx::Error;

/// SQLite's primary result codes for a file that cannot be worked with just now: held by somebody else, input or
/// output failed, the disk is full, it cannot be opened (sqlite.org/rescode.html).
const SQLITE_AWAY: [u32; 5] = [SQLITE_BUSY, 6, 10, 13, 14];
const SQLITE_BUSY: u32 = 5;

/// PostgreSQL's classes of errors for a server that cannot be worked with just now: connection, resources, an
/// operator's doing (postgresql.org/docs/current/errcodes-appendix.html).
const POSTGRES_AWAY: [&str; 3] = ["08", "53", "57P"];
/// What PostgreSQL undid because two transactions stood in each other's way.
const POSTGRES_CONFLICT: [&str; 2] = ["40001", "40P01"];

/// Somebody else holds the SQLite file: `SQLITE_BUSY` and its kinds.
pub(super) fn is_busy(error: &Error) -> bool {
    sqlite_code(error) == Some(SQLITE_BUSY)
}

/// There is no database to talk to, or it cannot do anything just now: what was asked makes no difference.
pub(super) fn is_away(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed => true,
        // What sqlx says of a connection on which something else was cut off.
        Error::BeginFailed | Error::InvalidSavePointStatement => true,
        Error::Database(_) => {
            sqlite_code(error).is_some_and(|code| SQLITE_AWAY.contains(&code))
                || starts_with(error, &POSTGRES_AWAY)
        }
        _ => false,
    }
}

/// The transaction met another one, and may be tried again as it is.
pub(super) fn is_conflict(error: &Error) -> bool {
    starts_with(error, &POSTGRES_CONFLICT)
}

/// The primary part of SQLite's code; PostgreSQL's have five characters.
fn sqlite_code(error: &Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    let code = code.parse::<u32>().ok().filter(|_| code.len() < 5)?;
    Some(code & 0xff)
}

fn starts_with(error: &Error, beginnings: &[&str]) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| {
        code.len() == 5
            && beginnings
                .iter()
                .any(|beginning| code.starts_with(beginning))
    })
}
