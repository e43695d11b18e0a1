//! Those who answer and look at the same conversation are shown each other; nobody else hears of it.

use quad::{
    model::{Audience, RoomId},
    protocol::{Command, Event},
};

use crate::{
    app::{Person, Socket, TestApp},
    on_both_databases,
};

impl Socket {
    async fn looks_at(&mut self, room_id: Option<RoomId>) {
        let user_ids = Vec::new();
        self.sends(&Command::Watch { room_id, user_ids }).await;
    }

    /// Reads on until it is told that these look at the room; how often it was told of anybody there.
    async fn sees_looking(&mut self, room: RoomId, names: &[&str]) -> usize {
        let mut told = 0;
        self.until(|event| match event {
            Event::Looking { room_id, people } if room_id == room => {
                told += 1;
                let mut looking: Vec<_> = people.into_iter().map(|card| card.name).collect();
                looking.sort();
                (looking == names).then_some(told)
            }
            _ => None,
        })
        .await
    }

    /// Asserts that nobody was shown to it, of all that was told before now.
    async fn was_shown_nobody(&mut self) {
        let told = self.all_until_pong().await;
        let shown = told
            .iter()
            .any(|event| matches!(event, Event::Looking { .. } | Event::TypingIndicator { .. }));
        assert!(!shown, "{told:?}");
    }
}

async fn at(person: &Person, room_id: RoomId) -> Socket {
    let (mut socket, _) = person.connects().await;
    socket.looks_at(Some(room_id)).await;
    socket
}

async fn who_looks_at_a_conversation_is_shown_to_the_others_who_answer(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let (nora, otto) = (app.agent("nora").await, app.agent("otto").await);
    let room = ana.opens_support().await.id();
    let mut phone = at(&ana, room).await;
    let mut stranger = at(&ben, room).await;
    let (mut elsewhere, _) = app.agent("rosa").await.connects().await;
    let mut first = at(&nora, room).await;
    first.sees_looking(room, &["nora"]).await;
    let mut second = at(&otto, room).await;
    for socket in [&mut first, &mut second] {
        socket.sees_looking(room, &["nora", "otto"]).await;
    }
    // Another device of one who looks is nobody else.
    let mut third = at(&otto, room).await;
    third.sees_looking(room, &["nora", "otto"]).await;
    drop(third);
    second.looks_at(None).await;
    first.sees_looking(room, &["nora"]).await;
    second.looks_at(Some(room)).await;
    first.sees_looking(room, &["nora", "otto"]).await;
    // A socket that just ends looks no more.
    drop(second);
    first.sees_looking(room, &["nora"]).await;
    for socket in [&mut phone, &mut stranger, &mut elsewhere] {
        socket.was_shown_nobody().await;
    }
}

async fn coming_and_going_is_told_on_a_tick(app: TestApp) {
    const TIMES: usize = 100;
    let ana = app.student("ana").await;
    let (nora, otto) = (app.agent("nora").await, app.agent("otto").await);
    let room = ana.opens_support().await.id();
    let mut desk = at(&nora, room).await;
    desk.sees_looking(room, &["nora"]).await;
    let (mut restless, _) = otto.connects().await;
    for _ in 0..TIMES {
        restless.looks_at(Some(room)).await;
        restless.looks_at(None).await;
    }
    restless.looks_at(Some(room)).await;
    let told = desk.sees_looking(room, &["nora", "otto"]).await;
    assert!(told < TIMES / 2, "{told} frames for {TIMES} visits");
}

async fn who_writes_a_note_is_shown_to_colleagues_alone(app: TestApp) {
    let ana = app.student("ana").await;
    let (nora, otto) = (app.agent("nora").await, app.agent("otto").await);
    let room_id = ana.opens_support().await.id();
    let mut phone = at(&ana, room_id).await;
    phone.all_until_pong().await;
    let mut desk = at(&otto, room_id).await;
    desk.all_until_pong().await;
    let (mut writes, _) = nora.connects().await;
    let types = async |socket: &mut Socket, audience, is_typing| {
        let sign = Command::Typing {
            room_id,
            is_typing,
            audience,
        };
        socket.sends(&sign).await;
    };
    types(&mut writes, Audience::Staff, true).await;
    let typing = desk.until(|event| match event {
        Event::TypingIndicator {
            sender_name,
            is_typing,
            ..
        } => Some((sender_name, is_typing)),
        _ => None,
    });
    assert_eq!(typing.await, ("nora".to_owned(), true));
    types(&mut writes, Audience::Staff, false).await;
    let stopped = desk.until(|event| match event {
        Event::TypingIndicator { is_typing, .. } => Some(is_typing),
        _ => None,
    });
    assert!(!stopped.await);
    phone.was_shown_nobody().await;
    // Whose conversation it is writes no notes, and so is not shown to write one.
    types(&mut phone, Audience::Staff, true).await;
    phone.all_until_pong().await;
    let told = desk.all_until_pong().await;
    let is_typing = |event: &Event| matches!(event, Event::TypingIndicator { .. });
    assert!(!told.iter().any(is_typing), "{told:?}");
}

on_both_databases!(
    who_looks_at_a_conversation_is_shown_to_the_others_who_answer,
    coming_and_going_is_told_on_a_tick,
    who_writes_a_note_is_shown_to_colleagues_alone,
);
