//! Two nodes on one database: one order, each key once, each name once.

use futures_util::future::join_all;
use quad::{
    model::{ClientId, Role, WireError},
    server::store::{
        post::NewPost,
        writer::{Outcome, Write},
    },
};

use crate::{
    on_both_databases,
    people::{account, post},
    store::TestStore,
};

async fn two_nodes_keep_one_order(db: TestStore) {
    let node = db.another_node().await;
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let rooms = [
        db.course_room(&[ana, ben]).await,
        db.course_room(&[ben, ana]).await,
    ];
    let send = async |at: &TestStore, sender| {
        for n in 0..50 {
            at.says(sender, rooms[n % 2], &format!("no. {n}")).await;
        }
    };
    let senders = [(&db, ana), (&node, ben), (&node, ana), (&db, ben)];
    join_all(senders.map(|(at, sender)| send(at, sender))).await;
    for room in rooms {
        db.assert_dense(room, 100).await;
        assert_eq!(db.all_in(room).await, node.all_in(room).await);
    }
}

async fn a_key_sent_to_two_nodes_at_once_is_one_message(db: TestStore) {
    let node = db.another_node().await;
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let key = ClientId::random();
    let tries = (0..100).map(|n| {
        let again = NewPost {
            client_id: key,
            ..post(ana, room, &format!("text {n}"))
        };
        [&db, &node][n % 2].posts(again)
    });
    let posted: Vec<_> = join_all(tries)
        .await
        .into_iter()
        .map(|posted| posted.unwrap())
        .collect();
    assert_eq!(posted.iter().filter(|posted| posted.is_new).count(), 1);
    let stored = db.all_in(room).await;
    assert!(posted.iter().all(|posted| posted.message == stored[0]));
    db.assert_dense(room, 1).await;
}

/// Each node has locked another room, so that only the key itself is in the way.
async fn a_key_sent_to_two_rooms_by_two_nodes_is_one_message(db: TestStore) {
    let node = db.another_node().await;
    let ana = db.student("ana").await;
    let (room, other) = (db.support_room(ana).await, db.course_room(&[ana]).await);
    for round in 0..100 {
        let first = post(ana, room, &format!("round {round}"));
        let second = NewPost {
            room_id: other,
            ..first.clone()
        };
        let (first, second) = tokio::join!(db.posts(first), node.posts(second));
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!(first.message, second.message);
        assert!(first.is_new != second.is_new);
    }
    let written = db.all_in(room).await.len() + db.all_in(other).await.len();
    assert_eq!(written, 100);
    for room in [room, other] {
        let count = i64::try_from(db.all_in(room).await.len()).unwrap();
        db.assert_dense(room, count).await;
    }
}

async fn a_name_given_on_two_nodes_at_once_is_given_once(db: TestStore) {
    let node = db.another_node().await;
    for round in 0..20 {
        let new = account(&format!("student {round}"), Role::Student);
        let (one, two) = tokio::join!(
            db.writer.write(Write::AddUser(new.clone())),
            node.writer.write(Write::AddUser(new))
        );
        let made = [one, two]
            .into_iter()
            .filter(|outcome| matches!(outcome, Ok(Outcome::UserAdded(Some(_)))));
        assert_eq!(made.count(), 1);
    }
    assert_eq!(db.count("users").await, 20);
}

async fn rights_taken_by_one_node_are_gone_on_the_other(db: TestStore) {
    let node = db.another_node().await;
    let ana = db.student("ana").await;
    let room = db.course_room(&[ana]).await;
    node.says(ana, room, "hello").await;
    db.runs("UPDATE members SET left_at = 1").await;
    let refused = node.posts(post(ana, room, "still there?")).await;
    assert_eq!(refused.unwrap_err(), WireError::NotFound);
}

on_both_databases!(
    two_nodes_keep_one_order,
    a_key_sent_to_two_nodes_at_once_is_one_message,
    a_key_sent_to_two_rooms_by_two_nodes_is_one_message,
    a_name_given_on_two_nodes_at_once_is_given_once,
    rights_taken_by_one_node_are_gone_on_the_other,
);
