//! Bringing in history: in portions, so that people can write meanwhile.

use quad::{
    model::{ClientId, Timestamp},
    server::service::OldMessage,
};

use crate::{app::TestApp, on_both_databases};

async fn people_write_while_history_is_brought_in(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student_account("ben").await);
    let room_id = app.services.open_support_room(ben).await.unwrap();
    let own = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let nora = app.agent("nora").await;
    let (mut desk, _) = nora.connects().await;
    let history: Vec<OldMessage> = (0..5000)
        .map(|n| OldMessage {
            actor: ben,
            room_id,
            client_id: ClientId::random(),
            content: format!("Message {n}"),
            at: Timestamp(n),
        })
        .collect();
    let services = app.services.clone();
    let import = tokio::spawn(async move { services.import_messages(history).await.unwrap() });
    // It is under way.
    desk.message().await;
    drop(desk);
    let sent = phone.says(own, "Am I in the way?").await;
    let history = import.await.unwrap();
    let ids = history.iter().map(|one| one.message.id);
    assert!(history.iter().all(|one| one.is_new) && ids.is_sorted());
    assert!(history[0].message.id < sent.message_id, "after it began");
    assert!(
        sent.message_id < history[4999].message.id,
        "not only when it was over"
    );
}

on_both_databases!(people_write_while_history_is_brought_in);
