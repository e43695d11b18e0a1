//! Question-to-teacher mode: what a student writes is for those who teach, and themselves, on every path; what teachers
//! write is for all.

use quad::{
    model::{
        Audience, ChatMode, ClientId, MemberChange, MemberRole, MessageId, Role, RoomId, RoomKind,
        RoomPatch, SearchPage, Seq, SystemKey, UserId,
    },
    protocol::{Command, Event, ResumeFrom},
    sync::Page,
};
use serde_json::{Value, json};

use crate::{
    app::{Person, TestApp},
    contract::socket::Client,
    on_both_databases,
    rest::Program,
};

/// What stands in every question here, and in nothing else.
const ASKED: &str = "Is zero a number?";

/// A teacher, two students of theirs, and their room.
struct Course {
    tom: Person,
    ana: Person,
    ben: Person,
    room_id: RoomId,
}

impl Course {
    async fn new(app: &TestApp) -> Self {
        let tom = app.teacher("tom").await;
        let (ana, ben) = (app.student("ana").await, app.student("ben").await);
        app.keeps_course("MA-101", &["tom"], &["ana", "ben"]).await;
        let room_id = tom.makes_course_room("MA-101").await;
        Self {
            tom,
            ana,
            ben,
            room_id,
        }
    }

    /// The same, where only teachers see what students write.
    async fn in_private(app: &TestApp) -> Self {
        let course = Self::new(app).await;
        course.turns(ChatMode::Private).await;
        course
    }

    async fn turns(&self, mode: ChatMode) {
        assert_eq!(self.tom.updates(self.room_id, mode_patch(mode)).await, 200);
    }

    /// Ana asks; answers the message.
    async fn asks(&self) -> MessageId {
        let (mut phone, _) = self.ana.connects().await;
        phone.says(self.room_id, ASKED).await.message_id
    }
}

fn mode_patch(mode: ChatMode) -> RoomPatch {
    RoomPatch {
        chat_mode: Some(mode),
        ..RoomPatch::default()
    }
}

fn holds(what: impl serde::Serialize) -> bool {
    json!(what).to_string().contains(ASKED)
}

async fn a_question_reaches_those_who_teach_and_nobody_else(app: TestApp) {
    let course = Course::in_private(&app).await;
    let room_id = course.room_id;
    let (mut desk, _) = course.tom.connects().await;
    let (mut phone, _) = course.ana.connects().await;
    let (mut other, _) = course.ben.connects().await;
    let ack = phone.says(room_id, ASKED).await;
    let heard = desk.message().await;
    assert_eq!(
        (heard.content.as_str(), heard.audience),
        (ASKED, Audience::StaffAndSender)
    );
    let told = other.all_until_pong().await;
    let skip = Event::Skip {
        room_id,
        from: ack.seq,
        to: ack.seq,
    };
    assert_eq!(told, [skip], "its place alone");
    desk.says(room_id, "Yes.").await;
    for socket in [&mut phone, &mut other] {
        let heard = socket.message().await;
        assert!([ASKED, "Yes."].contains(&heard.content.as_str()));
    }
    // In another tab of hers it stands as well.
    let own = course.ana.reads_room(room_id).await;
    assert!(holds(&own.messages));
}

async fn no_path_leads_others_to_a_question(app: TestApp) {
    let course = Course::in_private(&app).await;
    let Course {
        tom,
        ana,
        ben,
        room_id,
    } = &course;
    let question = course.asks().await;
    tom.connects().await.0.says(*room_id, "Yes.").await;
    let (rest, teacher) = (
        Program::of(&app, "ben").await,
        Program::of(&app, "tom").await,
    );
    let search = json!({ "query": { "text": "zero" } });
    let older = json!({ "room_id": room_id, "before": 99 });
    let paths = [
        "rooms/".to_owned(),
        format!("rooms/{room_id}/"),
        format!("rooms/{room_id}/messages/"),
        format!("rooms/{room_id}/messages/?after=1"),
        "search/?q=zero".to_owned(),
    ];
    for path in &paths {
        assert!(!holds(rest.reads(path).await), "{path}");
    }
    for path in &paths[2..] {
        assert!(holds(teacher.reads(path).await), "{path}");
    }
    let around = format!("/api/chat/rooms/{room_id}/messages/?around={question}");
    assert_eq!(rest.gets(&around).await.status(), 404);
    assert_eq!(teacher.gets(&around).await.status(), 200);
    for (person, sees) in [(tom, true), (ana, true), (ben, false)] {
        assert_eq!(holds(&person.reads_room(*room_id).await), sees);
        let page: Page = person.reads("older_messages", older.clone()).await;
        assert_eq!(holds(&page.messages), sees);
        let found: SearchPage = person.reads("search_messages", search.clone()).await;
        assert_eq!(found.found.len(), usize::from(sees));
        let list = person.connects().await.1.rooms;
        let own = list.iter().find(|room| room.id() == *room_id).unwrap();
        assert_eq!(own.last_message.as_ref().unwrap().excerpt, "Yes.");
        assert_eq!(own.seq, Seq(4));
        // Nobody's own counts, nor what they do not see.
        assert_eq!(own.unread_count, 1);
    }
    // What is not there for them can neither be marked nor answered by itself.
    let marked = json!({ "message_id": question });
    let unread = format!("rooms/{room_id}/mark-unread/");
    let known = rest.writes(&unread, marked.clone()).await.status();
    let unknown = json!({ "message_id": 999_999 });
    assert_eq!(known, rest.writes(&unread, unknown).await.status());
    assert!(known == 404, "{known}");
    assert_eq!(ben.calls("open_thread", marked.clone()).await.status(), 404);
    assert_eq!(tom.calls("open_thread", marked).await.status(), 200);
}

async fn who_comes_back_gets_its_place_without_it(app: TestApp) {
    let course = Course::in_private(&app).await;
    let Course {
        tom,
        ana,
        ben,
        room_id,
    } = &course;
    let before = ben.reads_room(*room_id).await;
    course.asks().await;
    let after = Seq(before.seq.0 + 1);
    for (person, sees) in [(tom, true), (ana, true), (ben, false)] {
        let (mut socket, hello) = person.connects().await;
        let resume = Command::Resume {
            epoch: hello.epoch,
            rooms: vec![ResumeFrom {
                room_id: *room_id,
                since: before.seq,
            }],
        };
        socket.sends(&resume).await;
        let told = socket.all_until_pong().await;
        assert_eq!(holds(&told), sees);
        let caught_up = Event::CaughtUp {
            room_id: *room_id,
            seq: after,
        };
        assert_eq!(told.last(), Some(&caught_up));
    }
}

async fn a_mode_acts_from_the_next_message_on(app: TestApp) {
    let course = Course::new(&app).await;
    let Course {
        tom,
        ana,
        ben,
        room_id,
    } = &course;
    let (mut phone, _) = ana.connects().await;
    let (mut other, _) = ben.connects().await;
    phone.says(*room_id, "before").await;
    let key = ClientId::random();
    phone.says_as(*room_id, "for all, and again", key).await;
    course.turns(ChatMode::Private).await;
    phone.says(*room_id, ASKED).await;
    // A retry answers with what was written first, and makes nothing of it.
    phone.says_as(*room_id, "for all, and again", key).await;
    course.turns(ChatMode::Private).await;
    course.turns(ChatMode::Public).await;
    phone.says(*room_id, "after").await;
    let mut told = Vec::new();
    for event in other.all_until_pong().await {
        match event {
            Event::ChatMessage { message, .. } => told.push(message.content.clone()),
            Event::RoomUpdated(change) => {
                let key = change.message.unwrap().system.unwrap().key;
                let private = change.room.chat_mode == ChatMode::Private;
                assert_eq!(key == SystemKey::QuestionsPrivate, private);
                told.push(key.as_str().to_owned());
            }
            Event::Skip { .. } => told.push("skip".to_owned()),
            other => panic!("{other:?}"),
        }
    }
    let expected = [
        "before",
        "for all, and again",
        "questions_private",
        "skip",
        "questions_public",
        "after",
    ];
    assert_eq!(told, expected, "the same mode again is nothing");
    assert!(!holds(&ben.reads_room(*room_id).await), "for good");

    // Whose it is to say.
    let private = mode_patch(ChatMode::Private);
    assert_eq!(ana.updates(*room_id, private.clone()).await, 403);
    let root = app.person("root", Role::Admin).await;
    assert_eq!(root.updates(*room_id, private.clone()).await, 200);
    let public = tom.creates(RoomKind::Public, "Library").await;
    assert_eq!(tom.updates(public, private).await, 400);
    let none = json!({ "room_id": room_id, "patch": { "chat_mode": "secret" } });
    assert_eq!(tom.calls("update_room", none).await.status(), 400);
}

async fn who_becomes_something_else_begins_afresh(app: TestApp) {
    let course = Course::in_private(&app).await;
    let Course {
        tom, ben, room_id, ..
    } = &course;
    course.asks().await;
    let (mut phone, hello) = ben.connects().await;
    let ben_id = hello.user.id;
    let before = ben.reads_room(*room_id).await;
    for (role, sees) in [(MemberRole::Moderator, true), (MemberRole::Member, false)] {
        let change = MemberChange::Role(role);
        assert_eq!(tom.changes(*room_id, ben_id, change).await, 200);
        let mut listed = None;
        phone
            .until(|event| match event {
                Event::RoomAdded { room, .. } => {
                    listed = Some(room.unread_count);
                    None
                }
                Event::Reset { room_id: id } => (id == *room_id).then_some(()),
                _ => None,
            })
            .await;
        assert_eq!(listed, Some(i64::from(sees)));
        assert_eq!(holds(&ben.reads_room(*room_id).await), sees);
    }
    let resume = Command::Resume {
        epoch: hello.epoch,
        rooms: vec![ResumeFrom {
            room_id: *room_id,
            since: before.seq,
        }],
    };
    phone.sends(&resume).await;
    let reset = Event::Reset { room_id: *room_id };
    assert_eq!(phone.all_until_pong().await, [reset]);
    // From then on he hears of no question, what waits for him included.
    let (mut asking, _) = course.ana.connects().await;
    asking.says(*room_id, ASKED).await;
    assert!(!holds(phone.all_until_pong().await));
}

async fn a_socket_of_the_room_alone_hears_no_question(app: TestApp) {
    let course = Course::in_private(&app).await;
    let room = course.room_id.0;
    let (ben, tom) = (
        Program::of(&app, "ben").await,
        Program::of(&app, "tom").await,
    );
    course.asks().await;
    let (mut other, recent) = Client::of(&ben, room).await;
    assert!(!holds(&recent));
    let (mut desk, recent) = Client::of(&tom, room).await;
    assert!(holds(&recent));
    let ana = Program::of(&app, "ana").await;
    let said = ana.says(room, ASKED).await;
    assert!(holds(&said));
    let frame: Value = desk.until("chat_message").await;
    assert!(holds(&frame));
    assert!(!holds(other.all_until_pong().await));
    tom.says(room, "Yes.").await;
    assert_eq!(
        other.until("chat_message").await["message"]["content"],
        "Yes."
    );
}

async fn who_types_a_question_is_shown_to_those_who_teach(app: TestApp) {
    let course = Course::in_private(&app).await;
    let room_id = course.room_id;
    let watch = Command::Watch {
        room_id: Some(room_id),
        user_ids: Vec::new(),
    };
    let (mut desk, _) = course.tom.connects().await;
    let (mut other, _) = course.ben.connects().await;
    for socket in [&mut desk, &mut other] {
        socket.sends(&watch).await;
        socket.all_until_pong().await;
    }
    let (mut phone, hello) = course.ana.connects().await;
    let typing = Command::Typing {
        room_id,
        is_typing: true,
        audience: Audience::All,
    };
    phone.sends(&typing).await;
    let who = desk.until(|event| match event {
        Event::TypingIndicator { user_id, .. } => Some(user_id),
        _ => None,
    });
    assert_eq!(who.await, hello.user.id);
    assert_eq!(other.all_until_pong().await, []);
    desk.sends(&typing).await;
    let who: UserId = other
        .until(|event| match event {
            Event::TypingIndicator { user_id, .. } => Some(user_id),
            _ => None,
        })
        .await;
    assert_ne!(who, hello.user.id);
}

async fn other_nodes_keep_it_as_well(app: TestApp) {
    let there = app.second_node().await;
    let course = Course::in_private(&app).await;
    let room_id = course.room_id;
    let (mut desk, _) = course.tom.at(&there).connects().await;
    let (mut other, _) = course.ben.at(&there).connects().await;
    course.asks().await;
    assert_eq!(desk.message().await.content, ASKED);
    desk.says(room_id, "Yes.").await;
    assert_eq!(other.message().await.content, "Yes.");
    // Made one who keeps order over there, he begins afresh here.
    let ben_id = course.ben.id().await;
    let change = MemberChange::Role(MemberRole::Moderator);
    assert_eq!(course.tom.changes(room_id, ben_id, change).await, 200);
    let is_reset = |event: Event| matches!(event, Event::Reset { room_id: id } if id == room_id);
    other.until(|event| is_reset(event).then_some(())).await;
    assert!(holds(&course.ben.at(&there).reads_room(room_id).await));
}

on_both_databases!(
    a_question_reaches_those_who_teach_and_nobody_else,
    no_path_leads_others_to_a_question,
    who_comes_back_gets_its_place_without_it,
    a_mode_acts_from_the_next_message_on,
    who_becomes_something_else_begins_afresh,
    a_socket_of_the_room_alone_hears_no_question,
    who_types_a_question_is_shown_to_those_who_teach,
    other_nodes_keep_it_as_well,
);
