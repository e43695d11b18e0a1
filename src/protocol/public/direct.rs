//! What the socket of everything says and is sent without a subprotocol: the native frames as the public contract has
//! them (S3); and S4's words: `conversation_id` for `room_id`, `temp_id` for `client_id`, `read_messages` for `mark_read`.

use serde_json::{Map, Value, json};

use super::command::{put_number, put_type};
use crate::{
    model::{ClientId, Presence, UserId},
    protocol::{Event, Hello},
};

/// Longer names of what one sends are not repeated, in bytes.
const TEMP_ID_BYTES: usize = 100;

/// A frame of such a client.
#[derive(Clone, Debug, PartialEq)]
pub struct BareFrame {
    /// The same in native words.
    pub text: String,
    /// Whether it has S4's.
    pub is_direct: bool,
    /// Of a message: its key, and what its sender calls it until it is stored.
    pub sent: Option<(ClientId, Value)>,
}

impl BareFrame {
    /// Reads a frame; none where it is no JSON object.
    pub fn read(text: &str) -> Option<Self> {
        let mut frame: Map<String, Value> = serde_json::from_str(text).ok()?;
        for name in ["client_id", "room_id"] {
            if frame.get(name).is_some_and(Value::is_null) {
                frame.remove(name);
            }
        }
        let (room, temp_id) = (frame.remove("conversation_id"), frame.remove("temp_id"));
        let is_direct = room.is_some() || temp_id.is_some();
        if let Some(room) = room {
            frame.entry("room_id").or_insert(room);
        }
        for name in ["room_id", "user_id", "request_id"] {
            put_number(&mut frame, name);
        }
        put_type(&mut frame);
        if frame.get("type").and_then(Value::as_str) == Some("read_messages") {
            frame.insert("type".to_owned(), "mark_read".into());
            // All there is.
            frame.insert("read_seq".to_owned(), i64::MAX.into());
        }
        let sent = temp_id
            .filter(is_short)
            .map(|temp_id| (key(&mut frame, &temp_id), temp_id));
        Some(Self {
            text: Value::Object(frame).to_string(),
            is_direct,
            sent,
        })
    }
}

fn is_short(temp_id: &Value) -> bool {
    match temp_id {
        Value::String(text) => text.len() <= TEMP_ID_BYTES,
        Value::Number(_) => true,
        _ => false,
    }
}

/// The message's key: its own, else what is a UUID, else a new one.
fn key(frame: &mut Map<String, Value>, temp_id: &Value) -> ClientId {
    let of = |value: &Value| value.as_str().and_then(|text| text.parse().ok());
    let key: ClientId = frame
        .get("client_id")
        .and_then(of)
        .or_else(|| of(temp_id))
        .unwrap_or_else(ClientId::random);
    frame
        .entry("client_id")
        .or_insert_with(|| key.to_string().into());
    key
}

/// Who one is and one's whole list, each room with the words of the contract.
pub fn hello(hello: &Hello) -> String {
    let mut said = serde_json::to_value(Event::Hello(Box::new(hello.clone()))).unwrap_or_default();
    let rooms = said.get_mut("rooms").and_then(Value::as_array_mut);
    for room in rooms.into_iter().flatten().filter_map(Value::as_object_mut) {
        let id = room.get("id").cloned().unwrap_or_default();
        room.insert("room_id".to_owned(), id);
        room.insert("mention_count".to_owned(), 0.into());
    }
    said.to_string()
}

/// An `ack` or `error`, with the sender's own name for the message beside its key.
pub fn answered(event: &Event, temp_id: Value) -> String {
    let mut answer = serde_json::to_value(event).unwrap_or_default();
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("temp_id".to_owned(), temp_id);
    }
    answer.to_string()
}

/// The same as a message in its public shape (`{"room_id", "seq", "message"}`), as S4's clients are told of those of others.
pub fn notification(public: &str, reader: UserId) -> Option<String> {
    let frame: Value = serde_json::from_str(public).ok()?;
    let message = frame.get("message")?;
    if message.get("sender_id")?.as_i64() == Some(reader.0) {
        return None;
    }
    let said = json!({
        "type": "new_message_notification",
        "conversation_id": frame.get("room_id"),
        "seq": frame.get("seq"),
        "message": message,
    });
    Some(said.to_string())
}

/// Whether somebody is there.
pub fn user_status(presence: &Presence) -> String {
    let said = json!({
        "type": "user_status",
        "user_id": presence.user_id,
        "status": presence.status,
        "last_seen": presence.last_seen,
    });
    said.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::RoomId,
        protocol::{Command, CommandFrame},
    };

    fn read(text: &str) -> (Command, Option<(ClientId, Value)>) {
        let frame = BareFrame::read(text).unwrap();
        let command = CommandFrame::parse(&frame.text).unwrap().command;
        (command, frame.sent)
    }

    #[test]
    fn a_bare_message_is_one_and_ids_may_be_digits() {
        let frame = BareFrame::read(r#"{"message":"hi","room_id":"7"}"#).unwrap();
        assert!(!frame.is_direct);
        let command = CommandFrame::parse(&frame.text).unwrap().command;
        assert!(
            matches!(command, Command::ChatMessage { room_id: RoomId(7), ref content, .. } if content == "hi")
        );
        for nonsense in [r#"{"temp_id""#, r#"["conversation_id"]"#] {
            assert_eq!(BareFrame::read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_uuid_is_the_key_and_anything_else_a_name() {
        let key = "6f1ab08c-3a5e-4a3a-9d27-0c1f5b1c7f10";
        let message = |temp_id: Value| {
            let frame = json!({ "type": "chat_message", "conversation_id": "7", "content": "hi", "temp_id": temp_id });
            read(&frame.to_string())
        };
        for temp_id in [json!(key), json!("temp-1"), json!(1_700_000_000_000_i64)] {
            let (command, sent) = message(temp_id.clone());
            let (named, told) = sent.unwrap();
            assert_eq!(named.to_string() == key, temp_id == key);
            assert_eq!(told, temp_id);
            assert!(
                matches!(command, Command::ChatMessage { room_id: RoomId(7), client_id: Some(id), .. } if id == named)
            );
        }
        for senseless in [json!(["x"]), json!("x".repeat(101)), json!(null)] {
            assert_eq!(message(senseless).1, None);
        }
    }

    #[test]
    fn reading_a_conversation_is_reading_all_of_it() {
        let (command, _) = read(r#"{"type":"read_messages","conversation_id":7}"#);
        assert!(
            matches!(command, Command::MarkRead { room_id: RoomId(7), read_seq } if read_seq.0 == i64::MAX)
        );
    }

    #[test]
    fn ones_own_messages_are_no_news() {
        let public = r#"{"type":"chat_message","room_id":7,"seq":3,"message":{"sender_id":5}}"#;
        assert_eq!(notification(public, UserId(5)), None);
        let told: Value = serde_json::from_str(&notification(public, UserId(6)).unwrap()).unwrap();
        assert_eq!(told["conversation_id"], 7);
        assert_eq!(told["message"]["sender_id"], 5);
    }
}
