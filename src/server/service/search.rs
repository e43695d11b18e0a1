//! Search in messages.

use std::collections::{BTreeMap, BTreeSet};

use super::{Services, Viewer, fault::Stored, rooms::granted};
use crate::{
    model::{
        FoundMessage, MarkedPart, MessageId, RoomId, SearchPage, SearchQuery, Seq, UserId,
        WireError, fold::Wanted, limits::SEARCH_CHARS, permission::Action,
    },
    protocol::public::{PublicMessage, Readership},
    server::store::{
        Conn, lists, marks,
        search::{self, Scope},
    },
};

/// A search counts as so many commands: it costs about as much.
const COST: u32 = 4;

/// What was found, in the public shape.
#[derive(Clone, Debug)]
pub struct PublicFound {
    /// The messages, newest first, each with its text in parts.
    pub results: Vec<(PublicMessage, Vec<MarkedPart>)>,
    /// Where to search on.
    pub next: Option<MessageId>,
}

impl Services {
    /// The newest `limit` messages that the viewer sees and that have what is asked, with their rooms. Text without
    /// letters or digits is in none.
    ///
    /// Errors: `invalid` on `q` where it is empty or too long; `not_found` for a room that is not theirs to read;
    /// `rate_limited`.
    pub async fn search(
        &self,
        viewer: &Viewer,
        query: &SearchQuery,
        limit: usize,
    ) -> Result<SearchPage, WireError> {
        self.spend(viewer.user_id, COST)?;
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let mut page = found(&mut conn, viewer, query, limit).await?;
        let ids: BTreeSet<RoomId> = page.found.iter().map(|one| one.message.room_id).collect();
        let ids: Vec<RoomId> = ids.into_iter().collect();
        page.rooms = lists::some(&mut conn, viewer.actor(), &ids)
            .await
            .stored()?;
        Ok(page)
    }

    /// The same in the public shape.
    pub async fn public_search(
        &self,
        viewer: &Viewer,
        query: &SearchQuery,
        limit: usize,
    ) -> Result<PublicFound, WireError> {
        self.spend(viewer.user_id, COST)?;
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let page = found(&mut conn, viewer, query, limit).await?;
        let mut marks = Marks::default();
        let mut results = Vec::with_capacity(page.found.len());
        let person = |room_id| {
            let room = page.rooms.iter().find(|room| room.id() == room_id);
            room.and_then(|room| Some(room.shared.user.as_ref()?.id))
        };
        for FoundMessage { message, parts } in page.found {
            let person = person(message.room_id);
            let marks = marks.of(&mut conn, viewer, message.room_id).await?;
            let readership = Readership {
                reader: viewer.user_id,
                read_seq: marks.read_seq,
                receipts: &marks.receipts,
                deliveries: &marks.deliveries,
                person,
            };
            results.push((PublicMessage::for_reader(message, readership), parts));
        }
        Ok(PublicFound {
            results,
            next: page.next,
        })
    }
}

async fn found(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
    query: &SearchQuery,
    limit: usize,
) -> Result<SearchPage, WireError> {
    if let Some(room_id) = query.room_id {
        granted(conn, viewer, Action::Read, room_id).await?;
    }
    let text = query.text.trim();
    if text.is_empty() {
        return Err(WireError::field("q", "Write what to search for."));
    }
    if text.chars().count() > SEARCH_CHARS {
        let problem = format!("At most {SEARCH_CHARS} characters.");
        return Err(WireError::field("q", problem));
    }
    let Some(wanted) = Wanted::of(&query.text) else {
        return Ok(SearchPage::default());
    };
    let scope = Scope {
        reader: viewer.actor(),
        desks: &viewer.desks,
        query,
    };
    search::find(conn, &scope, &wanted, limit).await.stored()
}

/// What has been read in the rooms of a page: each is looked up once.
#[derive(Default)]
struct Marks(BTreeMap<RoomId, RoomMarks>);

struct RoomMarks {
    read_seq: Seq,
    receipts: BTreeMap<UserId, Seq>,
    deliveries: BTreeMap<UserId, Seq>,
}

impl Marks {
    async fn of(
        &mut self,
        conn: &mut Conn<'_>,
        viewer: &Viewer,
        room_id: RoomId,
    ) -> Result<&RoomMarks, WireError> {
        use std::collections::btree_map::Entry;

        Ok(match self.0.entry(room_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let read_seq = marks::read_seq(conn, viewer.user_id, room_id)
                    .await
                    .stored()?;
                unknown.insert(RoomMarks {
                    read_seq,
                    receipts: marks::receipts(conn, room_id).await.stored()?,
                    deliveries: marks::deliveries(conn, room_id).await.stored()?,
                })
            }
        })
    }
}
