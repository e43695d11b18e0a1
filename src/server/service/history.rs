//! A room's history in the public shape, in parts.

use super::{Services, Viewer, browsing::on_shelf, fault::Stored};
use crate::{
    model::{
        HistoryPart, Message, MessageId, RoomId, Seq, Shelf, Slice, WireError, limits::PAGED_ROWS,
        permission::may_see,
    },
    protocol::public::{PublicMessage, Readership},
    server::store::{
        Conn,
        history::{self, Bounds},
        marks,
        sight::Sight,
    },
};

/// A part of a room's history, oldest first, and what lies beyond it.
#[derive(Clone, Debug)]
pub struct Part {
    /// The messages.
    pub messages: Vec<PublicMessage>,
    /// How many there are in all; none: not counted.
    pub count: Option<i64>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// Whether there are newer ones.
    pub has_newer: bool,
}

impl Services {
    /// A part of a room's history as the viewer has it. Errors: `not_found` for the room, and for a message that is not
    /// in it.
    pub async fn history(
        &self,
        viewer: &Viewer,
        shelf: Option<Shelf>,
        room_id: RoomId,
        part: HistoryPart,
    ) -> Result<Part, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let room = on_shelf(&mut conn, viewer, shelf, room_id).await?;
        let asked = Asked {
            sight: Sight::of(viewer.actor(), room.whose()),
            room_id,
        };
        let found = match part {
            HistoryPart::Page(slice) => asked.page(&mut conn, slice).await?,
            HistoryPart::Between {
                after,
                before,
                limit,
            } => {
                asked
                    .between(&mut conn, Bounds { after, before }, limit)
                    .await?
            }
            HistoryPart::Beside {
                after,
                before,
                limit,
            } => {
                let bounds = Bounds {
                    after: place_of(&mut conn, viewer, room_id, after).await?,
                    before: place_of(&mut conn, viewer, room_id, before).await?,
                };
                asked.between(&mut conn, bounds, limit).await?
            }
            HistoryPart::Around { message_id, limit } => {
                let at = place(&mut conn, viewer, room_id, message_id).await?;
                asked.around(&mut conn, at, limit).await?
            }
        };
        let receipts = marks::receipts(&mut conn, room_id).await.stored()?;
        let deliveries = marks::deliveries(&mut conn, room_id).await.stored()?;
        let readership = Readership {
            reader: viewer.user_id,
            read_seq: marks::read_seq(&mut conn, viewer.user_id, room_id)
                .await
                .stored()?,
            receipts: &receipts,
            deliveries: &deliveries,
            person: room.user_id,
        };
        let messages = found.messages.into_iter();
        Ok(Part {
            messages: messages
                .map(|message| PublicMessage::for_reader(message, readership))
                .collect(),
            count: found.count,
            has_older: found.has_older,
            has_newer: found.has_newer,
        })
    }
}

/// Where a message stands, if the viewer sees it there.
pub(super) async fn place(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
    room_id: RoomId,
    message_id: MessageId,
) -> Result<Seq, WireError> {
    let found = history::by_ids(conn, &[message_id]).await.stored()?.pop();
    let found = found.ok_or(WireError::NotFound)?;
    let room = on_shelf(conn, viewer, None, room_id).await?;
    let is_seen = may_see(
        viewer.actor(),
        room.whose(),
        found.audience,
        found.message.sender.id,
    );
    if found.message.room_id != room_id || !is_seen {
        return Err(WireError::NotFound);
    }
    Ok(found.message.seq)
}

async fn place_of(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
    room_id: RoomId,
    message_id: Option<MessageId>,
) -> Result<Option<Seq>, WireError> {
    match message_id {
        Some(id) => place(conn, viewer, room_id, id).await.map(Some),
        None => Ok(None),
    }
}

pub(super) struct Found {
    pub(super) messages: Vec<Message>,
    count: Option<i64>,
    pub(super) has_older: bool,
    pub(super) has_newer: bool,
}

/// Whose eyes, and which room.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) sight: Sight,
    pub(super) room_id: RoomId,
}

impl Asked {
    async fn page(self, conn: &mut Conn<'_>, slice: Slice) -> Result<Found, WireError> {
        let count = history::count(conn, self.sight, self.room_id, PAGED_ROWS + 1)
            .await
            .stored()?;
        let (messages, has_older) = self.newest(conn, Bounds::default(), slice).await?;
        Ok(Found {
            messages,
            count: (count <= PAGED_ROWS).then_some(count),
            has_older,
            has_newer: slice.offset > 0,
        })
    }

    pub(super) async fn between(
        self,
        conn: &mut Conn<'_>,
        bounds: Bounds,
        limit: i64,
    ) -> Result<Found, WireError> {
        let is_forward = bounds.before.is_none() && bounds.after.is_some();
        let (messages, has_more) = if is_forward {
            self.oldest(conn, bounds, limit).await?
        } else {
            let slice = Slice { limit, offset: 0 };
            self.newest(conn, bounds, slice).await?
        };
        Ok(Found {
            messages,
            count: None,
            has_older: !is_forward && has_more,
            has_newer: is_forward && has_more,
        })
    }

    /// The message at that place in the middle, where there is as much on both sides.
    pub(super) async fn around(
        self,
        conn: &mut Conn<'_>,
        at: Seq,
        limit: i64,
    ) -> Result<Found, WireError> {
        let newer = limit / 2;
        let up_to = Bounds {
            after: None,
            before: Some(at.next()),
        };
        let slice = Slice {
            limit: limit - newer,
            offset: 0,
        };
        let (mut messages, has_older) = self.newest(conn, up_to, slice).await?;
        let beyond = Bounds {
            after: Some(at),
            before: None,
        };
        let (after, has_newer) = self.oldest(conn, beyond, newer).await?;
        messages.extend(after);
        Ok(Found {
            messages,
            count: None,
            has_older,
            has_newer,
        })
    }

    /// One more than asked for: whether it comes says whether there are more.
    async fn newest(
        self,
        conn: &mut Conn<'_>,
        bounds: Bounds,
        slice: Slice,
    ) -> Result<(Vec<Message>, bool), WireError> {
        let one_more = Slice {
            limit: slice.limit.saturating_add(1),
            ..slice
        };
        let mut messages = history::newest(conn, self.sight, self.room_id, bounds, one_more)
            .await
            .stored()?;
        let has_more = messages.len() > usize::try_from(slice.limit).unwrap_or(usize::MAX);
        if has_more {
            messages.remove(0);
        }
        Ok((messages, has_more))
    }

    async fn oldest(
        self,
        conn: &mut Conn<'_>,
        bounds: Bounds,
        limit: i64,
    ) -> Result<(Vec<Message>, bool), WireError> {
        let one_more = limit.saturating_add(1);
        let mut messages = history::oldest(conn, self.sight, self.room_id, bounds, one_more)
            .await
            .stored()?;
        let has_more = messages.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if has_more {
            messages.pop();
        }
        Ok((messages, has_more))
    }
}
