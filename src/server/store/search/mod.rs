//! Search in messages: newest first, among what the reader sees.
//!
//! The index (FTS5, or `tsvector` under GIN) holds folded terms alone, and for each message a term of its room: one who
//! is in few rooms asks for these, so that words which many use elsewhere cost nothing. What the index finds is judged
//! in the same query (rooms, audience, what was asked) and compared once more with the text itself. What waits in the
//! queue is not in the index yet, or no more as it stands there: it is read and compared as well.
//!
//! - `index`: the queue and the index. `scope`: which messages a reader may find at all.

pub mod index;
mod scope;

use std::{cmp::Reverse, collections::BTreeMap};

pub use self::scope::Scope;
use super::{Conn, Result, history};
use crate::model::{FoundMessage, MessageId, SearchPage, fold::Wanted};

/// Messages of the queue, newest first, that a search compares: more wait only after an import or a storm.
const TAIL: i64 = 2000;
/// Messages that the index is asked for at once.
const AT_ONCE: usize = 64;
/// How often it is asked in one search; then the page says where to go on.
const ROUNDS: usize = 8;

type Found = BTreeMap<Reverse<MessageId>, FoundMessage>;

/// The newest `limit` messages that have what is wanted. In one snapshot.
pub async fn find(
    conn: &mut Conn<'_>,
    scope: &Scope<'_>,
    wanted: &Wanted,
    limit: usize,
) -> Result<SearchPage> {
    let mut found = Found::new();
    let waiting = scope.waiting(conn, TAIL).await?;
    compare(conn, wanted, &waiting, &mut found).await?;
    let asked = scope.asked_of(conn, wanted).await?;
    let mut reached = scope.before();
    for _ in 0..ROUNDS {
        let ids = scope.indexed(conn, &asked, reached, AT_ONCE).await?;
        compare(conn, wanted, &ids, &mut found).await?;
        match ids.last() {
            Some(last) if ids.len() == AT_ONCE => reached = *last,
            _ => {
                return Ok(page(found, limit, None));
            }
        }
        if found.range(..=Reverse(reached)).count() > limit {
            break;
        }
    }
    Ok(page(found, limit, Some(reached)))
}

/// Keeps those of these messages that have what is wanted.
async fn compare(
    conn: &mut Conn<'_>,
    wanted: &Wanted,
    ids: &[MessageId],
    found: &mut Found,
) -> Result<()> {
    for change in history::by_ids(conn, ids).await? {
        let message = change.message;
        if let Some(parts) = wanted.found_in(&message.content) {
            found.insert(Reverse(message.id), FoundMessage { message, parts });
        }
    }
    Ok(())
}

/// `reached`: older ones have not been looked at; none: there are none.
fn page(found: Found, limit: usize, reached: Option<MessageId>) -> SearchPage {
    let mut found: Vec<FoundMessage> = found
        .into_values()
        .filter(|one| reached.is_none_or(|reached| one.message.id >= reached))
        .collect();
    let is_cut = found.len() > limit;
    found.truncate(limit);
    let last = found.last().map(|last| last.message.id);
    SearchPage {
        next: if is_cut { last } else { reached },
        rooms: Vec::new(),
        found,
    }
}
