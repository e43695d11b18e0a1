//! A student and an agent talk.

use quad::{
    model::{Audience, ClientId},
    protocol::{Command, Event},
};

use crate::{app::TestApp, on_both_databases};

async fn a_message_is_acknowledged_when_it_is_stored_and_reaches_the_desk(app: TestApp) {
    let (ana, agent) = (app.student("ana").await, app.agent("nora").await);
    let (mut desk, hello) = agent.connects().await;
    assert!(hello.rooms.is_empty());
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;

    let ack = phone.says(room_id, "Where is room 12?").await;
    let stored = agent.reads_room(room_id).await;
    assert_eq!(stored.messages.last().unwrap().id, ack.message_id);

    let added = desk
        .until(|event| {
            if let Event::RoomAdded { room, .. } = event {
                Some(room)
            } else {
                None
            }
        })
        .await;
    assert_eq!(added.shared.user.unwrap().name, "ana");
    let message = desk.message().await;
    assert_eq!(
        (message.content.as_str(), message.seq),
        ("Where is room 12?", ack.seq)
    );
    assert_eq!(message.sender.name, "ana");

    desk.says(room_id, "First floor.").await;
    let answer = phone.until(|event| match event {
        Event::ChatMessage { message, .. } if message.sender.name == "nora" => Some(message),
        _ => None,
    });
    assert_eq!(answer.await.seq, ack.seq.next());
}

async fn a_key_is_written_once_however_often_it_is_sent(app: TestApp) {
    let (ana, agent) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut desk, _) = agent.connects().await;
    let key = ClientId::random();
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..10 {
        let (mut device, _) = ana.connects().await;
        tries.spawn(async move { device.says_as(room_id, &format!("try {n}"), key).await });
    }
    let acks = tries.join_all().await;
    assert!(
        acks.iter()
            .all(|ack| ack.message_id == acks[0].message_id && ack.seq == acks[0].seq)
    );
    assert_eq!(agent.reads_room(room_id).await.messages.len(), 1);
    let told = desk.all_until_pong().await;
    assert_eq!(
        told.iter()
            .filter(|event| matches!(event, Event::ChatMessage { .. }))
            .count(),
        1
    );
}

async fn what_a_frame_claims_of_its_sender_is_ignored(app: TestApp) {
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let frame = format!(
        r#"{{"type":"chat_message","room_id":{room_id},"content":"hi","sender_id":99,"sender_type":"admin","sender_name":"Head"}}"#
    );
    phone.sends_text(&frame).await;
    let message = phone.message().await;
    assert_eq!(
        (message.sender.name.as_str(), message.sender.role.as_str()),
        ("ana", "student")
    );
}

async fn what_makes_no_sense_is_answered_and_the_socket_stays(app: TestApp) {
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let nonsense = [
        "{",
        "[]",
        r#"{"type":"message_deleted","message":{}}"#,
        r#"{"type":"chat_message","content":"no room"}"#,
        r#"{"type":"typing","room_id":"x"}"#,
    ];
    for text in nonsense {
        phone.sends_text(text).await;
        assert!(matches!(phone.next().await, Event::Error(_)), "{text}");
    }
    for content in ["", "   ", "a\u{0}b", &"x".repeat(1001)] {
        phone
            .sends(&Command::ChatMessage {
                room_id,
                content: content.to_owned(),
                client_id: None,
                audience: Audience::All,
                reply_to: None,
            })
            .await;
        assert!(
            matches!(phone.next().await, Event::Error(error) if error.error.code() == "invalid")
        );
    }
    phone.says(room_id, "still here").await;
    assert_eq!(ana.reads_room(room_id).await.messages.len(), 1);
}

async fn typing_is_seen_by_those_who_look_and_by_nobody_else(app: TestApp) {
    let (ana, nora, otto) = (
        app.student("ana").await,
        app.agent("nora").await,
        app.agent("otto").await,
    );
    let room_id = ana.opens_support().await.id();
    let (mut looks, _) = nora.connects().await;
    let (mut elsewhere, _) = otto.connects().await;
    let (mut phone, _) = ana.connects().await;
    looks
        .sends(&Command::Watch {
            room_id: Some(room_id),
            user_ids: Vec::new(),
        })
        .await;
    looks.all_until_pong().await;
    phone
        .sends(&Command::Typing {
            room_id,
            is_typing: true,
            audience: Audience::All,
        })
        .await;
    let name = looks.until(|event| match event {
        Event::TypingIndicator {
            sender_name,
            is_typing: true,
            ..
        } => Some(sender_name),
        _ => None,
    });
    assert_eq!(name.await, "ana");
    assert!(elsewhere.all_until_pong().await.is_empty());
}

on_both_databases!(
    a_message_is_acknowledged_when_it_is_stored_and_reaches_the_desk,
    a_key_is_written_once_however_often_it_is_sent,
    what_a_frame_claims_of_its_sender_is_ignored,
    what_makes_no_sense_is_answered_and_the_socket_stays,
    typing_is_seen_by_those_who_look_and_by_nobody_else,
);
