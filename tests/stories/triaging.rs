//! Those who answer say where a conversation stands; only they are told.

use quad::{
    model::{
        InboxPage, InboxQuery, Role, RoomForMe, RoomId, Seq, SupportChange, SupportState,
        SupportStatus, UserCard,
    },
    protocol::{Command, Event, ResumeFrom},
    sync::Lists,
};
use serde_json::json;

use crate::{
    app::{Person, Socket, TestApp, in_time},
    on_both_databases,
};

impl Person {
    async fn triages(&self, room_id: RoomId, change: SupportChange) -> reqwest::Response {
        let body = json!({ "room_id": room_id, "change": change });
        self.calls("triage", body).await
    }

    async fn puts(&self, room_id: RoomId, status: SupportStatus) {
        let answer = self.triages(room_id, SupportChange::Status(status)).await;
        assert_eq!(answer.status(), 200);
    }

    async fn inbox(&self, asked: &InboxQuery) -> InboxPage {
        let answer = self.calls("inbox", json!({ "asked": asked })).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    /// The room in the list that a new socket is told.
    async fn finds(&self, room_id: RoomId) -> RoomForMe {
        let (_, hello) = self.connects().await;
        let mut rooms = hello.rooms.into_iter();
        rooms.find(|room| room.id() == room_id).unwrap()
    }
}

async fn told(socket: &mut Socket) -> (Seq, SupportState) {
    let event = socket.until(|event| match event {
        Event::SupportUpdated { seq, support, .. } => Some((seq, *support)),
        _ => None,
    });
    event.await
}

fn names(page: &InboxPage) -> Vec<String> {
    let rooms = page.rooms.iter();
    rooms
        .map(|room| room.shared.user.as_ref().unwrap().name.clone())
        .collect()
}

async fn what_follows_from_messages_and_from_hands(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    phone.says(room_id, "Hello").await;
    let first = ana.reads_room(room_id).await.messages.remove(0).created_at;
    phone.says(room_id, "Anybody?").await;

    let waiting = nora.finds(room_id).await.support.unwrap();
    assert_eq!(waiting.status, SupportStatus::Open);
    assert_eq!(waiting.waiting_since, Some(first), "since the first one");

    let (mut desk, _) = nora.connects().await;
    desk.says(room_id, "Yes").await;
    let answered = nora.finds(room_id).await.support.unwrap();
    assert_eq!(answered.waiting_since, None);

    nora.puts(room_id, SupportStatus::Resolved).await;
    let (seq, resolved) = told(&mut desk).await;
    assert_eq!((seq, resolved.status), (Seq(4), SupportStatus::Resolved));
    // The same again changes nothing and tells nobody.
    nora.puts(room_id, SupportStatus::Resolved).await;
    let again = desk.all_until_pong().await;
    assert!(again.is_empty(), "{again:?}");

    phone.says(room_id, "One more thing").await;
    let reopened = nora.finds(room_id).await;
    assert_eq!(reopened.seq, Seq(5));
    let reopened = reopened.support.unwrap();
    assert_eq!(reopened.status, SupportStatus::Open);
    assert!(reopened.waiting_since.is_some());
}

async fn only_those_who_answer_are_told(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let admin = app.person("root", Role::Admin).await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, hello) = ana.connects().await;
    assert_eq!(hello.rooms[0].support, None);
    phone.says(room_id, "Hello").await;
    let (mut desk, _) = admin.connects().await;

    let id = nora.connects().await.1.user.id;
    let mine = SupportChange::Assignee(Some(id));
    assert_eq!(nora.triages(room_id, mine).await.status(), 200);
    let (seq, support) = told(&mut desk).await;
    assert_eq!(seq, Seq(2));
    assert_eq!(support.assignee.unwrap().id, id);
    // For the student there was something, and no more.
    let skip = phone.all_until_pong().await.pop().unwrap();
    let (from, to) = (Seq(2), Seq(2));
    assert_eq!(skip, Event::Skip { room_id, from, to });
    let own = ana.reads_room(room_id).await;
    assert_eq!((own.seq, own.room.support), (Seq(2), None));
    let since = Seq(1);
    let resume = Command::Resume {
        epoch: own.epoch,
        rooms: vec![ResumeFrom { room_id, since }],
    };
    phone.sends(&resume).await;
    let caught_up = phone.all_until_pong().await;
    let only = vec![Event::CaughtUp { room_id, seq: to }];
    assert_eq!(caught_up, only);
}

async fn others_may_not(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let (nora, tom) = (
        app.agent("nora").await,
        app.person("tom", Role::Teacher).await,
    );
    let room_id = ana.opens_support().await.id();
    let change = SupportChange::Status(SupportStatus::Resolved);
    assert_eq!(ana.triages(room_id, change).await.status(), 403);
    for other in [&ben, &tom] {
        let here = other.triages(room_id, change).await;
        let nowhere = other.triages(RoomId(room_id.0 + 999), change).await;
        assert_eq!(
            (here.status(), nowhere.status()),
            (
                reqwest::StatusCode::NOT_FOUND,
                reqwest::StatusCode::NOT_FOUND
            )
        );
        assert_eq!(here.text().await.unwrap(), nowhere.text().await.unwrap());
        let body = json!({ "room_id": room_id });
        assert_eq!(other.calls("support_person", body).await.status(), 404);
    }
    let body = json!({ "asked": InboxQuery::default() });
    for other in [&ana, &tom] {
        assert_eq!(other.calls("inbox", body.clone()).await.status(), 403);
        assert_eq!(other.calls("support_staff", json!({})).await.status(), 403);
    }
    let own = json!({ "room_id": room_id });
    assert_eq!(ana.calls("support_person", own).await.status(), 403);

    // Nobody can be given it who does not answer there.
    let student = ana.connects().await.1.user.id;
    let to_student = SupportChange::Assignee(Some(student));
    let refused = nora.triages(room_id, to_student).await;
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("assignee"));
    assert_eq!(nora.finds_support(room_id).await.assignee, None);
}

impl Person {
    async fn finds_support(&self, room_id: RoomId) -> SupportState {
        self.reads_room(room_id).await.room.support.unwrap()
    }
}

async fn live_and_resumed_lead_to_what_a_fresh_look_shows(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    phone.says(room_id, "Hello").await;
    let (mut desk, _) = nora.connects().await;
    let (mut listener, hello) = nora.connects().await;
    let id = hello.user.id;
    let (mut lists, mut snapshot) = (Lists::from_hello(hello), nora.reads_room(room_id).await);
    let old = snapshot.clone();

    nora.puts(room_id, SupportStatus::Pending).await;
    phone.says(room_id, "Still there?").await;
    let mine = SupportChange::Assignee(Some(id));
    assert_eq!(nora.triages(room_id, mine).await.status(), 200);
    desk.says(room_id, "Yes").await;
    nora.puts(room_id, SupportStatus::Resolved).await;
    for event in listener.all_until_pong().await {
        lists.apply(&event);
        snapshot.apply(&event);
    }
    let fresh = nora.reads_room(room_id).await;
    assert_eq!(lists.rooms[&room_id], nora.finds(room_id).await);
    assert_eq!(snapshot.room, fresh.room);
    assert_eq!(
        (snapshot.seq, &snapshot.messages),
        (fresh.seq, &fresh.messages)
    );

    let mut resumed = old;
    let since = resumed.seq;
    let resume = Command::Resume {
        epoch: resumed.epoch.clone(),
        rooms: vec![ResumeFrom { room_id, since }],
    };
    desk.sends(&resume).await;
    for event in desk.all_until_pong().await {
        resumed.apply_resumed(&event);
    }
    assert_eq!(resumed.room.support, fresh.room.support);
    assert_eq!((resumed.seq, resumed.room.seq), (fresh.seq, fresh.room.seq));
    assert_eq!(resumed.messages, fresh.messages);
}

async fn the_inbox_finds_by_name_and_status_page_by_page(app: TestApp) {
    let nora = app.agent("nora").await;
    for n in 0..53 {
        let person = app.student_account(&format!("pupil{n:02}")).await;
        let room_id = app.services.open_support_room(person).await.unwrap();
        let client_id = quad::model::ClientId::random();
        let (text, now) = (format!("Question {n}"), app.services.clock.now());
        let sent = app
            .services
            .import_message(person, room_id, client_id, text, now);
        sent.await.unwrap();
        if n == 7 {
            nora.puts(room_id, SupportStatus::Resolved).await;
        }
    }
    let first = nora.inbox(&InboxQuery::default()).await;
    assert_eq!((first.rooms.len(), first.has_older), (50, true));
    assert_eq!(names(&first)[0], "pupil52");
    let last = first.rooms.last().unwrap().last_message.as_ref().unwrap();
    let before = Some(last.id);
    let second = nora
        .inbox(&InboxQuery {
            before,
            ..InboxQuery::default()
        })
        .await;
    assert_eq!(names(&second), ["pupil02", "pupil01", "pupil00"]);
    assert!(!second.has_older);

    let resolved = InboxQuery {
        status: Some(SupportStatus::Resolved),
        ..InboxQuery::default()
    };
    assert_eq!(names(&nora.inbox(&resolved).await), ["pupil07"]);
    let named = |name: &str| InboxQuery {
        name: name.to_owned(),
        ..InboxQuery::default()
    };
    assert_eq!(names(&nora.inbox(&named(" PUPIL1 ")).await).len(), 10);
    for nobody in ["%", "_", "pupil_1", "\\", "\0x", "nora"] {
        let found = nora.inbox(&named(nobody)).await;
        assert!(found.rooms.is_empty(), "{nobody:?}: {:?}", names(&found));
    }
    let staff: Vec<UserCard> = nora
        .calls("support_staff", json!({}))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(staff.len(), 1);
    assert_eq!(staff[0].name, "nora");
}

on_both_databases!(
    what_follows_from_messages_and_from_hands,
    only_those_who_answer_are_told,
    others_may_not,
    live_and_resumed_lead_to_what_a_fresh_look_shows,
    the_inbox_finds_by_name_and_status_page_by_page,
);

async fn it_is_told_at_another_node(here: TestApp, there: TestApp) {
    let (ana, nora) = (here.student("ana").await, here.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.at(&there).connects().await;
    phone.says(room_id, "Hello").await;
    let (mut desk, _) = nora.at(&there).connects().await;
    nora.puts(room_id, SupportStatus::Pending).await;
    let (seq, support) = told(&mut desk).await;
    assert_eq!((seq, support.status), (Seq(2), SupportStatus::Pending));
    let skipped = phone.until(|event| match event {
        Event::Skip { to, .. } => Some(to),
        Event::SupportUpdated { .. } => panic!("that is not for students"),
        _ => None,
    });
    assert_eq!(skipped.await, Seq(2));
}

/// SQLite is one node's.
mod two_nodes {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn it_is_told_at_another_node() {
        if let Some(here) = TestApp::on_postgres().await {
            let there = here.second_node().await;
            in_time(super::it_is_told_at_another_node(here, there)).await;
        }
    }
}
