//! Keys: however often, at once and wherever a key is sent, it is one message.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use quad::{
    model::{ClientId, Timestamp},
    server::store::{messages, post::NewPost},
};

use crate::{on_both_databases, people::post, store::TestStore};

async fn a_key_sent_a_hundred_times_at_once_is_one_message(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let key = ClientId::random();
    let tries = (0..100).map(|n| {
        db.posts(NewPost {
            client_id: key,
            ..post(ana, room, &format!("text {n}"))
        })
    });
    let posted: Vec<_> = join_all(tries)
        .await
        .into_iter()
        .map(|posted| posted.unwrap())
        .collect();
    assert_eq!(posted.iter().filter(|posted| posted.is_new).count(), 1);
    let stored = db.all_in(room).await;
    assert_eq!(stored.len(), 1);
    assert!(posted.iter().all(|posted| posted.message == stored[0]));
    db.assert_dense(room, 1).await;
}

async fn a_key_sent_again_answers_with_its_first_message_wherever_it_is_sent_to(db: TestStore) {
    let ana = db.student("ana").await;
    let (room, other) = (db.support_room(ana).await, db.course_room(&[ana]).await);
    let first = post(ana, room, "first");
    let message = db.posts(first.clone()).await.unwrap().message;
    db.says(ana, room, "in between").await;
    db.clock.advance_ms(1000);
    for room_id in [room, other] {
        let again = NewPost {
            room_id,
            content: "another text".to_owned(),
            at: Some(Timestamp(1)),
            ..first.clone()
        };
        let posted = db.posts(again).await.unwrap();
        assert!(!posted.is_new);
        assert_eq!(posted.message, message);
    }
    db.assert_dense(room, 2).await;
    db.assert_dense(other, 0).await;
}

async fn a_key_is_known_once_its_message_is_there(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let room = db.course_room(&[ana, ben]).await;
    let new = post(ana, room, "first");
    let key = new.client_id;
    let is_known = async |user, key| {
        db.reads(async |c| messages::is_known(c, user, key).await)
            .await
    };
    assert!(!is_known(ana, key).await);
    db.posts(new).await.unwrap();
    assert!(is_known(ana, key).await);
    assert!(!is_known(ben, key).await, "it is its sender's");
    assert!(!is_known(ana, ClientId::random()).await);
}

async fn a_key_is_its_senders_own(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let room = db.course_room(&[ana, ben]).await;
    let anas = post(ana, room, "ana's");
    let bens = NewPost {
        client_id: anas.client_id,
        ..post(ben, room, "ben's")
    };
    assert!(db.posts(anas).await.unwrap().is_new);
    let posted = db.posts(bens).await.unwrap();
    assert!(posted.is_new);
    assert_eq!(posted.message.content, "ben's");
    db.assert_dense(room, 2).await;
}

async fn a_key_is_known_for_its_sender_once_its_message_is_stored(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let room = db.course_room(&[ana, ben]).await;
    let known = async |sender, key| {
        db.reads(async |conn| messages::has_key(conn, sender, key).await)
            .await
    };
    let new = post(ana, room, "hi");
    let key = new.client_id;
    assert!(!known(ana, key).await);
    db.posts(new).await.unwrap();
    assert!(known(ana, key).await);
    assert!(!known(ben, key).await);
    assert!(!known(ana, ClientId::random()).await);
}

async fn all_keys_are_different_in_the_database(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    db.says_often(ana, room, 200).await;
    let keys: BTreeSet<(String,)> = db
        .finds("SELECT client_id FROM messages")
        .await
        .into_iter()
        .collect();
    assert_eq!(keys.len(), 200);
    let (key,) = keys.first().unwrap();
    let copy = format!(
        "INSERT INTO messages (room_id, seq, rev, content_rev, sender_id, client_id, kind, audience, content, created_at)
         VALUES ({room}, 999, 999, 999, {ana}, '{key}', 'text', 'all', '', 0)"
    );
    assert!(db.tries_sql(&copy).await.is_err());
}

on_both_databases!(
    a_key_sent_a_hundred_times_at_once_is_one_message,
    a_key_sent_again_answers_with_its_first_message_wherever_it_is_sent_to,
    a_key_is_known_once_its_message_is_there,
    a_key_is_its_senders_own,
    a_key_is_known_for_its_sender_once_its_message_is_stored,
    all_keys_are_different_in_the_database,
);
