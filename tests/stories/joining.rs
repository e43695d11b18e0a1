//! Rooms that people make and join: who comes in, who keeps order, who decides, and what each is told.

use futures_util::future::join_all;
use quad::{
    model::{
        Audience, JoinRequest, MemberChange, MemberRole, Message, Role, RoomCard, RoomDraft,
        RoomId, RoomKind, RoomPatch, Seq, SystemKey, UserId,
    },
    protocol::{Command, Event, ResumeFrom},
};
use serde_json::json;

use crate::{
    app::{Person, Socket, TestApp},
    on_both_databases,
};

impl Person {
    pub async fn creates_as(&self, draft: RoomDraft) -> RoomId {
        self.reads("create_room", json!({ "draft": draft })).await
    }

    pub async fn creates(&self, kind: RoomKind, name: &str) -> RoomId {
        self.creates_as(RoomDraft::new(kind, name)).await
    }

    /// The status of a server function that is asked about a room.
    pub async fn tries(&self, function: &str, room_id: RoomId) -> u16 {
        let body = json!({ "room_id": room_id });
        self.calls(function, body).await.status().as_u16()
    }

    pub async fn joins(&self, room_id: RoomId) {
        assert_eq!(self.tries("join_room", room_id).await, 200);
    }

    pub async fn changes(&self, room_id: RoomId, user_id: UserId, change: MemberChange) -> u16 {
        let body =
            json!({ "room_id": room_id, "user_id": user_id, "change": change, "reason": "" });
        self.calls("change_member", body).await.status().as_u16()
    }

    pub async fn updates(&self, room_id: RoomId, patch: RoomPatch) -> u16 {
        let body = json!({ "room_id": room_id, "patch": patch });
        self.calls("update_room", body).await.status().as_u16()
    }

    pub async fn asks(&self, room_id: RoomId, note: &str) -> u16 {
        let body = json!({ "room_id": room_id, "note": note });
        self.calls("ask_to_join", body).await.status().as_u16()
    }

    pub async fn decides(&self, request: &JoinRequest, is_approved: bool) -> u16 {
        let body = json!({
            "room_id": request.room_id, "request_id": request.id, "is_approved": is_approved,
        });
        self.calls("decide_request", body).await.status().as_u16()
    }

    pub async fn requests(&self, room_id: RoomId) -> Vec<JoinRequest> {
        self.reads("join_requests", json!({ "room_id": room_id }))
            .await
    }

    pub async fn card(&self, room_id: RoomId) -> RoomCard {
        self.reads("open_card", json!({ "room_id": room_id })).await
    }

    /// The message from which a thread was opened, if they see it.
    async fn origin_of(&self, room_id: RoomId) -> Option<Message> {
        self.reads("thread_origin", json!({ "room_id": room_id }))
            .await
    }

    pub async fn id(&self) -> UserId {
        self.connects().await.1.user.id
    }
}

/// The sentence of the system message that comes next.
async fn sentence(socket: &mut Socket) -> String {
    let told = socket.until(|event| match event {
        Event::MemberJoined(change) | Event::MemberLeft(change) | Event::MemberRole(change) => {
            change.message
        }
        Event::RoomUpdated(change) => change.message,
        _ => None,
    });
    told.await.content
}

async fn a_room_is_made_joined_and_left_and_all_are_told(app: TestApp) {
    let teacher = app.person("tess", Role::Teacher).await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    assert_eq!(
        ana.calls(
            "create_room",
            json!({ "draft": RoomDraft::new(RoomKind::Public, "Mine") })
        )
        .await
        .status(),
        403,
        "students make none"
    );
    let room_id = teacher.creates(RoomKind::Public, "Algebra").await;
    let (mut host, hello) = teacher.connects().await;
    let listed = &hello.rooms[0];
    assert_eq!(listed.role, Some(MemberRole::Host));
    assert_eq!((listed.member_count, listed.seq), (1, Seq(1)));
    assert_eq!(listed.shared.max_members, Some(100));

    let (mut phone, _) = ana.connects().await;
    ana.joins(room_id).await;
    // The room first, then what happens in it.
    let added = phone.until(|event| match event {
        Event::RoomAdded { room, .. } => Some(room),
        _ => None,
    });
    let added = added.await;
    assert_eq!((added.seq, added.member_count), (Seq(2), 2));
    assert_eq!(added.role, Some(MemberRole::Member));
    assert_eq!(sentence(&mut host).await, "ana joined.");
    ana.joins(room_id).await;
    assert_eq!(
        ana.reads_room(room_id).await.seq,
        Seq(2),
        "once more is nothing"
    );

    host.says(room_id, "Welcome").await;
    assert_eq!(phone.message().await.content, "Welcome");
    assert_eq!(
        ben.tries("room_snapshot", room_id).await,
        404,
        "ben is not in"
    );

    assert_eq!(ana.tries("leave_room", room_id).await, 200);
    let gone = phone.until(|event| matches!(event, Event::RoomRemoved { .. }).then_some(()));
    gone.await;
    assert_eq!(sentence(&mut host).await, "ana left.");
    host.says(room_id, "Without ana").await;
    let rest = phone.all_until_pong().await;
    assert!(rest.is_empty(), "{rest:?}");
    assert_eq!(ana.tries("room_snapshot", room_id).await, 404);
    // Coming back works, and the history is there.
    ana.joins(room_id).await;
    let texts: Vec<_> = ana.reads_room(room_id).await.messages;
    assert!(texts.iter().any(|message| message.content == "Without ana"));
}

async fn who_is_kicked_gets_nothing_more(app: TestApp) {
    let teacher = app.person("tess", Role::Teacher).await;
    let ana = app.student("ana").await;
    let room_id = teacher.creates(RoomKind::Public, "Algebra").await;
    ana.joins(room_id).await;
    let ana_id = ana.id().await;
    let (mut phone, _) = ana.connects().await;
    let (mut host, _) = teacher.connects().await;
    let old = host.says(room_id, "before").await;
    for n in 0..20 {
        host.says(room_id, &format!("{n}")).await;
    }
    assert_eq!(
        teacher.changes(room_id, ana_id, MemberChange::Kick).await,
        200
    );
    for n in 20..40 {
        host.says(room_id, &format!("{n}")).await;
    }
    let kicked_at = teacher.reads_room(room_id).await.messages;
    let kicked_at = kicked_at
        .iter()
        .find(|message| {
            message
                .system
                .as_ref()
                .is_some_and(|note| note.key == SystemKey::MemberKicked)
        })
        .unwrap()
        .seq;
    let told = phone.all_until_pong().await;
    assert!(
        told.iter()
            .any(|event| matches!(event, Event::RoomRemoved { .. }))
    );
    for event in &told {
        assert!(
            event.place().is_none_or(|(_, seq)| seq < kicked_at),
            "{event:?}"
        );
    }
    // By every command the room is as one that is not there.
    let unknown = RoomId(999_999);
    for id in [room_id, unknown] {
        phone
            .sends(&Command::MarkRead {
                room_id: id,
                read_seq: old.seq,
            })
            .await;
        phone
            .sends(&Command::Resume {
                epoch: quad::model::Epoch(String::new()),
                rooms: vec![ResumeFrom {
                    room_id: id,
                    since: Seq(0),
                }],
            })
            .await;
        for _ in 0..2 {
            let refused = phone.until(|event| match event {
                Event::Error(error) => Some(error.error),
                _ => None,
            });
            assert_eq!(refused.await, quad::model::WireError::NotFound);
        }
    }
    // May come back, unless banned.
    ana.joins(room_id).await;
    assert_eq!(
        teacher.changes(room_id, ana_id, MemberChange::Ban).await,
        200
    );
    assert_eq!(ana.tries("join_room", room_id).await, 403);
    assert!(ana.card(room_id).await.is_banned);
    assert_eq!(
        teacher
            .changes(room_id, ana_id, MemberChange::LiftBan)
            .await,
        200
    );
    ana.joins(room_id).await;
}

async fn order_is_kept_by_rank(app: TestApp) {
    let teacher = app.person("tess", Role::Teacher).await;
    let admin = app.person("ada", Role::Admin).await;
    let (ana, ben, chi) = (
        app.student("ana").await,
        app.student("ben").await,
        app.student("chi").await,
    );
    let room_id = teacher.creates(RoomKind::Public, "Algebra").await;
    for person in [&ana, &ben, &chi] {
        person.joins(room_id).await;
    }
    let (tess_id, ana_id, ben_id) = (teacher.id().await, ana.id().await, ben.id().await);
    let moderator = MemberChange::Role(MemberRole::Moderator);
    assert_eq!(ana.changes(room_id, ben_id, moderator).await, 403);
    assert_eq!(teacher.changes(room_id, ana_id, moderator).await, 200);
    assert_eq!(ana.changes(room_id, ben_id, moderator).await, 403);
    assert_eq!(
        ana.changes(room_id, tess_id, MemberChange::Kick).await,
        403,
        "not the host"
    );
    assert_eq!(ana.changes(room_id, ana_id, MemberChange::Kick).await, 403);

    let (mut phone, _) = ben.connects().await;
    assert_eq!(
        ana.changes(room_id, ben_id, MemberChange::Mute(Some(10)))
            .await,
        200
    );
    assert_eq!(sentence(&mut phone).await, "ana muted ben.");
    let muted = ben.reads_room(room_id).await;
    assert!(muted.room.muted_until.is_some());
    phone
        .sends(&Command::ChatMessage {
            room_id,
            content: "but".into(),
            client_id: None,
            reply_to: None,
            audience: Audience::All,
        })
        .await;
    let refused = phone.until(|event| match event {
        Event::Error(error) => Some(error.error),
        _ => None,
    });
    assert_eq!(refused.await, quad::model::WireError::Muted);
    // Leaving and coming back does not end it.
    assert_eq!(ben.tries("leave_room", room_id).await, 200);
    ben.joins(room_id).await;
    assert!(ben.reads_room(room_id).await.room.muted_until.is_some());
    assert_eq!(
        ana.changes(room_id, ben_id, MemberChange::Mute(None)).await,
        200
    );
    let (mut phone, _) = ben.connects().await;
    phone.says(room_id, "thanks").await;
    assert_eq!(
        ana.changes(room_id, ben_id, MemberChange::Mute(Some(0)))
            .await,
        400
    );

    assert_eq!(ana.changes(room_id, ben_id, MemberChange::Kick).await, 200);
    // An admin keeps order without being in.
    let chi_id = chi.id().await;
    assert_eq!(admin.tries("room_snapshot", room_id).await, 404);
    assert_eq!(
        admin.changes(room_id, chi_id, MemberChange::Kick).await,
        200
    );
    assert_eq!(
        teacher.tries("leave_room", room_id).await,
        409,
        "the last host hands over first"
    );
    let host = MemberChange::Role(MemberRole::Host);
    assert_eq!(teacher.changes(room_id, ana_id, host).await, 200);
    assert_eq!(teacher.tries("leave_room", room_id).await, 200);
    assert_eq!(ana.tries("leave_room", room_id).await, 200, "alone");
}

async fn of_fifty_who_want_the_last_place_one_gets_it(app: TestApp) {
    let teacher = app.person("tess", Role::Teacher).await;
    let draft = RoomDraft {
        max_members: Some(3),
        ..RoomDraft::new(RoomKind::Public, "Small")
    };
    let room_id = teacher.creates_as(draft).await;
    app.student("first").await.joins(room_id).await;
    let mut students = Vec::new();
    for n in 0..50 {
        students.push(app.student(&format!("s{n}")).await);
    }
    let answers = join_all(students.iter().map(|s| s.tries("join_room", room_id))).await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|status| **status == 409).count(), 49);
    assert_eq!(teacher.reads_room(room_id).await.room.member_count, 3);
    let outside = students
        .iter()
        .zip(&answers)
        .find(|(_, status)| **status == 409);
    assert!(outside.unwrap().0.card(room_id).await.is_full());
}

async fn a_request_is_seen_at_once_and_decided_once(app: TestApp) {
    let teacher = app.person("tess", Role::Teacher).await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let draft = RoomDraft {
        is_listed: true,
        ..RoomDraft::new(RoomKind::Private, "Board")
    };
    let room_id = teacher.creates_as(draft).await;
    let card = ana.card(room_id).await;
    assert_eq!(card.host.unwrap().name, "tess");
    assert_eq!(ana.tries("join_room", room_id).await, 403);
    assert_eq!(ana.tries("room_snapshot", room_id).await, 404);
    let (mut host, _) = teacher.connects().await;
    let (mut phone, _) = ana.connects().await;
    assert_eq!(ana.asks(room_id, "Please").await, 200);
    assert_eq!(ana.asks(room_id, "Please!").await, 409, "one at a time");
    assert!(ana.card(room_id).await.has_pending_request);
    let told = host.until(|event| match event {
        Event::JoinRequest(change) => Some(change),
        _ => None,
    });
    let told = told.await;
    assert_eq!(
        (told.pending_count, told.request.note.as_str()),
        (1, "Please")
    );
    assert_eq!(ben.tries("join_requests", room_id).await, 404);
    let request = teacher.requests(room_id).await.remove(0);

    assert_eq!(teacher.decides(&request, false).await, 200);
    let denied = phone.until(|event| matches!(event, Event::JoinDenied(_)).then_some(()));
    denied.await;
    assert_eq!(teacher.decides(&request, true).await, 409, "it is decided");
    assert_eq!(teacher.decides(&request, false).await, 200, "just so");

    // A denial is not final; of approving and denying at once one counts.
    assert_eq!(ana.asks(room_id, "").await, 200);
    let request = teacher.requests(room_id).await.remove(0);
    let answers = join_all((0..10).map(|n| teacher.decides(&request, n % 2 == 0))).await;
    let is_in = ana.tries("room_snapshot", room_id).await == 200;
    for (n, status) in answers.into_iter().enumerate() {
        let expected = if (n % 2 == 0) == is_in { 200 } else { 409 };
        assert_eq!(status, expected, "{n}");
    }
    assert!(teacher.requests(room_id).await.is_empty());
    let (_, hello) = teacher.connects().await;
    assert_eq!(hello.rooms[0].pending_count, 0);
}

async fn an_unlisted_room_is_as_one_that_is_not_there(app: TestApp) {
    let teacher = app.person("tess", Role::Teacher).await;
    let ana = app.student("ana").await;
    let room_id = teacher.creates(RoomKind::Private, "Secret").await;
    let unknown = RoomId(999_999);
    let tess_id = teacher.id().await;
    let asked = |function: &'static str, room_id: RoomId| {
        let body = json!({
            "room_id": room_id, "user_id": tess_id, "note": "", "page": 1, "before": 9,
            "patch": {}, "is_archived": true, "change": "kick", "reason": "", "request_id": 1, "is_approved": true,
        });
        ana.calls(function, body)
    };
    for function in [
        "room_snapshot",
        "older_messages",
        "open_card",
        "update_room",
        "archive_room",
        "delete_room",
        "join_room",
        "leave_room",
        "ask_to_join",
        "join_requests",
        "decide_request",
        "room_members",
        "invite_member",
        "change_member",
    ] {
        let (there, not) = (
            asked(function, room_id).await,
            asked(function, unknown).await,
        );
        assert_eq!(there.status(), 404, "{function}");
        assert_eq!(not.status(), 404, "{function}");
        let (there, not) = (there.text().await.unwrap(), not.text().await.unwrap());
        assert_eq!(there, not, "{function}");
    }
    let found: quad::api::rooms::Cards = ana
        .reads("browse_rooms", json!({ "search": "secret", "page": 1 }))
        .await;
    assert_eq!((found.count, found.cards.len()), (0, 0));
}

async fn a_room_is_changed_archived_and_let_go(app: TestApp) {
    let teacher = app.person("tess", Role::Teacher).await;
    let ana = app.student("ana").await;
    let room_id = teacher.creates(RoomKind::Public, "Algebra").await;
    ana.joins(room_id).await;
    let (mut phone, _) = ana.connects().await;
    let named = |name: &str| RoomPatch {
        name: Some(name.to_owned()),
        ..RoomPatch::default()
    };
    assert_eq!(ana.updates(room_id, named("Mine")).await, 403);
    assert_eq!(teacher.updates(room_id, named("")).await, 400);
    assert_eq!(teacher.updates(room_id, named("Geometry")).await, 200);
    assert_eq!(
        sentence(&mut phone).await,
        "tess renamed this room to “Geometry”."
    );
    assert_eq!(teacher.updates(room_id, named("Geometry")).await, 200);
    let seq = ana.reads_room(room_id).await.seq;
    let archive = json!({ "room_id": room_id, "is_archived": true });
    assert_eq!(
        ana.calls("archive_room", archive.clone()).await.status(),
        403
    );
    assert_eq!(teacher.calls("archive_room", archive).await.status(), 200);
    assert_eq!(sentence(&mut phone).await, "tess archived this room.");
    let archived = ana.reads_room(room_id).await;
    assert!(archived.room.shared.is_archived);
    assert_eq!(archived.seq, seq.next(), "the same name again was nothing");
    phone
        .sends(&Command::ChatMessage {
            room_id,
            content: "x".into(),
            client_id: None,
            reply_to: None,
            audience: Audience::All,
        })
        .await;
    let refused = phone.until(|event| match event {
        Event::Error(error) => Some(error.error),
        _ => None,
    });
    assert_eq!(refused.await, quad::model::WireError::Archived);

    assert_eq!(ana.tries("delete_room", room_id).await, 403);
    assert_eq!(teacher.tries("delete_room", room_id).await, 200);
    let gone = phone.until(|event| matches!(event, Event::RoomRemoved { .. }).then_some(()));
    gone.await;
    for person in [&ana, &teacher] {
        assert_eq!(person.tries("room_snapshot", room_id).await, 404);
        assert!(person.connects().await.1.rooms.is_empty());
    }
}

async fn two_who_open_their_direct_room_at_once_open_one(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let chi = app.student("chi").await;
    let (ana_id, ben_id) = (ana.id().await, ben.id().await);
    let opens = |person: Person, with: UserId| async move {
        let id: RoomId = person
            .reads("open_direct", json!({ "user_id": with }))
            .await;
        id
    };
    let opened = join_all((0..100).map(|n| {
        if n % 2 == 0 {
            opens(ana.again(), ben_id)
        } else {
            opens(ben.again(), ana_id)
        }
    }));
    let opened = opened.await;
    let room_id = opened[0];
    assert!(opened.iter().all(|id| *id == room_id));
    for person in [&ana, &ben] {
        let (_, hello) = person.connects().await;
        assert_eq!(hello.rooms.len(), 1);
        let shared = &hello.rooms[0].shared;
        assert_eq!(shared.kind, RoomKind::Direct);
        assert_eq!(shared.people.len(), 2);
        assert!(shared.other(hello.user.id).is_some());
    }
    let (mut phone, _) = ana.connects().await;
    phone.says(room_id, "Hi").await;
    let (mut listening, hello) = ben.connects().await;
    assert_eq!(hello.rooms[0].unread_count, 1);
    assert_eq!(chi.tries("room_snapshot", room_id).await, 404);
    let oneself = ana.calls("open_direct", json!({ "user_id": ana_id })).await;
    assert_eq!(oneself.status(), 400);
    // The first words of a new one are heard like any others.
    let with_chi = opens(ben.again(), chi.id().await).await;
    let (mut third, _) = chi.connects().await;
    listening.says(with_chi, "Hello").await;
    assert_eq!(third.message().await.content, "Hello");
    let other = ana.opens_direct(chi.id().await).await.unwrap();
    phone.says(other, "Hello, too").await;
    let heard = third.all_until_pong().await;
    let is_reset = |event: &&Event| matches!(event, Event::Reset { .. });
    assert_eq!(heard.iter().find(is_reset), None);
    let nobody = ana
        .calls("open_direct", json!({ "user_id": 999_999 }))
        .await;
    assert_eq!(nobody.status(), 404);
}

async fn a_private_thread_is_opened_from_a_message(app: TestApp) {
    let teacher = app.person("tess", Role::Teacher).await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let room_id = teacher.creates(RoomKind::Public, "Algebra").await;
    ana.joins(room_id).await;
    let (mut phone, _) = ana.connects().await;
    let message_id = phone.says(room_id, "I do not get it").await.message_id;
    let body = json!({ "message_id": message_id });
    let thread: RoomId = teacher.reads("open_thread", body.clone()).await;
    let again: RoomId = teacher.reads("open_thread", body.clone()).await;
    assert_eq!(thread, again);
    let shared = ana.reads_room(thread).await.room.shared;
    assert_eq!(shared.kind, RoomKind::Thread);
    assert_eq!(shared.owner_message, Some(message_id));
    assert_eq!(shared.owner_room, Some(room_id));
    assert_eq!(ana.calls("open_thread", body.clone()).await.status(), 400);
    assert_eq!(ben.calls("open_thread", body.clone()).await.status(), 404);
    assert_eq!(ben.tries("room_snapshot", thread).await, 404);
    // What it is about: as it is now, to those of the two who see it in its room.
    let seen = teacher.origin_of(thread).await.unwrap();
    assert_eq!((seen.id, seen.room_id), (message_id, room_id));
    assert_eq!(seen.content, "I do not get it");
    assert_eq!(ana.origin_of(thread).await, Some(seen));
    assert_eq!(ben.tries("thread_origin", thread).await, 404);
    assert_eq!(ana.calls("delete_message", body).await.status(), 200);
    let deleted = teacher.origin_of(thread).await.unwrap();
    assert!(deleted.is_deleted() && deleted.content.is_empty());
    assert_eq!(ana.tries("leave_room", room_id).await, 200);
    assert_eq!(ana.origin_of(thread).await, None);
    assert_eq!(teacher.origin_of(thread).await, Some(deleted));
    // A direct room is about nothing.
    let direct = json!({ "user_id": ana.id().await });
    let direct: RoomId = teacher.reads("open_direct", direct).await;
    assert_eq!(teacher.origin_of(direct).await, None);
}

on_both_databases!(
    a_room_is_made_joined_and_left_and_all_are_told,
    who_is_kicked_gets_nothing_more,
    order_is_kept_by_rank,
    of_fifty_who_want_the_last_place_one_gets_it,
    a_request_is_seen_at_once_and_decided_once,
    an_unlisted_room_is_as_one_that_is_not_there,
    a_room_is_changed_archived_and_let_go,
    two_who_open_their_direct_room_at_once_open_one,
    a_private_thread_is_opened_from_a_message,
);
