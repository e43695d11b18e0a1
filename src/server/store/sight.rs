//! Whose eyes a query reads with: what is for staff alone is left out for others.
//!
//! The one place that says in SQL what [`may_see`](crate::model::permission::may_see) says.

use crate::model::{
    Role, UserId,
    permission::{Actor, Whose, is_staff_elsewhere, is_staff_in},
};

/// The reader of one room.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// The reader.
    pub reader: UserId,
    /// Whether the reader is staff in the room.
    pub is_staff: bool,
}

impl Sight {
    /// That reader's, in that room.
    pub fn of(reader: Actor, room: Whose) -> Self {
        Self {
            reader: reader.id,
            is_staff: is_staff_in(reader, &room),
        }
    }
}

/// That a message, by its table's name, is to be seen: whether the reader is staff in its room, and the reader. What
/// needs no look at the message stands first.
macro_rules! seen {
    ($message:literal, $is_staff:literal, $reader:literal) => {
        concat!(
            "(",
            $is_staff,
            " OR ",
            $message,
            ".audience = 'all'
                 OR (",
            $message,
            ".audience = 'staff_and_sender' AND ",
            $message,
            ".sender_id = ",
            $reader,
            "))"
        )
    };
}

pub(super) use seen;

/// The same over many rooms: that message `x` of room `r` is to be seen by the reader, who is `$1`. In a course's room
/// that depends on what they are there, which is looked up last and only where a message is not for all.
pub(super) fn seen_among_rooms(reader: Actor) -> String {
    let seen = if reader.role == Role::Admin {
        seen!("x", "r.kind <> 'support' OR r.user_id <> $1", "$1")
    } else if is_staff_elsewhere(reader.role) {
        seen!(
            "x",
            "r.kind NOT IN ('support', 'course') OR (r.kind = 'support' AND r.user_id <> $1)",
            "$1"
        )
    } else {
        seen!("x", "(r.kind = 'support' AND r.user_id <> $1)", "$1")
    };
    format!(
        "({seen} OR (r.kind = 'course' AND EXISTS (SELECT 1 FROM members t
             WHERE t.room_id = r.id AND t.user_id = $1 AND t.left_at IS NULL AND t.role <> 'member')))"
    )
}
