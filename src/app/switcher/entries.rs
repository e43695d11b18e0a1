//! Where one may go, by what was typed.

use super::matching::{Kind, asked, best};
use crate::{
    app::{
        i18n::{Locale, text},
        pages::search::search_path,
        parts::room_link::room_name,
        paths::room_path,
    },
    model::{Listing, RoomForMe, RoomKind, UserId},
    sync::Lists,
};

/// Places shown at once.
const MOST: usize = 15;
/// Of them people, beside rooms.
const MOST_PEOPLE: usize = 6;

/// Where one may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A room.
    Room {
        /// Its page.
        path: String,
        /// What it is called.
        name: String,
        /// What sort.
        kind: RoomKind,
        /// Rooms of two and of support: with whom.
        person: UserId,
        /// Whether something in it is unread.
        is_unread: bool,
    },
    /// A person.
    Person {
        /// Who.
        id: UserId,
        /// Their name.
        name: String,
    },
    /// Messages that say this.
    Search {
        /// The page that searches them.
        path: String,
        /// What was typed.
        text: String,
    },
}

impl Entry {
    /// Its words.
    pub fn label(&self, t: Locale) -> String {
        match self {
            Self::Room { name, .. } | Self::Person { name, .. } => name.clone(),
            Self::Search { text, .. } => text!(t, switcher.search, text = text.clone()),
        }
    }
}

/// The places that answer what was typed; nothing typed: where something was said last. `people`: who was found by it.
pub fn entries(t: Locale, lists: &Lists, typed: &str, people: &[Listing]) -> Vec<Entry> {
    let (kind, wanted) = asked(typed);
    let mut found = Vec::new();
    if matches!(kind, Kind::Any | Kind::Rooms) {
        found.extend(rooms(t, lists, wanted));
    }
    if matches!(kind, Kind::Any | Kind::People) {
        if kind == Kind::Any {
            found.truncate(MOST - MOST_PEOPLE.min(people.len()));
        }
        let room = MOST.saturating_sub(found.len());
        let people = people
            .iter()
            .filter(|person| !has_room(lists, person.id, kind));
        found.extend(people.take(room).map(|person| Entry::Person {
            id: person.id,
            name: person.name.clone(),
        }));
    }
    if kind == Kind::Messages && !wanted.is_empty() {
        found.push(Entry::Search {
            path: search_path(wanted),
            text: wanted.to_owned(),
        });
    }
    found
}

/// Whether the room with that person stands there already, where rooms do.
fn has_room(lists: &Lists, id: UserId, kind: Kind) -> bool {
    let is_with = |room: &RoomForMe| {
        room.shared.kind == RoomKind::Direct
            && room
                .shared
                .other(lists.me)
                .is_some_and(|card| card.id == id)
    };
    kind == Kind::Any && lists.rooms.values().any(is_with)
}

fn rooms(t: Locale, lists: &Lists, wanted: &str) -> Vec<Entry> {
    let me = Some(lists.me);
    let found = best(
        wanted,
        lists.by_activity(),
        MOST,
        |room| room_name(t, room, me),
        |room| room.counted_unread() > 0,
    );
    let found = found.into_iter().map(|room| {
        let user = room.shared.user.as_ref();
        let person = user.or_else(|| room.shared.other(lists.me));
        Entry::Room {
            path: room_path(room),
            name: room_name(t, room, me),
            kind: room.shared.kind,
            person: person.map(|card| card.id).unwrap_or_default(),
            is_unread: room.counted_unread() > 0,
        }
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Epoch, Role, RoomId, RoomShared, Timestamp, UserCard, UserRev};

    fn lists() -> Lists {
        let named = |id: i64, name: &str| {
            RoomForMe::new(RoomShared {
                name: name.to_owned(),
                ..RoomShared::new(RoomId(id), RoomKind::Public, Timestamp(id))
            })
        };
        let card = |id: i64, name: &str| UserCard {
            id: UserId(id),
            name: name.to_owned(),
            role: Role::Student,
        };
        let direct = RoomForMe::new(RoomShared {
            people: vec![card(1, "Me"), card(2, "Ben")],
            ..RoomShared::new(RoomId(7), RoomKind::Direct, Timestamp(7))
        });
        let rooms = [named(5, "Algebra"), named(6, "Biology"), direct];
        Lists {
            me: UserId(1),
            epoch: Epoch::default(),
            user_rev: UserRev(0),
            rooms: rooms.into_iter().map(|room| (room.id(), room)).collect(),
            alerts: Default::default(),
            blocked: Vec::new(),
            policy: Default::default(),
        }
    }

    fn labels(typed: &str, people: &[Listing]) -> Vec<String> {
        let found = entries(Locale::en, &lists(), typed, people);
        found.iter().map(|entry| entry.label(Locale::en)).collect()
    }

    fn listing(id: i64, name: &str) -> Listing {
        Listing {
            id: UserId(id),
            username: name.to_lowercase(),
            name: name.to_owned(),
            role: Role::Student,
        }
    }

    #[test]
    fn nothing_typed_shows_what_was_active_last() {
        assert_eq!(labels("", &[]), ["Ben", "Biology", "Algebra"]);
    }

    #[test]
    fn rooms_come_before_people_and_nobody_stands_there_twice() {
        let people = [listing(2, "Ben"), listing(3, "Bela")];
        assert_eq!(labels("b", &people), ["Ben", "Biology", "Algebra", "Bela"]);
        assert_eq!(labels("@b", &people), ["Ben", "Bela"]);
        assert_eq!(labels("#b", &people), ["Ben", "Biology", "Algebra"]);
    }

    #[test]
    fn a_question_mark_leads_to_the_search() {
        let found = entries(Locale::en, &lists(), "? exam", &[]);
        assert!(matches!(&found[..], [Entry::Search { path, .. }] if path == "/search?q=exam"));
        assert!(entries(Locale::en, &lists(), "?", &[]).is_empty());
    }
}
