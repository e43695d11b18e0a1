//! What clients send, as it is read.

use super::*;

fn parsed(text: &str) -> Result<Command, WireError> {
    let frame = CommandFrame::parse(text);
    frame.map(|frame| frame.command).map_err(|(_, error)| error)
}

#[test]
fn what_has_come_is_said_by_place_or_by_messages() {
    let place = Command::Delivered {
        room_id: RoomId(7),
        read_seq: Seq(3),
    };
    let by = |room_id| ByMessages {
        message_ids: vec![MessageId(1), MessageId(2)],
        room_id,
    };
    let anywhere = Command::MessagesDelivered(by(None));
    let there = Command::MessagesDelivered(by(Some(RoomId(7))));
    let read = Command::ReadMessages(by(None));
    for (text, command) in [
        (r#"{"type":"delivered","room_id":7,"read_seq":3}"#, place),
        (r#"{"type":"delivered","message_ids":[1,2]}"#, anywhere),
        (
            r#"{"type":"delivered","message_ids":[1,2],"room_id":7}"#,
            there,
        ),
        (r#"{"type":"mark_read","message_ids":[1,2]}"#, read),
    ] {
        assert_eq!(parsed(text).as_ref(), Ok(&command), "{text}");
        let again = serde_json::to_string(&command).unwrap();
        assert_eq!(again, text);
    }
}

#[test]
fn messages_that_stand_for_places_are_ids_and_not_too_many() {
    for kind in ["mark_read", "delivered"] {
        for wrong in [r#"["x"]"#, "1", r#"{"0":1}"#, "null"] {
            let frame = format!(r#"{{"type":"{kind}","message_ids":{wrong}}}"#);
            assert_eq!(parsed(&frame), Err(WireError::Malformed), "{frame}");
        }
        let of = |count: usize| {
            let ids = vec![1; count];
            parsed(&format!(r#"{{"type":"{kind}","message_ids":{ids:?}}}"#))
        };
        assert!(of(IDS_AT_ONCE).is_ok());
        assert!(matches!(
            of(IDS_AT_ONCE + 1),
            Err(WireError::Invalid { .. })
        ));
    }
}

#[test]
fn a_message_is_read_with_either_word_for_its_text() {
    for word in ["content", "message"] {
        let frame = format!(
            r#"{{"type":"chat_message","ref":"a","room_id":7,"{word}":"hi","sender_id":9}}"#
        );
        let frame = CommandFrame::parse(&frame).unwrap();
        assert_eq!(frame.reference.as_deref(), Some("a"));
        assert!(
            matches!(frame.command, Command::ChatMessage { room_id: RoomId(7), ref content, .. } if content == "hi")
        );
    }
}

#[test]
fn what_makes_no_sense_is_told_apart() {
    assert_eq!(
        CommandFrame::parse("{").unwrap_err(),
        (None, WireError::Malformed)
    );
    assert_eq!(
        CommandFrame::parse(r#"{"type":"hello_world","ref":"x"}"#).unwrap_err(),
        (Some("x".into()), WireError::UnknownType)
    );
    assert_eq!(
        CommandFrame::parse(r#"{"type":"typing","ref":"x"}"#).unwrap_err(),
        (Some("x".into()), WireError::Malformed)
    );
    assert_eq!(
        CommandFrame::parse("[]").unwrap_err(),
        (None, WireError::Malformed)
    );
}

#[test]
fn typing_means_yes_unless_it_says_no() {
    let frame = CommandFrame::parse(r#"{"type":"typing","room_id":1}"#).unwrap();
    assert_eq!(
        frame.command,
        Command::Typing {
            room_id: RoomId(1),
            is_typing: true,
            audience: Audience::All
        }
    );
}
