//! The addresses of rooms and of messages in them, from one reader's side.

use leptos_router::location::Url;

use super::pages::contact::{CONTACT, contact_path};
use crate::model::{MessageId, RoomForMe};

/// The page of a room: one's own support conversations, those that one answers, and all others have their places.
pub fn room_path(room: &RoomForMe) -> String {
    if room.is_chat() {
        return format!("/chat/{}", room.id());
    }
    match &room.shared.desk {
        _ if room.support.is_some() => format!("/admin/chat/{}", room.id()),
        Some(desk) => contact_path(desk),
        None => CONTACT.to_owned(),
    }
}

/// The page of a person.
pub fn profile_path(username: &str) -> String {
    format!("/people/{}", Url::escape(username))
}

/// The page of a room, around one of its messages.
pub fn message_path(room: &RoomForMe, message_id: MessageId) -> String {
    let path = room_path(room);
    if room.is_chat() {
        format!("{path}/{message_id}")
    } else {
        format!("{path}?message={message_id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Desk, RoomId, RoomKind, RoomShared, SupportState, Timestamp};

    fn room(kind: RoomKind) -> RoomForMe {
        RoomForMe::new(RoomShared {
            desk: (kind == RoomKind::Support).then(Desk::default_desk),
            ..RoomShared::new(RoomId(7), kind, Timestamp(0))
        })
    }

    #[test]
    fn each_room_opens_where_its_reader_has_it() {
        let at = |room: &RoomForMe| message_path(room, MessageId(30));
        assert_eq!(at(&room(RoomKind::Public)), "/chat/7/30");
        assert_eq!(at(&room(RoomKind::Direct)), "/chat/7/30");
        let own = room(RoomKind::Support);
        assert_eq!(at(&own), "/contact/admin?message=30");
        let answered = RoomForMe {
            support: Some(SupportState::default()),
            ..own
        };
        assert_eq!(at(&answered), "/admin/chat/7?message=30");
        assert_eq!(room_path(&answered), "/admin/chat/7");
    }
}
