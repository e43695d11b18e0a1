//! The limits that both targets know. Their values come from the server's settings; the defaults are the seeds'.

use serde::{Deserialize, Serialize};

/// Limits that the client shows and the server enforces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Longest message, in Unicode scalar values (S3: 1000).
    pub message_chars: usize,
    /// How long one may delete a message of one's own, in milliseconds (S2, S3: 300 s).
    pub edit_ms: u32,
    /// How long a typing sign is shown without being renewed, in milliseconds (S3: 3000).
    pub typing_ms: u32,
    /// A sign of life goes each way at least this often, in milliseconds (S3: 30 s).
    pub heartbeat_ms: u32,
    /// A peer silent for this long is gone, in milliseconds (S3: 60 s).
    pub timeout_ms: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_chars: 1000,
            edit_ms: 300_000,
            typing_ms: 3000,
            heartbeat_ms: 30_000,
            timeout_ms: 60_000,
        }
    }
}

/// How many messages a snapshot holds and an older page brings.
pub const SNAPSHOT_MESSAGES: usize = 50;

/// So many members a snapshot names at most; of more it knows the number.
pub const SNAPSHOT_MEMBERS: usize = 100;

/// How many of a desk's conversations a list carries: what is not resolved first, then by last activity.
pub const DESK_ROOMS: usize = 500;

/// Conversations in one page of the inbox beyond those.
pub const INBOX_PAGE: usize = 50;

/// Unread counts stop here: a badge says "999+", and the count stays cheap.
pub const UNREAD_MAX: i64 = 1000;

/// Rows of one page of a public list, where nothing is said.
pub const PAGE_SIZE: i64 = 20;

/// Rows of one page of a public list at most.
pub const PAGE_SIZE_MAX: i64 = 100;

/// How far pages with numbers go; cursors go on.
pub const PAGED_ROWS: i64 = 10_000;

/// Ids in one request at most.
pub const IDS_AT_ONCE: usize = 1000;

/// People whom a room's public shape names at most, where it is not a conversation of few.
pub const PARTICIPANTS: i64 = 20;

/// Somebody who has done nothing for so long is away, in milliseconds.
pub const AWAY_AFTER_MS: i64 = 300_000;

/// Whoever does something says so at most once in this time, in milliseconds.
pub const ACTIVE_EVERY_MS: i64 = 60_000;

/// After the last device has gone somebody is taken to be there for so long, in milliseconds: a page is loaded anew.
pub const GRACE_MS: i64 = 5_000;

/// People at whose presence one device may look at once.
pub const WATCHED_PEOPLE: usize = 200;

/// People in one page of the directory.
pub const PEOPLE_PAGE: usize = 30;

/// Rooms in common that a profile names at most.
pub const SHARED_ROOMS: i64 = 50;

/// Largest file of people that a page imports, in bytes: some ten thousand people. The command line takes larger ones.
pub const IMPORT_BYTES: usize = 1024 * 1024;

/// Mistakes of such a file that are told at most.
pub const IMPORT_MISTAKES: usize = 20;

/// What may be searched, in Unicode scalar values: a whole message.
pub const SEARCH_CHARS: usize = 1000;

/// Messages in one page of a search in the browser.
pub const SEARCH_PAGE: usize = 20;

/// Terms that the index is asked for in one search; what is found is compared with all of what was asked.
pub const SEARCH_TERMS: usize = 12;
