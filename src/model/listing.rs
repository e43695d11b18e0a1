//! What is asked of lists and histories in pages: which rooms, which part.

use super::{MessageId, RoomKind, Seq};

/// Which list of rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// What one joins, and support: never direct or thread rooms.
    Rooms,
    /// What people say to each other: support, direct and thread rooms.
    Conversations,
    /// Private threads alone.
    Threads,
    /// All of them.
    Everything,
}

/// How far a list of rooms goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Rooms in which the reader is, by row, in person or by their desk.
    #[default]
    Inside,
    /// These, and those of which the reader may see the card.
    Known,
    /// Those alone of which the reader sees no more than the card.
    Outside,
}

impl Shelf {
    /// The kinds of rooms that it holds.
    pub fn kinds(self) -> &'static [RoomKind] {
        match self {
            Self::Rooms => &[
                RoomKind::Support,
                RoomKind::Public,
                RoomKind::Private,
                RoomKind::Course,
            ],
            Self::Conversations => &[RoomKind::Support, RoomKind::Direct, RoomKind::Thread],
            Self::Threads => &[RoomKind::Thread],
            Self::Everything => &[
                RoomKind::Support,
                RoomKind::Direct,
                RoomKind::Thread,
                RoomKind::Public,
                RoomKind::Private,
                RoomKind::Course,
            ],
        }
    }
}

/// Which rooms of a shelf are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomFilter {
    /// The shelf.
    pub shelf: Shelf,
    /// Of that kind alone.
    pub kind: Option<RoomKind>,
    /// A part of the room's name, or of the name, sign-in name or e-mail address of whom it is with, in whatever case;
    /// empty: any.
    pub search: String,
    /// Those with something unread alone.
    pub is_unread: bool,
    /// Those that are read-only, or those that are not.
    pub is_archived: Option<bool>,
    /// Without the support rooms of others.
    pub is_own: bool,
    /// Whether rooms count in which the reader is not.
    pub reach: Reach,
}

impl RoomFilter {
    /// Everything on that shelf.
    pub fn all_of(shelf: Shelf) -> Self {
        Self {
            shelf,
            kind: None,
            search: String::new(),
            is_unread: false,
            is_archived: None,
            is_own: false,
            reach: Reach::Inside,
        }
    }

    /// The kinds that are asked for; none where the shelf does not hold the one that is.
    pub fn kinds(&self) -> Vec<RoomKind> {
        let kinds = self.shelf.kinds().iter().copied();
        kinds
            .filter(|kind| self.kind.is_none_or(|asked| asked == *kind))
            .collect()
    }
}

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// So many at most.
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

/// A part of a list, and how long the whole is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// Of the whole.
    pub count: i64,
    /// The part.
    pub items: Vec<T>,
}

impl<T> Listed<T> {
    /// A list without anything.
    pub fn empty() -> Self {
        Self {
            count: 0,
            items: Vec::new(),
        }
    }
}

/// Which part of a room's history is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryPart {
    /// Counted from the newest.
    Page(Slice),
    /// Between two places, neither included: from the newest, or from the oldest where there is only `after`.
    Between {
        /// After this place.
        after: Option<Seq>,
        /// Before this place.
        before: Option<Seq>,
        /// So many at most.
        limit: i64,
    },
    /// Between two messages, neither included: from the newest, or from the oldest where there is only `after`.
    Beside {
        /// After this message.
        after: Option<MessageId>,
        /// Before this message.
        before: Option<MessageId>,
        /// So many at most.
        limit: i64,
    },
    /// A message with its neighbours.
    Around {
        /// The message.
        message_id: MessageId,
        /// So many at most.
        limit: i64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_the_shelf_does_not_hold_leaves_nothing() {
        let mut filter = RoomFilter::all_of(Shelf::Rooms);
        assert_eq!(filter.kinds(), Shelf::Rooms.kinds());
        filter.kind = Some(RoomKind::Course);
        assert_eq!(filter.kinds(), [RoomKind::Course]);
        filter.kind = Some(RoomKind::Direct);
        assert!(filter.kinds().is_empty());
    }
}
