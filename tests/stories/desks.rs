//! A school with several desks: who answers where, and who asks.

use quad::{
    model::{
        Desk, InboxPage, InboxQuery, Role, RoomForMe, RoomId, SupportChange, SupportStatus,
        WireError,
    },
    protocol::{Command, Event},
    sync::Snapshot,
};
use serde_json::{Value, json};

use crate::{
    app::{Person, Socket, TestApp},
    on_both_databases,
    rest::Program,
};

const FILE: &str = "
    [quad.desks.faculty]
    title = \"Teachers' office\"
    roles = ['teacher']
    people = ['Helper']
    [quad.desks.principal]
    title = 'Principal'
    people = ['head']
";

fn faculty() -> Desk {
    Desk("faculty".into())
}

impl Person {
    async fn asks_desk(&self, desk: &str) -> Snapshot {
        self.reads("open_support_room", json!({ "desk": desk }))
            .await
    }

    async fn is_refused(&self, desk: &str) -> u16 {
        let answer = self.calls("open_support_room", json!({ "desk": desk }));
        answer.await.status().as_u16()
    }
}

/// A student, a teacher, an agent and an admin at a school with that settings file.
struct School {
    app: TestApp,
    ana: Person,
    tom: Person,
    nora: Person,
    root: Person,
}

impl School {
    async fn of(app: TestApp) -> Self {
        let app = app.with_file(FILE).await;
        Self {
            ana: app.student("ana").await,
            tom: app.person("tom", Role::Teacher).await,
            nora: app.agent("nora").await,
            root: app.person("root", Role::Admin).await,
            app,
        }
    }
}

fn ids(rooms: &[RoomForMe]) -> Vec<RoomId> {
    rooms.iter().map(RoomForMe::id).collect()
}

/// Nothing of that room among what has come.
async fn hears_nothing_of(socket: &mut Socket, room_id: RoomId) {
    let heard = socket.all_until_pong().await;
    let of_room = |event: &&Event| event.place().is_some_and(|(place, _)| place == room_id);
    assert_eq!(heard.iter().find(of_room), None);
}

async fn a_person_has_one_conversation_a_desk_and_each_desk_its_own(app: TestApp) {
    let school = School::of(app).await;
    let (ana, tom, nora) = (&school.ana, &school.tom, &school.nora);
    let at_faculty = ana.asks_desk("faculty").await;
    let room_id = at_faculty.id();
    assert_eq!(at_faculty.room.shared.desk, Some(faculty()));
    assert_eq!(
        ana.asks_desk("faculty").await.id(),
        room_id,
        "again: the same"
    );
    let at_admin = ana.opens_support().await.id();
    assert_ne!(at_admin, room_id);

    let (mut phone, _) = ana.connects().await;
    let (mut teacher, _) = tom.connects().await;
    let (mut agent, _) = nora.connects().await;
    phone.says(room_id, "When is the exam?").await;
    assert_eq!(teacher.message().await.content, "When is the exam?");
    hears_nothing_of(&mut agent, room_id).await;
    phone.says(at_admin, "My card is lost").await;
    assert_eq!(agent.message().await.content, "My card is lost");
    hears_nothing_of(&mut teacher, at_admin).await;

    // The lists of later arrivals say the same.
    assert_eq!(ids(&tom.connects().await.1.rooms), [room_id]);
    assert_eq!(ids(&nora.connects().await.1.rooms), [at_admin]);
    assert_eq!(
        ids(&school.root.connects().await.1.rooms),
        [at_admin, room_id],
        "admins answer everywhere"
    );

    teacher.says(room_id, "On Monday").await;
    let answer = phone.until(|event| match event {
        Event::ChatMessage {
            room_id: at,
            message,
            ..
        } if at == room_id && message.content == "On Monday" => Some(()),
        _ => None,
    });
    answer.await;
}

async fn what_is_of_another_desk_does_not_exist(app: TestApp) {
    let school = School::of(app).await;
    let room_id = school.ana.asks_desk("faculty").await.id();
    let nowhere = RoomId(room_id.0 + 999);
    let change = SupportChange::Status(SupportStatus::Resolved);
    for (function, body) in [
        ("room_snapshot", json!({})),
        ("older_messages", json!({ "before": 9 })),
        ("support_person", json!({})),
        ("triage", json!({ "change": change })),
    ] {
        let mut answers = Vec::new();
        for id in [room_id, nowhere] {
            let mut body = body.clone();
            body["room_id"] = json!(id);
            let answer = school.nora.calls(function, body).await;
            answers.push((answer.status().as_u16(), answer.text().await.unwrap()));
        }
        assert_eq!(answers[0].0, 404, "{function}");
        assert_eq!(answers[0], answers[1], "{function}");
    }
    // Writing is judged inside the transaction.
    let (mut agent, _) = school.nora.connects().await;
    for id in [room_id, nowhere] {
        agent
            .sends(&Command::ChatMessage {
                room_id: id,
                content: "Hello".into(),
                client_id: Some(quad::model::ClientId::random()),
                reply_to: None,
                audience: quad::model::Audience::All,
            })
            .await;
        let error = agent
            .until(|event| match event {
                Event::Error(error) => Some(error.error),
                _ => None,
            })
            .await;
        assert_eq!(error, WireError::NotFound);
    }
    assert_eq!(school.tom.reads_room(room_id).await.messages.len(), 0);
}

async fn who_answers_at_a_desk_asks_at_the_others(app: TestApp) {
    let school = School::of(app).await;
    let (tom, nora) = (&school.tom, &school.nora);
    assert_eq!(tom.is_refused("faculty").await, 403, "they answer there");
    let own = tom.opens_support().await;
    let (mut teacher, hello) = tom.connects().await;
    assert_eq!(ids(&hello.rooms), [own.id()]);
    assert_eq!(hello.rooms[0].support, None, "they are its person");
    let (mut agent, _) = nora.connects().await;
    teacher.says(own.id(), "The projector is broken").await;
    assert_eq!(agent.message().await.content, "The projector is broken");
    // Where it stands is for those who answer.
    let change = SupportChange::Status(SupportStatus::Pending);
    let body = json!({ "room_id": own.id(), "change": change });
    assert_eq!(tom.calls("triage", body.clone()).await.status(), 403);
    assert_eq!(nora.calls("triage", body).await.status(), 200);
    let heard = teacher.all_until_pong().await;
    assert!(
        heard
            .iter()
            .any(|event| matches!(event, Event::Skip { room_id, .. } if *room_id == own.id())),
        "{heard:?}"
    );
    assert!(
        !heard
            .iter()
            .any(|event| matches!(event, Event::SupportUpdated { .. })),
        "{heard:?}"
    );

    // Answering by role is no reason to ask.
    for desk in ["admin", "faculty"] {
        assert_eq!(nora.is_refused(desk).await, 403, "{desk}");
    }
    for unknown in ["nowhere", "", "Faculty"] {
        let answer = school
            .ana
            .calls("open_support_room", json!({ "desk": unknown }))
            .await;
        assert_eq!(answer.status(), 400);
        let body: Value = answer.json().await.unwrap();
        assert!(body["fields"]["desk"].is_array(), "{body}");
    }
}

async fn people_answer_by_name_and_are_told_at_their_desk_alone(app: TestApp) {
    let school = School::of(app).await;
    let helper = school.app.student("helper").await;
    let head = school.app.person("HEAD", Role::Teacher).await;
    let ben = school.app.student("ben").await;
    let room_id = school.ana.asks_desk("faculty").await.id();
    let with_head = ben.asks_desk("principal").await.id();
    let (mut phone, _) = school.ana.connects().await;
    let (mut bens, _) = ben.connects().await;
    phone.says(room_id, "Hello").await;
    bens.says(with_head, "Hello").await;

    assert_eq!(ids(&helper.connects().await.1.rooms), [room_id]);
    assert_eq!(ids(&head.connects().await.1.rooms), [room_id, with_head]);
    assert_eq!(ids(&school.tom.connects().await.1.rooms), [room_id]);
    assert_eq!(helper.is_refused("faculty").await, 403);
    helper.opens_support().await;

    let (mut agent, _) = helper.connects().await;
    agent.says(room_id, "I can help").await;
    let state = school.tom.reads_room(room_id).await.room.support.unwrap();
    assert_eq!(state.waiting_since, None, "that was an answer");
    // What only those who answer see comes to a student who answers.
    let change = SupportChange::Assignee(Some(helper.id().await));
    let body = json!({ "room_id": room_id, "change": change });
    assert_eq!(school.tom.calls("triage", body).await.status(), 200);
    let assignee = agent.until(|event| match event {
        Event::SupportUpdated { support, .. } => Some(support.assignee),
        _ => None,
    });
    assert_eq!(assignee.await.unwrap().id, helper.id().await);
    // An agent of another desk is nobody here.
    let change = SupportChange::Assignee(Some(school.nora.id().await));
    let body = json!({ "room_id": room_id, "change": change });
    assert_eq!(school.tom.calls("triage", body).await.status(), 400);
}

async fn the_inbox_and_colleagues_are_those_of_ones_desks(app: TestApp) {
    let school = School::of(app).await;
    let (at_admin, at_faculty) = (
        school.ana.opens_support().await.id(),
        school.ana.asks_desk("faculty").await.id(),
    );
    let (mut phone, _) = school.ana.connects().await;
    phone.says(at_admin, "One").await;
    phone.says(at_faculty, "Two").await;
    let found = async |who: &Person, desk: Option<Desk>| {
        let asked = InboxQuery {
            desk,
            ..InboxQuery::default()
        };
        let page: InboxPage = who.reads("inbox", json!({ "asked": asked })).await;
        ids(&page.rooms)
    };
    assert_eq!(found(&school.root, None).await, [at_faculty, at_admin]);
    assert_eq!(found(&school.root, Some(faculty())).await, [at_faculty]);
    assert_eq!(found(&school.tom, None).await, [at_faculty]);
    assert_eq!(found(&school.tom, Some(Desk::default_desk())).await, []);
    assert_eq!(found(&school.nora, None).await, [at_admin]);

    let staff: Value = school.tom.reads("support_staff", json!({})).await;
    let names: Vec<_> = staff
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["desks"].clone()))
        .collect();
    assert_eq!(
        names,
        [("root", json!(["faculty"])), ("tom", json!(["faculty"]))]
    );
    let staff: Value = school.root.reads("support_staff", json!({})).await;
    let nora = staff
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "nora")
        .unwrap();
    assert_eq!(nora["desks"], json!(["admin"]));
}

async fn each_desk_keeps_its_own_replies(app: TestApp) {
    let school = School::of(app).await;
    let keep = async |who: &Person, desk: Option<&str>, name: &str| {
        let draft = json!({ "id": null, "desk": desk, "name": name, "content": "8 to 4" });
        who.calls("keep_canned_reply", json!({ "draft": draft }))
            .await
    };
    let kept: Value = keep(&school.tom, None, "hours").await.json().await.unwrap();
    assert_eq!(kept["desk"], "faculty");
    assert_eq!(
        keep(&school.nora, None, "hours").await.status(),
        200,
        "another desk's name is free"
    );
    assert_eq!(keep(&school.nora, Some("faculty"), "x").await.status(), 403);
    assert_eq!(
        keep(&school.root, Some("faculty"), "exam").await.status(),
        200
    );
    let names = async |who: &Person| {
        let kept: Value = who.reads("canned_replies", json!({})).await;
        let kept = kept.as_array().unwrap().iter();
        kept.map(|one| {
            format!(
                "{}/{}",
                one["desk"].as_str().unwrap(),
                one["name"].as_str().unwrap()
            )
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(names(&school.tom).await, ["faculty/exam", "faculty/hours"]);
    assert_eq!(names(&school.nora).await, ["admin/hours"]);
    assert_eq!(
        names(&school.root).await,
        ["admin/hours", "faculty/exam", "faculty/hours"]
    );
    // Somebody of another desk can neither change nor drop it; whoever answers at several can.
    let other = json!({ "draft": { "id": kept["id"], "name": "hours", "content": "never" } });
    assert_eq!(
        school
            .nora
            .calls("keep_canned_reply", other.clone())
            .await
            .status(),
        404
    );
    assert_eq!(
        school
            .nora
            .calls("drop_canned_reply", json!({ "id": kept["id"] }))
            .await
            .status(),
        404
    );
    assert_eq!(
        school.root.calls("keep_canned_reply", other).await.status(),
        200
    );
    assert_eq!(
        school
            .root
            .calls("drop_canned_reply", json!({ "id": kept["id"] }))
            .await
            .status(),
        200
    );
}

async fn programs_open_and_list_rooms_by_desk(app: TestApp) {
    let school = School::of(app).await;
    let app = &school.app;
    let [ana, tom, nora, root] = [
        Program::of(app, "ana").await,
        Program::of(app, "tom").await,
        Program::of(app, "nora").await,
        Program::of(app, "root").await,
    ];
    let create = async |who: &Program, what: Value, status: u16| {
        let answer = who.posts("/api/chat/rooms/create/", &what).await;
        assert_eq!(answer.status().as_u16(), status, "{what}");
        answer.json::<Value>().await.unwrap()
    };
    let made = create(&ana, json!({ "recipient_type": "faculty" }), 201).await;
    assert_eq!(made["desk"], "faculty");
    let again = create(&ana, json!({ "recipient_type": "faculty" }), 200).await;
    assert_eq!(again["id"], made["id"]);
    create(&ana, json!({ "recipient_type": "principal" }), 201).await;
    create(&ana, json!({ "recipient_type": "admin" }), 201).await;
    let refused = create(&ana, json!({ "recipient_type": "nowhere" }), 400).await;
    assert!(refused["fields"]["recipient_type"].is_array());
    // A teacher answers at one and asks at the other.
    create(&tom, json!({ "recipient_type": "faculty" }), 400).await;
    let student = school.ana.id().await;
    let found = create(
        &tom,
        json!({ "recipient_type": "faculty", "student_id": student }),
        200,
    )
    .await;
    assert_eq!(found["id"], made["id"]);
    let own = create(
        &tom,
        json!({ "recipient_type": "admin", "student_id": student }),
        201,
    )
    .await;
    assert_eq!(own["user"]["name"], "tom", "whoever is named");
    create(
        &nora,
        json!({ "recipient_type": "faculty", "student_id": student }),
        403,
    )
    .await;

    let desks = async |who: &Program| {
        let list = who.gets("/api/chat/rooms/?kind=support").await;
        let list: Value = list.json().await.unwrap();
        let rows = list["results"].as_array().unwrap().iter();
        let mut desks: Vec<_> = rows
            .map(|row| row["desk"].as_str().unwrap().to_owned())
            .collect();
        desks.sort();
        desks
    };
    assert_eq!(desks(&ana).await, ["admin", "faculty", "principal"]);
    assert_eq!(
        desks(&tom).await,
        ["admin", "faculty"],
        "their own, and their desk's"
    );
    assert_eq!(desks(&nora).await, ["admin", "admin"]);
    assert_eq!(
        desks(&root).await,
        ["admin", "admin", "faculty", "principal"]
    );
    let path = format!("/api/chat/rooms/{}/", made["id"]);
    assert_eq!(tom.gets(&path).await.status(), 200);
    assert_eq!(nora.gets(&path).await.status(), 404);
    let says = |content: &str| json!({ "content": content });
    assert_eq!(
        tom.posts(&format!("{path}messages/"), &says("Hello"))
            .await
            .status(),
        201
    );
    assert_eq!(
        nora.posts(&format!("{path}messages/"), &says("Hello"))
            .await
            .status(),
        404
    );
    let students = tom.gets("/api/chat/students/").await;
    let students: Value = students.json().await.unwrap();
    assert_eq!(students["students"][0]["room_id"], made["id"]);
    assert_eq!(ana.gets("/api/chat/students/").await.status(), 403);
}

async fn nobody_is_told_by_which_name_others_answer(app: TestApp) {
    let school = School::of(app).await;
    let head = school.app.person("head", Role::Teacher).await;
    let own = async |who: &Person| {
        let boot: Value = who.reads("start", json!({})).await;
        let desks = boot["session"]["desks"].as_array().unwrap().clone();
        desks
            .into_iter()
            .map(|card| card["people"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(own(&school.ana).await, [json!([]), json!([]), json!([])]);
    assert_eq!(own(&head).await, [json!([]), json!([]), json!(["head"])]);
    let page = school.ana.gets("/").await.text().await.unwrap();
    assert!(
        page.contains("Teachers") && !page.contains("helper"),
        "the page's own copy too"
    );
}

async fn rooms_of_a_desk_that_is_gone_stay_their_persons(app: TestApp) {
    let school = School::of(app).await;
    let room_id = school.ana.asks_desk("faculty").await.id();
    let (mut phone, _) = school.ana.connects().await;
    phone.says(room_id, "Hello").await;
    let without = school.app.with_file("").await;
    assert_eq!(
        school
            .ana
            .at(&without)
            .reads_room(room_id)
            .await
            .messages
            .len(),
        1
    );
    for who in [&school.tom, &school.root] {
        let body = json!({ "room_id": room_id });
        assert_eq!(
            who.at(&without).calls("room_snapshot", body).await.status(),
            404
        );
    }
    assert_eq!(school.ana.at(&without).is_refused("faculty").await, 400);
}

on_both_databases!(
    a_person_has_one_conversation_a_desk_and_each_desk_its_own,
    what_is_of_another_desk_does_not_exist,
    who_answers_at_a_desk_asks_at_the_others,
    people_answer_by_name_and_are_told_at_their_desk_alone,
    the_inbox_and_colleagues_are_those_of_ones_desks,
    each_desk_keeps_its_own_replies,
    programs_open_and_list_rooms_by_desk,
    nobody_is_told_by_which_name_others_answer,
    rooms_of_a_desk_that_is_gone_stay_their_persons,
);
