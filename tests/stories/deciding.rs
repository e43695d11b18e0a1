//! Who may write to whom, and who makes rooms: admins decide, everybody's rooms of two follow at once, on every node.

use quad::{
    model::{ClientId, Policy, Role, RoomId, RoomKind, UserId, WireError},
    protocol::{Command, Event, Hello},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{Person, Socket, TestApp, in_time},
    contract::body,
    on_both_databases,
    rest::Program,
};

impl Person {
    pub async fn sets_policy(&self, policy: Policy) -> u16 {
        let answer = self.calls("set_policy", json!({ "policy": policy }));
        answer.await.status().as_u16()
    }

    pub async fn opens_direct(&self, with: UserId) -> Result<RoomId, u16> {
        let answer = self.calls("open_direct", json!({ "user_id": with })).await;
        match answer.status().as_u16() {
            200 => Ok(answer.json().await.unwrap()),
            other => Err(other),
        }
    }
}

impl Socket {
    /// The next whole list.
    pub async fn hello(&mut self) -> Hello {
        self.until(|event| match event {
            Event::Hello(hello) => Some(*hello),
            _ => None,
        })
        .await
    }

    /// Tries to send something; answers why not.
    pub async fn is_refused(&mut self, room_id: RoomId) -> Option<WireError> {
        let client_id = ClientId::random();
        self.sends(&Command::ChatMessage {
            room_id,
            content: "Hello?".to_owned(),
            client_id: Some(client_id),
            audience: Default::default(),
            reply_to: None,
        })
        .await;
        self.until(|event| match event {
            Event::Ack(ack) if ack.client_id == client_id => Some(None),
            Event::Error(error) => Some(Some(error.error)),
            _ => None,
        })
        .await
    }
}

/// Whether a room of that list is closed to its reader.
pub fn is_closed(hello: &Hello, room_id: RoomId) -> bool {
    let room = hello.rooms.iter().find(|room| room.id() == room_id);
    room.unwrap().is_closed
}

fn quiet() -> Policy {
    Policy {
        student_to_student: false,
        student_to_teacher: false,
        teacher_to_student: false,
        ..Policy::default()
    }
}

const ROLES: [Role; 4] = [Role::Student, Role::Teacher, Role::Agent, Role::Admin];

async fn each_role_writes_to_those_it_may_write_to(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let mut people = Vec::new();
    for role in ROLES {
        people.push((role, app.person(&format!("from-{role:?}"), role).await));
    }
    // Students to students, students to teachers, teachers to students: each alone is forbidden, then all of them.
    let mut policies = vec![Policy::default(), quiet()];
    for n in 0..3 {
        let mut policy = Policy::default();
        let rules = [
            &mut policy.student_to_student,
            &mut policy.student_to_teacher,
            &mut policy.teacher_to_student,
        ];
        *rules.into_iter().nth(n).unwrap() = false;
        policies.push(policy);
    }
    for (n, policy) in policies.into_iter().enumerate() {
        assert_eq!(head.sets_policy(policy).await, 200);
        for to in ROLES {
            let name = format!("to-{n}-{to:?}");
            let other = app.person(&name, to).await.id().await;
            for (from, person) in &people {
                let opened = person.opens_direct(other).await;
                let is_forbidden = match (from, to) {
                    (Role::Student, Role::Student) => !policy.student_to_student,
                    (Role::Student, Role::Teacher) => !policy.student_to_teacher,
                    (Role::Teacher, Role::Student) => !policy.teacher_to_student,
                    _ => false,
                };
                let expected = is_forbidden.then_some(403);
                assert_eq!(opened.err(), expected, "{from:?} to {to:?}, {policy:?}");
            }
        }
    }
}

async fn forbidding_closes_the_rooms_that_are_there_and_allowing_opens_them(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let nora = app.agent("nora").await.id().await;
    let room_id = ana.opens_direct(ben.id().await).await.unwrap();
    let with_nora = ana.opens_direct(nora).await.unwrap();
    let (mut phone, hello) = ana.connects().await;
    assert!(!is_closed(&hello, room_id));
    let said = phone.says(room_id, "Before").await;

    assert_eq!(head.sets_policy(quiet()).await, 200);
    let hello = phone.hello().await;
    assert!(is_closed(&hello, room_id), "told at once");
    assert!(!is_closed(&hello, with_nora), "who answers is always there");
    assert_eq!(hello.policy, quiet());
    assert!(ana.reads_room(room_id).await.room.is_closed);
    let refusal = phone.is_refused(room_id).await;
    assert_eq!(refusal, Some(WireError::NoContact));
    assert_eq!(phone.is_refused(with_nora).await, None);
    assert_eq!(ana.opens_direct(ben.id().await).await, Err(403));
    // What was said stays to be read, and is answered for no more.
    assert_eq!(ben.reads_room(room_id).await.messages.len(), 1);
    phone.reads_up_to(room_id, said.seq).await;

    assert_eq!(head.sets_policy(Policy::default()).await, 200);
    assert!(!is_closed(&phone.hello().await, room_id));
    assert_eq!(phone.is_refused(room_id).await, None);
}

async fn a_rule_of_one_direction_leaves_the_other_one_open(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let tom = app.person("tom", Role::Teacher).await;
    let ana = app.student("ana").await;
    let room_id = ana.opens_direct(tom.id().await).await.unwrap();
    let policy = Policy {
        student_to_teacher: false,
        ..Policy::default()
    };
    assert_eq!(head.sets_policy(policy).await, 200);
    let (mut desk, hello) = tom.connects().await;
    assert!(!is_closed(&hello, room_id));
    let (mut phone, hello) = ana.connects().await;
    assert!(is_closed(&hello, room_id));
    desk.says(room_id, "Well done").await;
    assert_eq!(phone.message().await.content, "Well done");
    assert_eq!(phone.is_refused(room_id).await, Some(WireError::NoContact));
}

async fn programs_are_refused_in_every_way(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    app.student("ana").await;
    let ben = app.student("ben").await.id().await;
    let ana = Program::of(&app, "ana").await;
    let by_person = json!({ "user_id": ben });
    let thread = body(ana.writes("private-threads/", by_person.clone()).await, 201).await;
    let thread = thread["id"].as_i64().unwrap();
    assert_eq!(head.sets_policy(quiet()).await, 200);
    let content = json!({ "content": "Hello?", "room_id": thread, "room": thread });
    for (path, what) in [
        ("private-threads/".to_owned(), by_person),
        (
            format!("private-threads/{thread}/messages/"),
            content.clone(),
        ),
        (format!("rooms/{thread}/messages/"), content.clone()),
        ("messages/".to_owned(), content.clone()),
        ("send-message/".to_owned(), content),
    ] {
        let refused = body(ana.writes(&path, what).await, 403).await;
        assert_eq!(refused["code"], "no_contact", "{path}");
    }
    let there = ana
        .reads(&format!("private-threads/{thread}/messages/"))
        .await;
    assert_eq!(there["results"], json!([]));
}

async fn a_message_of_a_room_opens_no_forbidden_thread(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let tom = app.person("tom", Role::Teacher).await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let room_id = tom.creates(RoomKind::Public, "Algebra").await;
    ana.joins(room_id).await;
    ben.joins(room_id).await;
    let said = ben.connects().await.0.says(room_id, "I know").await;
    assert_eq!(head.sets_policy(quiet()).await, 200);
    let of_message = json!({ "message_id": said.message_id });
    assert_eq!(ana.calls("open_thread", of_message).await.status(), 403);
}

async fn who_makes_rooms_is_decided_by_role_and_kind(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let tom = app.person("tom", Role::Teacher).await;
    let ana = app.student("ana").await;
    let makes = async |person: &Person, kind| {
        let draft = quad::model::RoomDraft::new(kind, "Algebra");
        let answer = person.calls("create_room", json!({ "draft": draft }));
        answer.await.status().as_u16()
    };
    let (public, private) = (RoomKind::Public, RoomKind::Private);
    assert_eq!(makes(&ana, private).await, 403);
    assert_eq!(makes(&tom, public).await, 200);
    let policy = Policy {
        student_makes_private: true,
        teacher_makes_public: false,
        ..Policy::default()
    };
    assert_eq!(head.sets_policy(policy).await, 200);
    assert_eq!(makes(&ana, private).await, 200);
    assert_eq!(makes(&ana, public).await, 403);
    assert_eq!(makes(&tom, public).await, 403);
    assert_eq!(makes(&tom, private).await, 200);
    assert_eq!(makes(&head, public).await, 200);
    let program = Program::of(&app, "ana").await;
    let room = json!({ "name": "Chess", "kind": "private" });
    body(program.writes("rooms/", room).await, 201).await;
}

async fn only_admins_decide(app: TestApp) {
    for role in [Role::Student, Role::Teacher, Role::Agent] {
        let person = app.person(&format!("{role:?}"), role).await;
        assert_eq!(person.sets_policy(quiet()).await, 403);
    }
    let head = app.person("head", Role::Admin).await;
    let stands: Value = head.reads("school_settings", json!({})).await;
    assert_eq!(stands["policy"], json!(Policy::default()));
    let half = json!({ "policy": { "student_to_student": false } });
    assert_eq!(head.calls("set_policy", half).await.status(), 400);
    assert_eq!(
        Program::of(&app, "head")
            .await
            .asks(Method::PUT, "school/logo/", json!({}))
            .await
            .status(),
        415
    );
}

async fn a_decision_acts_on_the_other_node_within_a_second(here: TestApp, there: TestApp) {
    let head = here.person("head", Role::Admin).await;
    let (ana, ben) = (here.student("ana").await, here.student("ben").await);
    let room_id = ana.opens_direct(ben.id().await).await.unwrap();
    let (mut phone, _) = ana.at(&there).connects().await;
    let (mut tablet, _) = ana.at(&there).connects().await;
    let began = std::time::Instant::now();
    assert_eq!(head.sets_policy(quiet()).await, 200);
    // The transaction knows, whether or not the node has heard.
    assert_eq!(tablet.is_refused(room_id).await, Some(WireError::NoContact));
    let hello = phone.hello().await;
    assert!(is_closed(&hello, room_id));
    assert!(began.elapsed().as_millis() < 1000);
    assert_eq!(there.services.school().policy, quiet());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_decide_as_one() {
    if let Some(here) = TestApp::on_postgres().await {
        let there = here.second_node().await;
        in_time(a_decision_acts_on_the_other_node_within_a_second(
            here, there,
        ))
        .await;
    }
}

on_both_databases!(
    each_role_writes_to_those_it_may_write_to,
    forbidding_closes_the_rooms_that_are_there_and_allowing_opens_them,
    a_rule_of_one_direction_leaves_the_other_one_open,
    programs_are_refused_in_every_way,
    a_message_of_a_room_opens_no_forbidden_thread,
    who_makes_rooms_is_decided_by_role_and_kind,
    only_admins_decide,
);
