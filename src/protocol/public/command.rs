//! What is sent to a socket of one room: the native commands without their room, and the words of other systems.
//!
//! Who acts comes from the session: `sender_id` and its like are not read.

use serde_json::{Map, Value};

use crate::{
    model::{RoomId, WireError},
    protocol::{Command, CommandFrame},
};

/// What is wanted of a socket of one room.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomCommand {
    /// A native command, for this room.
    Native(Command),
    /// Ask for a `heartbeat_ack`.
    Heartbeat,
}

/// A command with its `ref`.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomCommandFrame {
    /// Repeated in the `ack` or `error`.
    pub reference: Option<String>,
    /// What is wanted.
    pub command: RoomCommand,
}

/// Why a frame is not a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Unreadable {
    /// It is not even JSON.
    Json,
    /// It makes no sense here.
    Error(Option<String>, WireError),
}

impl RoomCommandFrame {
    /// Reads one text frame sent to that room's socket.
    ///
    /// Errors, with the frame's `ref` where it could be read: `malformed`, `unknown_type`, `not_found` where it names
    /// another room.
    pub fn parse(text: &str, room_id: RoomId) -> Result<Self, Unreadable> {
        let frame: Value = serde_json::from_str(text).map_err(|_| Unreadable::Json)?;
        let Value::Object(mut frame) = frame else {
            return Err(Unreadable::Error(None, WireError::Malformed));
        };
        let reference = frame.get("ref").and_then(Value::as_str).map(str::to_owned);
        put_type(&mut frame);
        put_room(&mut frame, room_id)
            .and_then(|()| command(frame))
            .map(|command| Self {
                reference: reference.clone(),
                command,
            })
            .map_err(|error| Unreadable::Error(reference, error))
    }
}

/// A frame that is nothing but a message is one; other words for `chat_message` become it.
pub(super) fn put_type(frame: &mut Map<String, Value>) {
    let is_message = match frame.get("type").and_then(Value::as_str) {
        None => !frame.contains_key("type") && frame.contains_key("message"),
        Some(word) => word == "private_message",
    };
    if is_message {
        frame.insert("type".to_owned(), "chat_message".into());
    }
}

/// The room is the socket's, wherever a command has its place.
fn put_room(frame: &mut Map<String, Value>, room_id: RoomId) -> Result<(), WireError> {
    let name = |map: &mut Map<String, Value>| match map.get("room_id") {
        None | Some(Value::Null) => {
            map.insert("room_id".to_owned(), room_id.0.into());
            Ok(())
        }
        Some(named) if *named == room_id.0 => Ok(()),
        Some(Value::String(named)) if *named == room_id.to_string() => {
            map.insert("room_id".to_owned(), room_id.0.into());
            Ok(())
        }
        Some(_) => Err(WireError::NotFound),
    };
    name(frame)?;
    for room in frame
        .get_mut("rooms")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        name(room.as_object_mut().ok_or(WireError::Malformed)?)?;
    }
    Ok(())
}

fn command(mut frame: Map<String, Value>) -> Result<RoomCommand, WireError> {
    for name in ["user_id", "request_id"] {
        put_number(&mut frame, name);
    }
    let kind = frame.get("type").and_then(Value::as_str);
    match kind {
        Some("heartbeat") => Ok(RoomCommand::Heartbeat),
        // What is about the whole list has no place in one room.
        Some("hello" | "watch" | "presence") => Err(WireError::UnknownType),
        _ => CommandFrame::parse(&Value::Object(frame).to_string())
            .map(|frame| RoomCommand::Native(frame.command))
            .map_err(|(_, error)| error),
    }
}

/// An id may come as its digits.
pub(super) fn put_number(frame: &mut Map<String, Value>, name: &str) {
    let digits = frame.get(name).and_then(Value::as_str);
    if let Some(id) = digits.and_then(RoomId::from_digits) {
        frame.insert(name.to_owned(), id.0.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Audience, JoinRequestId, MessageId, UserId},
        protocol::ByMessages,
    };

    const ROOM: RoomId = RoomId(7);

    fn parsed(text: &str) -> Result<RoomCommand, Unreadable> {
        RoomCommandFrame::parse(text, ROOM).map(|frame| frame.command)
    }

    #[test]
    fn the_room_may_be_left_out_and_no_other_may_be_named() {
        for frame in [
            r#"{"type":"typing","sender_name":"Eve","is_typing":true}"#,
            r#"{"type":"typing","room_id":7}"#,
            r#"{"type":"typing","room_id":"7"}"#,
        ] {
            let command = Command::Typing {
                room_id: ROOM,
                is_typing: true,
                audience: Audience::All,
            };
            assert_eq!(parsed(frame), Ok(RoomCommand::Native(command)), "{frame}");
        }
        let other = parsed(r#"{"type":"typing","ref":"a","room_id":8}"#);
        let refused = Unreadable::Error(Some("a".to_owned()), WireError::NotFound);
        assert_eq!(other, Err(refused));
    }

    #[test]
    fn a_bare_message_is_one() {
        for frame in [
            r#"{"message":"hi"}"#,
            r#"{"type":"private_message","content":"hi"}"#,
        ] {
            let command = parsed(frame).unwrap();
            assert!(
                matches!(command, RoomCommand::Native(Command::ChatMessage { ref content, .. }) if content == "hi")
            );
        }
    }

    #[test]
    fn what_was_read_or_has_come_is_said_by_ids_or_by_place() {
        let by = ByMessages {
            message_ids: vec![MessageId(1), MessageId(2)],
            room_id: Some(ROOM),
        };
        assert_eq!(
            parsed(r#"{"type":"mark_read","message_ids":[1,2]}"#),
            Ok(RoomCommand::Native(Command::ReadMessages(by.clone())))
        );
        assert_eq!(
            parsed(r#"{"type":"delivered","message_ids":[1,2]}"#),
            Ok(RoomCommand::Native(Command::MessagesDelivered(by)))
        );
        assert!(matches!(
            parsed(r#"{"type":"mark_read","read_seq":3}"#),
            Ok(RoomCommand::Native(Command::MarkRead { .. }))
        ));
        assert!(matches!(
            parsed(r#"{"type":"delivered","read_seq":3}"#),
            Ok(RoomCommand::Native(Command::Delivered { .. }))
        ));
        let many = format!(
            r#"{{"type":"mark_read","message_ids":{:?}}}"#,
            vec![1; 1001]
        );
        for wrong in [r#"{"type":"mark_read","message_ids":["x"]}"#, &many] {
            assert!(matches!(parsed(wrong), Err(Unreadable::Error(None, _))));
        }
    }

    #[test]
    fn who_keeps_order_names_whom_it_is_about() {
        for (frame, command) in [
            (
                r#"{"type":"kick_user","user_id":3}"#,
                Command::KickUser {
                    room_id: ROOM,
                    user_id: UserId(3),
                },
            ),
            (
                r#"{"type":"approve_join","request_id":"4"}"#,
                Command::ApproveJoin {
                    room_id: ROOM,
                    request_id: JoinRequestId(4),
                },
            ),
            (
                r#"{"type":"deny_join","request_id":4}"#,
                Command::DenyJoin {
                    room_id: ROOM,
                    request_id: JoinRequestId(4),
                },
            ),
            (
                r#"{"type":"join_request","note":"Hi"}"#,
                Command::JoinRequest {
                    room_id: ROOM,
                    note: "Hi".to_owned(),
                },
            ),
        ] {
            assert_eq!(parsed(frame), Ok(RoomCommand::Native(command)), "{frame}");
        }
        for wrong in [
            r#"{"type":"kick_user"}"#,
            r#"{"type":"deny_join","request_id":[4]}"#,
        ] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_told_apart() {
        assert_eq!(parsed("{"), Err(Unreadable::Json));
        let malformed = Unreadable::Error(None, WireError::Malformed);
        assert_eq!(parsed("[]"), Err(malformed.clone()));
        assert_eq!(parsed("{}"), Err(malformed));
        for foreign in ["hello", "watch", "recent_messages"] {
            let unknown = Unreadable::Error(None, WireError::UnknownType);
            assert_eq!(parsed(&format!(r#"{{"type":"{foreign}"}}"#)), Err(unknown));
        }
    }
}
