//! In whose words a socket of one room speaks: what it says otherwise, and beside the native events, with the same `seq`.

use serde_json::{Value, json};

use super::{Person, PublicRequest};
use crate::{
    model::SystemKey,
    protocol::{Event, MemberChanged},
};

/// In whose words a socket of one room speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// S0's, which has no more than everybody.
    Plain,
    /// S2's, in its rooms.
    Rooms,
    /// S2's, in a private thread.
    Private,
}

const MESSAGE: &str = r#"{"type":"chat_message""#;
const PRIVATE: &str = r#"{"type":"private_message""#;
/// Frames by which somebody comes in, goes out or stands otherwise.
const OF_MEMBERS: &str = r#"{"type":"member_"#;

impl Dialect {
    /// A frame that says the same otherwise; none: it stays as it is.
    pub fn worded(self, text: &str) -> Option<String> {
        let rest = text.strip_prefix(MESSAGE)?;
        (self == Self::Private).then(|| format!("{PRIVATE}{rest}"))
    }

    /// What is said beside a frame of the room's history.
    pub fn beside_text(self, text: &str) -> Vec<String> {
        if self != Self::Rooms || !text.starts_with(OF_MEMBERS) {
            return Vec::new();
        }
        let event = serde_json::from_str::<Event>(text);
        event.map_or_else(|_| Vec::new(), |event| self.beside(&event))
    }

    /// What is said beside an event.
    pub fn beside(self, event: &Event) -> Vec<String> {
        let said = match (self, event) {
            (Self::Rooms | Self::Private, Event::TypingIndicator { .. }) => typing(event),
            (Self::Rooms, Event::MemberJoined(change)) => vec![member("user_joined", change)],
            (Self::Rooms, Event::MemberLeft(change)) => left(change),
            (Self::Rooms, Event::JoinRequest(change)) => vec![json!({
                "type": "join_request_received",
                "room_id": change.room_id,
                "request": PublicRequest::from(change.request.clone()),
                "pending_count": change.pending_count,
            })],
            _ => Vec::new(),
        };
        said.iter().map(Value::to_string).collect()
    }
}

fn typing(event: &Event) -> Vec<Value> {
    let Event::TypingIndicator {
        room_id,
        user_id,
        sender_name,
        is_typing,
    } = event
    else {
        return Vec::new();
    };
    let kind = if *is_typing { "typing" } else { "stop_typing" };
    vec![json!({
        "type": kind, "room_id": room_id, "user_id": user_id, "sender_name": sender_name, "is_typing": is_typing,
    })]
}

/// Somebody is out; by whose doing, the message beside it says.
fn left(change: &MemberChanged) -> Vec<Value> {
    let message = change.message.as_ref();
    let key = message.and_then(|message| message.system.as_ref().map(|note| note.key));
    let is_kicked = matches!(key, Some(SystemKey::MemberKicked | SystemKey::MemberBanned));
    let kicked = is_kicked.then(|| member("kick_user", change));
    std::iter::once(member("user_left", change))
        .chain(kicked)
        .collect()
}

fn member(kind: &str, change: &MemberChanged) -> Value {
    let user = Person::from(change.member.user.clone());
    json!({
        "type": kind,
        "room_id": change.room_id,
        "seq": change.seq,
        "user_id": user.id,
        "user_name": user.name,
        "user": user,
        "participant_count": change.member_count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RoomId, UserId};

    #[test]
    fn a_message_has_another_word_in_a_private_thread_alone() {
        let text = r#"{"type":"chat_message","room_id":3}"#;
        let private = r#"{"type":"private_message","room_id":3}"#;
        assert_eq!(Dialect::Private.worded(text).as_deref(), Some(private));
        assert_eq!(Dialect::Rooms.worded(text), None);
        assert_eq!(Dialect::Private.worded(r#"{"type":"pong"}"#), None);
    }

    #[test]
    fn typing_is_said_twice_where_clients_look_for_it() {
        let event = |is_typing| Event::TypingIndicator {
            room_id: RoomId(3),
            user_id: UserId(4),
            sender_name: "Ana".to_owned(),
            is_typing,
        };
        for (is_typing, kind) in [(true, "typing"), (false, "stop_typing")] {
            assert!(Dialect::Plain.beside(&event(is_typing)).is_empty());
            let said = Dialect::Private.beside(&event(is_typing));
            let said: Value = serde_json::from_str(&said[0]).unwrap();
            assert_eq!((&said["type"], &said["user_id"]), (&json!(kind), &json!(4)));
        }
    }
}
