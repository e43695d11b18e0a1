//! Whom somebody does not want to hear: nothing goes between the two for themselves, and nobody is told why.

use quad::model::{Policy, Role, RoomId, RoomKind, UserId, WireError};
use serde_json::{Value, json};

use crate::{
    app::{Person, TestApp, in_time},
    contract::{body, socket::Client},
    deciding::is_closed,
    on_both_databases,
    rest::Program,
};

impl Person {
    pub async fn blocks(&self, whom: UserId, is_blocked: bool) -> u16 {
        let body = json!({ "user_id": whom, "is_blocked": is_blocked });
        self.calls("block_person", body).await.status().as_u16()
    }

    /// How many messages of a room this person has not read, as the list says.
    async fn unread(&self, room_id: RoomId) -> i64 {
        let (_, hello) = self.connects().await;
        let room = hello.rooms.iter().find(|room| room.id() == room_id);
        room.unwrap().unread_count
    }
}

async fn nothing_goes_between_the_two_until_it_is_lifted(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let (ana_id, ben_id) = (ana.id().await, ben.id().await);
    let room_id = ana.opens_direct(ben_id).await.unwrap();
    let (mut phone, _) = ana.connects().await;
    let (mut laptop, _) = ana.connects().await;
    let (mut other, _) = ben.connects().await;
    assert_eq!(ana.blocks(ben_id, true).await, 200);
    for socket in [&mut phone, &mut laptop] {
        let hello = socket.hello().await;
        assert!(is_closed(&hello, room_id));
        let blocked: Vec<_> = hello.blocked.iter().map(|card| card.id).collect();
        assert_eq!(blocked, [ben_id], "on all devices");
    }
    let hello = other.hello().await;
    assert!(is_closed(&hello, room_id));
    assert!(hello.blocked.is_empty(), "nobody is told");
    let refusal = Some(WireError::NoContact);
    assert_eq!(other.is_refused(room_id).await, refusal);
    assert_eq!(phone.is_refused(room_id).await, refusal);
    assert_eq!(ben.opens_direct(ana_id).await, Err(403));
    assert_eq!(ana.opens_direct(ben_id).await, Err(403));

    assert_eq!(ana.blocks(ben_id, false).await, 200);
    assert!(!is_closed(&other.hello().await, room_id));
    assert_eq!(other.is_refused(room_id).await, None);
    let hello = phone.hello().await;
    assert!(hello.blocked.is_empty() && !is_closed(&hello, room_id));
}

/// What somebody who is blocked gets is, byte for byte, what they get where the school does not allow it.
async fn a_block_looks_like_a_rule_of_the_school(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let (ana_id, ben_id) = (ana.id().await, ben.id().await);
    let program = Program::of(&app, "ben").await;
    let thread = program.writes("private-threads/", json!({ "user_id": ana_id }));
    let thread = body(thread.await, 201).await["id"].as_i64().unwrap();
    let tried = async || {
        let mut tried = Vec::new();
        for (path, what) in [
            ("private-threads/".to_owned(), json!({ "user_id": ana_id })),
            (
                format!("rooms/{thread}/messages/"),
                json!({ "content": "x" }),
            ),
            (
                format!("private-threads/{thread}/messages/"),
                json!({ "content": "x" }),
            ),
        ] {
            tried.push(body(program.writes(&path, what).await, 403).await);
        }
        let (mut client, _) = Client::at(&program, "private/", thread).await;
        client
            .says(json!({ "type": "private_message", "content": "x" }))
            .await;
        tried.push(client.until("error").await);
        let room = program.reads(&format!("private-threads/{thread}/")).await;
        (tried, without_times(room))
    };
    assert_eq!(ana.blocks(ben_id, true).await, 200);
    let by_block = tried().await;
    assert_eq!(ana.blocks(ben_id, false).await, 200);
    let policy = Policy {
        student_to_student: false,
        ..Policy::default()
    };
    assert_eq!(head.sets_policy(policy).await, 200);
    assert_eq!(tried().await, by_block);
}

fn without_times(mut room: Value) -> Value {
    if let Some(room) = room.as_object_mut() {
        room.remove("updated_at");
    }
    room
}

async fn what_they_write_elsewhere_is_there_and_counts_for_nothing(app: TestApp) {
    let tom = app.person("tom", Role::Teacher).await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let ben_id = ben.id().await;
    let room_id = tom.creates(RoomKind::Public, "Algebra").await;
    ana.joins(room_id).await;
    ben.joins(room_id).await;
    let (mut of_ben, _) = ben.connects().await;
    of_ben.says(room_id, "Before").await;
    assert_eq!(ana.unread(room_id).await, 1);
    assert_eq!(ana.blocks(ben_id, true).await, 200);
    assert_eq!(ana.unread(room_id).await, 0, "also what was there");
    of_ben.says(room_id, "After").await;
    assert_eq!(ana.unread(room_id).await, 0);
    assert_eq!(tom.unread(room_id).await, 2, "for others it does");
    tom.connects().await.0.says(room_id, "Quiet").await;
    assert_eq!(ana.unread(room_id).await, 1);
    let program = Program::of(&app, "ana").await;
    assert_eq!(program.reads("unread-count/").await["unread_count"], 1);
    // It is there to be opened and to be found.
    let said: Vec<_> = ana.reads_room(room_id).await.messages;
    let said = said.iter().filter(|message| message.sender.id == ben_id);
    assert_eq!(said.filter(|message| message.is_countable()).count(), 2);
    assert_eq!(ana.blocks(ben_id, false).await, 200);
    assert_eq!(ana.unread(room_id).await, 3);
}

async fn who_answers_for_the_school_is_not_blocked(app: TestApp) {
    let ana = app.student("ana").await;
    let tom = app.person("tom", Role::Teacher).await;
    assert_eq!(ana.blocks(tom.id().await, true).await, 200);
    for role in [Role::Agent, Role::Admin] {
        let staff = app.person(&format!("{role:?}"), role).await;
        assert_eq!(ana.blocks(staff.id().await, true).await, 403);
        assert_eq!(staff.blocks(ana.id().await, true).await, 403);
    }
    assert_eq!(ana.blocks(ana.id().await, true).await, 400);
    assert_eq!(ana.blocks(UserId(999_999), true).await, 404);
    assert_eq!(ana.blocks(UserId(999_999), false).await, 404);
    // Twice is once, and what is not there is lifted.
    assert_eq!(ana.blocks(tom.id().await, true).await, 200);
    assert_eq!(ana.blocks(tom.id().await, false).await, 200);
    assert_eq!(ana.blocks(tom.id().await, false).await, 200);
}

async fn each_lifts_their_own_alone(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let (ana_id, ben_id) = (ana.id().await, ben.id().await);
    let room_id = ana.opens_direct(ben_id).await.unwrap();
    assert_eq!(ana.blocks(ben_id, true).await, 200);
    assert_eq!(ben.blocks(ana_id, true).await, 200);
    assert_eq!(ana.blocks(ben_id, false).await, 200);
    let (mut phone, hello) = ana.connects().await;
    assert!(is_closed(&hello, room_id) && hello.blocked.is_empty());
    assert_eq!(phone.is_refused(room_id).await, Some(WireError::NoContact));
}

async fn a_block_acts_on_the_other_node(here: TestApp, there: TestApp) {
    let (ana, ben) = (here.student("ana").await, here.student("ben").await);
    let ben_id = ben.id().await;
    let room_id = ana.opens_direct(ben_id).await.unwrap();
    let (mut other, _) = ben.at(&there).connects().await;
    let (mut another, _) = ben.at(&there).connects().await;
    let (mut tablet, _) = ana.at(&there).connects().await;
    assert_eq!(ana.blocks(ben_id, true).await, 200);
    let refused = another.is_refused(room_id).await;
    assert_eq!(refused, Some(WireError::NoContact));
    assert!(is_closed(&other.hello().await, room_id));
    assert_eq!(tablet.hello().await.blocked.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_block_as_one() {
    if let Some(here) = TestApp::on_postgres().await {
        let there = here.second_node().await;
        in_time(a_block_acts_on_the_other_node(here, there)).await;
    }
}

on_both_databases!(
    nothing_goes_between_the_two_until_it_is_lifted,
    a_block_looks_like_a_rule_of_the_school,
    what_they_write_elsewhere_is_there_and_counts_for_nothing,
    who_answers_for_the_school_is_not_blocked,
    each_lifts_their_own_alone,
);
