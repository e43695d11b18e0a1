//! Where each room stands in the list: what is unread first, then rooms of two, courses, rooms; pinned ones first in
//! each, the rest by last activity.

use crate::model::{RoomForMe, RoomId, RoomKind};

/// A part of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// With something unread, of any kind.
    Unread,
    /// Rooms of two.
    Direct,
    /// Courses.
    Courses,
    /// Rooms that people make and join.
    Rooms,
}

/// All of them, in their order.
pub const SECTIONS: [Section; 4] = [
    Section::Unread,
    Section::Direct,
    Section::Courses,
    Section::Rooms,
];

impl Section {
    /// Where a room stands.
    fn of(room: &RoomForMe) -> Self {
        match room.shared.kind {
            _ if room.counted_unread() > 0 => Self::Unread,
            RoomKind::Course => Self::Courses,
            RoomKind::Public | RoomKind::Private => Self::Rooms,
            RoomKind::Direct | RoomKind::Thread | RoomKind::Support => Self::Direct,
        }
    }
}

/// The rooms of the list with their sections, from top to bottom.
pub type Order = Vec<(Section, RoomId)>;

/// The order of rooms that come last activity first. What is unread in rooms of two is for the reader alone, and comes
/// before what is unread elsewhere.
pub fn order<'a>(by_activity: impl Iterator<Item = &'a RoomForMe>) -> Order {
    let mut rooms: Vec<_> = by_activity.map(|room| (Section::of(room), room)).collect();
    rooms.sort_by_key(|(section, room)| {
        let place = SECTIONS.iter().position(|one| one == section);
        let is_less_urgent = *section == Section::Unread && !room.is_personal();
        (place, !room.is_pinned, is_less_urgent)
    });
    let rooms = rooms.into_iter();
    rooms.map(|(section, room)| (section, room.id())).collect()
}

/// The order while somebody aims at a row: all that is there stays where it is, what is new comes last in its section.
pub fn held(before: &Order, now: &Order) -> Order {
    let is_in = |order: &Order, id: RoomId| order.iter().any(|(_, known)| *known == id);
    let stays = before.iter().filter(|(_, id)| is_in(now, *id));
    let comes = now.iter().filter(|(_, id)| !is_in(before, *id));
    let mut all: Order = stays.chain(comes).copied().collect();
    all.sort_by_key(|(section, _)| SECTIONS.iter().position(|one| one == section));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RoomShared, Timestamp};

    fn room(id: i64, kind: RoomKind, unread_count: i64) -> RoomForMe {
        RoomForMe {
            unread_count,
            ..RoomForMe::new(RoomShared::new(RoomId(id), kind, Timestamp(0)))
        }
    }

    fn ids(order: &Order) -> Vec<i64> {
        order.iter().map(|(_, id)| id.0).collect()
    }

    #[test]
    fn the_unread_come_first_then_each_kind_by_activity_and_the_pinned_on_top() {
        let quiet = RoomForMe {
            is_quiet: true,
            ..room(6, RoomKind::Public, 9)
        };
        let pinned = RoomForMe {
            is_pinned: true,
            ..room(7, RoomKind::Private, 0)
        };
        let rooms = [
            room(1, RoomKind::Public, 0),
            room(2, RoomKind::Course, 0),
            room(3, RoomKind::Public, 4),
            room(4, RoomKind::Direct, 0),
            room(5, RoomKind::Thread, 2),
            quiet,
            pinned,
        ];
        let order = order(rooms.iter());
        assert_eq!(ids(&order), [5, 3, 4, 2, 7, 1, 6]);
        assert_eq!(order[0].0, Section::Unread);
        assert_eq!(order[6].0, Section::Rooms);
    }

    #[test]
    fn nothing_moves_while_it_is_held() {
        let before = vec![
            (Section::Unread, RoomId(1)),
            (Section::Direct, RoomId(2)),
            (Section::Rooms, RoomId(3)),
        ];
        // 1 was read, 3 is unread now, 4 has come, 2 has gone.
        let now = vec![
            (Section::Unread, RoomId(3)),
            (Section::Unread, RoomId(4)),
            (Section::Rooms, RoomId(1)),
        ];
        let held = held(&before, &now);
        let expected = vec![
            (Section::Unread, RoomId(1)),
            (Section::Unread, RoomId(4)),
            (Section::Rooms, RoomId(3)),
        ];
        assert_eq!(held, expected);
    }
}
