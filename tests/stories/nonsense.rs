//! Well-formed frames and bodies that make no sense: an `error`, never a panic, never heard by others.

use quad::protocol::{Command, Event};
use serde_json::{Value, json};

use crate::{
    app::{Person, Socket, TestApp},
    on_both_databases,
};

/// The code of the error that answers a frame, and its `ref`.
async fn error(socket: &mut Socket, frame: &str) -> (String, Option<String>) {
    socket.sends_text(frame).await;
    match socket.next().await {
        Event::Error(error) => (error.error.code().to_owned(), error.reference),
        other => panic!("{frame}: {other:?}"),
    }
}

async fn nothing_senseless_is_heard_by_others(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, _) = nora.connects().await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_field = format!(r#"{{"type":"ping","ref":"r","x":{deep}}}"#);
    let many = format!(
        r#"{{"type":"chat_message","room_id":{room_id},"content":"{}"}}"#,
        "x".repeat(50_000)
    );
    let in_room = |rest: &str| format!(r#"{{"ref":"r","room_id":{room_id},{rest}}}"#);
    let cases = [
        // Broken JSON, and JSON of another shape.
        (String::new(), "malformed"),
        ("{".to_owned(), "malformed"),
        ("nul".to_owned(), "malformed"),
        ("null".to_owned(), "malformed"),
        ("1e999".to_owned(), "malformed"),
        (r#""chat_message""#.to_owned(), "malformed"),
        (r#"["chat_message"]"#.to_owned(), "malformed"),
        ("{}".to_owned(), "malformed"),
        (r#"{"type":7}"#.to_owned(), "malformed"),
        (r#"{"type":"ping"} {"type":"ping"}"#.to_owned(), "malformed"),
        (deep, "malformed"),
        (deep_field, "malformed"),
        // Unknown types, and frames that only the server may send.
        (r#"{"type":""}"#.to_owned(), "unknown_type"),
        (
            in_room(r#""type":"Chat_Message","content":"x""#),
            "unknown_type",
        ),
        (
            in_room(r#""type":"message_deleted","message":{"id":1}"#),
            "unknown_type",
        ),
        (in_room(r#""type":"ack","seq":1"#), "unknown_type"),
        (in_room(r#""type":"caught_up","seq":1"#), "unknown_type"),
        (r#"{"type":"hello\u0000"}"#.to_owned(), "unknown_type"),
        // Missing fields, wrong types, numbers of nobody's.
        (in_room(r#""type":"chat_message""#), "malformed"),
        (in_room(r#""type":"chat_message","content":7"#), "malformed"),
        (
            in_room(r#""type":"chat_message","content":null"#),
            "malformed",
        ),
        (
            in_room(r#""type":"chat_message","content":"a","message":"b""#),
            "malformed",
        ),
        (
            in_room(r#""type":"chat_message","content":"a","client_id":"7""#),
            "malformed",
        ),
        (
            in_room(r#""type":"chat_message","content":"a","room_id":1"#),
            "malformed",
        ),
        (
            in_room(r#""type":"chat_message","content":"\ud800""#),
            "malformed",
        ),
        (in_room(r#""type":"typing","is_typing":"yes""#), "malformed"),
        (in_room(r#""type":"mark_read","read_seq":1.5"#), "malformed"),
        (
            in_room(r#""type":"mark_read","read_seq":9223372036854775808"#),
            "malformed",
        ),
        (r#"{"type":"typing","room_id":"1"}"#.to_owned(), "malformed"),
        (r#"{"type":"typing","room_id":1e3}"#.to_owned(), "malformed"),
        (
            r#"{"type":"resume","epoch":"e","rooms":{}}"#.to_owned(),
            "malformed",
        ),
        // What is read, and cannot be.
        (
            in_room(r#""type":"chat_message","content":"a\u0000b""#),
            "invalid",
        ),
        (
            in_room(r#""type":"chat_message","content":" \n ""#),
            "invalid",
        ),
        (many, "invalid"),
        (
            r#"{"type":"chat_message","room_id":-1,"content":"x"}"#.to_owned(),
            "not_found",
        ),
        (
            r#"{"type":"chat_message","room_id":9223372036854775807,"content":"x"}"#.to_owned(),
            "not_found",
        ),
        (
            r#"{"type":"mark_read","room_id":0,"read_seq":1}"#.to_owned(),
            "not_found",
        ),
    ];
    for (frame, code) in &cases {
        let shown: String = frame.chars().take(100).collect();
        assert_eq!(error(&mut phone, frame).await.0, *code, "{shown}");
    }
    assert!(desk.all_until_pong().await.is_empty());
    phone.says(room_id, "still here").await;
    assert_eq!(ana.reads_room(room_id).await.messages.len(), 1);
}

async fn an_error_repeats_the_ref_where_it_can_be_read(app: TestApp) {
    let ana = app.student("ana").await;
    let (mut phone, _) = ana.connects().await;
    for (frame, reference) in [
        (r#"{"ref":"a","type":"nothing"}"#, Some("a")),
        (
            r#"{"ref":"a\u0000\n\"b","type":"nothing"}"#,
            Some("a\0\n\"b"),
        ),
        (r#"{"ref":"","type":"typing"}"#, Some("")),
        (r#"{"ref":7,"type":"nothing"}"#, None),
        (r#"{"ref":"a","type":"nothing""#, None),
    ] {
        let (_, repeated) = error(&mut phone, frame).await;
        assert_eq!(repeated.as_deref(), reference, "{frame}");
    }
}

async fn odd_texts_are_kept_as_they_are(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, _) = nora.connects().await;
    let combining = format!("a{}", "\u{301}".repeat(999));
    let odd = [
        combining.as_str(),
        "\u{202E}gnihtemos\u{202C} \u{2066}x",
        "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
        "<script>alert(1)</script>",
        "\u{FEFF}bom \u{FFFD} \u{FFFF} \u{10FFFF}",
        r#"{"type":"message_deleted"}"#,
        "'; DROP TABLE messages; --",
    ];
    for text in odd {
        phone.says(room_id, text).await;
        assert_eq!(desk.message().await.content, text);
    }
}

async fn marks_and_resumes_beyond_all_bounds_change_nothing(app: TestApp) {
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, hello) = ana.connects().await;
    phone.says(room_id, "one").await;
    phone.all_until_pong().await;
    let epoch = &hello.epoch.0;
    let resume = |since: i64| {
        format!(
            r#"{{"type":"resume","epoch":"{epoch}","rooms":[{{"room_id":{room_id},"since":{since}}}]}}"#
        )
    };
    phone.sends_text(&resume(i64::MAX)).await;
    assert!(matches!(phone.next().await, Event::Reset { .. }));
    phone.sends_text(&resume(i64::MIN)).await;
    let all = phone.all_until_pong().await;
    assert!(
        matches!(all.first(), Some(Event::ChatMessage { .. })),
        "{all:?}"
    );
    assert!(
        matches!(all.last(), Some(Event::CaughtUp { .. })),
        "{all:?}"
    );
    for read_seq in [i64::MAX, i64::MIN, 0] {
        let mark = json!({ "type": "mark_read", "room_id": room_id, "read_seq": read_seq });
        phone.sends_text(&mark.to_string()).await;
    }
    phone.all_until_pong().await;
    phone.says(room_id, "two").await;
    let room = ana.reads_room(room_id).await;
    assert_eq!((room.seq.0, room.messages.len()), (2, 2));
    phone.all_until_pong().await;
    // More rooms than one resume may have, and nobody's user ids.
    let rooms = format!(r#"{{"room_id":{room_id},"since":0}},"#).repeat(101);
    let many = format!(
        r#"{{"type":"resume","epoch":"e","rooms":[{}]}}"#,
        rooms.trim_end_matches(',')
    );
    assert_eq!(error(&mut phone, &many).await.0, "invalid");
    let watch = json!({ "type": "watch", "user_ids": (0..9000).collect::<Vec<i64>>() });
    assert_eq!(error(&mut phone, &watch.to_string()).await.0, "invalid");
    let watch = json!({ "type": "watch", "user_ids": (9000..9200).collect::<Vec<i64>>() });
    phone.sends_text(&watch.to_string()).await;
    assert!(phone.all_until_pong().await.is_empty());
    phone
        .sends(&Command::Watch {
            room_id: None,
            user_ids: Vec::new(),
        })
        .await;
}

/// Calls a server function with that body as it is.
async fn calls_raw(person: &Person, kind: &str, body: Vec<u8>) -> (u16, Value) {
    let answer = person
        .client
        .post(format!("{}/api/fn/room_snapshot", person.base))
        .header("x-csrf-token", &person.csrf)
        .header("content-type", kind)
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn server_functions_refuse_what_they_cannot_read(app: TestApp) {
    let ana = app.student("ana").await;
    let deep = "[".repeat(100_000).into_bytes();
    let cases = [
        (Vec::new(), 400),
        (b"{".to_vec(), 400),
        (b"[]".to_vec(), 400),
        (b"null".to_vec(), 400),
        (b"{}".to_vec(), 400),
        (br#"{"room_id":"x"}"#.to_vec(), 400),
        (br#"{"room_id":1.5}"#.to_vec(), 400),
        (br#"{"room_id":1e400}"#.to_vec(), 400),
        (vec![0xFF, 0xFE], 400),
        (deep, 400),
        (vec![b' '; 200 * 1024], 413),
        (br#"{"room_id":987654,"is_admin":true}"#.to_vec(), 404),
    ];
    for (body, status) in cases {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let (answered, told) = calls_raw(&ana, "application/json", body).await;
        assert_eq!(answered, status, "{shown}: {told}");
        assert!(told["code"].is_string(), "{shown}: {told}");
    }
    for kind in ["text/plain", "multipart/form-data; boundary=x"] {
        assert_eq!(calls_raw(&ana, kind, b"{}".to_vec()).await.0, 415);
    }
}

on_both_databases!(
    nothing_senseless_is_heard_by_others,
    an_error_repeats_the_ref_where_it_can_be_read,
    odd_texts_are_kept_as_they_are,
    marks_and_resumes_beyond_all_bounds_change_nothing,
    server_functions_refuse_what_they_cannot_read,
);
