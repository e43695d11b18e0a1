//! Who may what: every server function and every command of the socket, for everybody who may come. What is new and not in
//! these tables fails.

use std::collections::BTreeMap;

use quad::{
    model::{CourseId, Policy, Role, RoomDraft, RoomKind, Seq, WireError},
    protocol::Event,
};
use serde_json::{Value, json};

use crate::{
    app::{Person, TestApp, hidden_token},
    on_both_databases,
};

/// A server function, what it is asked, and the status that each is answered: nobody, a student with nothing to do with
/// it, the student whose room it is, somebody who answers.
type Row = (&'static str, Value, [u16; 4]);

fn table(room_id: i64, message_id: i64) -> Vec<Row> {
    let room = json!({ "room_id": room_id });
    let status = json!({ "room_id": room_id, "change": { "status": "pending" } });
    let draft = json!({ "draft": { "id": null, "name": "hours", "content": "8 to 4" } });
    let asked = json!({ "asked": { "status": null, "name": "", "before": null } });
    let passwords = json!({ "old_password": "wrong", "new_password": "a longer one than that" });
    let mut rows = of_rooms(room_id);
    rows.extend(of_accounts());
    rows.extend(of_the_school());
    rows.extend(vec![
        ("start", json!({}), [200, 200, 200, 200]),
        ("open_sign_in_form", json!({}), [200, 200, 200, 200]),
        // Registration is closed.
        ("open_register_form", json!({}), [404, 404, 404, 404]),
        ("sessions", json!({}), [401, 200, 200, 200]),
        (
            "end_session",
            json!({ "session_id": 999_999 }),
            [401, 404, 404, 404],
        ),
        ("end_other_sessions", json!({}), [401, 200, 200, 200]),
        ("change_password", passwords, [401, 200, 200, 200]),
        (
            "choose_presence",
            json!({ "status": "busy" }),
            [401, 200, 200, 200],
        ),
        (
            "hide_last_seen",
            json!({ "hides": true }),
            [401, 200, 200, 200],
        ),
        ("open_support_room", json!({}), [401, 200, 200, 403]),
        ("room_snapshot", room.clone(), [401, 404, 200, 200]),
        (
            "older_messages",
            json!({ "room_id": room_id, "before": 9 }),
            [401, 404, 200, 200],
        ),
        // Whoever answers may not; whose it is may, once. Their turn comes last.
        (
            "delete_message",
            json!({ "message_id": message_id }),
            [401, 404, 200, 403],
        ),
        (
            "newer_messages",
            json!({ "room_id": room_id, "after": 0 }),
            [401, 404, 200, 200],
        ),
        (
            "room_around",
            json!({ "room_id": room_id, "message_id": 999_999 }),
            [401, 404, 404, 404],
        ),
        ("triage", status, [401, 404, 403, 200]),
        ("support_person", room, [401, 404, 403, 200]),
        ("support_staff", json!({}), [401, 403, 403, 200]),
        ("inbox", asked, [401, 403, 403, 200]),
        ("taught_courses", json!({}), [401, 200, 200, 200]),
        ("create_room", room_draft(), [401, 403, 403, 200]),
        // Without a course that is there.
        ("create_room", course_draft(), [401, 403, 403, 400]),
        (
            "browse_rooms",
            json!({ "search": "", "page": 1 }),
            [401, 200, 200, 200],
        ),
        (
            "search_messages",
            json!({ "query": { "text": "us alone" } }),
            [401, 200, 200, 200],
        ),
        (
            "search_messages",
            json!({ "query": { "text": "us alone", "room_id": room_id } }),
            [401, 404, 200, 200],
        ),
        (
            "find_people",
            json!({ "query": { "text": "", "role": null, "after": null } }),
            [401, 200, 200, 200],
        ),
        (
            "open_profile",
            json!({ "username": "nobody-of-that-name" }),
            [401, 404, 404, 404],
        ),
        ("canned_replies", json!({}), [401, 403, 403, 200]),
        ("keep_canned_reply", draft, [401, 403, 403, 200]),
        (
            "drop_canned_reply",
            json!({ "id": 999_999 }),
            [401, 403, 403, 404],
        ),
    ]);
    rows
}

/// What is done with accounts, which is for admins alone. The story `keeping` has the rest.
fn of_accounts() -> Vec<Row> {
    let asked = json!({ "asked": { "search": "", "role": null, "state": null, "after": null } });
    let draft =
        json!({ "draft": { "username": "eve", "name": "Eve", "email": "", "role": "admin" } });
    let user = json!({ "user_id": 1 });
    let for_none = [401, 403, 403, 403];
    vec![
        ("accounts", asked, for_none),
        ("add_account", draft, for_none),
        // Not even what is wrong with the file is told.
        ("import_people", json!({ "csv": "?" }), for_none),
        (
            "change_role",
            json!({ "user_id": 1, "role": "admin" }),
            for_none,
        ),
        ("make_password_link", user.clone(), for_none),
        ("close_account", user.clone(), for_none),
        ("reopen_account", user.clone(), for_none),
        ("end_sessions_of", user, for_none),
        (
            "open_password_form",
            json!({ "token": "x" }),
            [404, 404, 404, 404],
        ),
    ]
}

fn room_draft() -> Value {
    json!({ "draft": RoomDraft::new(RoomKind::Public, "Algebra") })
}

fn course_draft() -> Value {
    let draft = RoomDraft {
        course: Some(CourseId(999_999)),
        ..RoomDraft::new(RoomKind::Course, "Algebra")
    };
    json!({ "draft": draft })
}

/// What is done with a room; a support room is none that one joins, changes or leaves. The story `joining` has the rest.
fn of_rooms(room_id: i64) -> Vec<Row> {
    let room = json!({ "room_id": room_id });
    let with = |more: Value| {
        let mut body = room.clone();
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    let forbidden = [401, 404, 403, 403];
    vec![
        ("open_card", room.clone(), [401, 404, 200, 200]),
        // A support room was opened from no message, which is no secret to those in it.
        ("thread_origin", room.clone(), [401, 404, 200, 200]),
        ("update_room", with(json!({ "patch": {} })), forbidden),
        (
            "archive_room",
            with(json!({ "is_archived": true })),
            forbidden,
        ),
        ("delete_room", room.clone(), forbidden),
        (
            "choose_room",
            with(json!({ "choice": { "quiet": true } })),
            [401, 404, 200, 200],
        ),
        ("join_room", room.clone(), forbidden),
        ("leave_room", room.clone(), forbidden),
        ("ask_to_join", with(json!({ "note": "" })), forbidden),
        ("join_requests", room.clone(), forbidden),
        (
            "decide_request",
            with(json!({ "request_id": 1, "is_approved": true })),
            forbidden,
        ),
        (
            "room_members",
            with(json!({ "page": 1 })),
            [401, 404, 200, 200],
        ),
        ("invite_member", with(json!({ "user_id": 1 })), forbidden),
        (
            "change_member",
            with(json!({ "user_id": 1, "change": "kick", "reason": "" })),
            forbidden,
        ),
        (
            "open_direct",
            json!({ "user_id": 999_999 }),
            [401, 404, 404, 404],
        ),
        (
            "open_thread",
            json!({ "message_id": 999_999 }),
            [401, 404, 404, 404],
        ),
    ]
}

/// What admins decide for the school, and what each decides for themselves.
fn of_the_school() -> Vec<Row> {
    let for_admins = [401, 403, 403, 403];
    let on_nobody = [401, 404, 404, 404];
    vec![
        ("school_settings", json!({}), for_admins),
        (
            "set_policy",
            json!({ "policy": Policy::default() }),
            for_admins,
        ),
        ("set_look", json!({ "name": "", "accent": "" }), for_admins),
        (
            "tell_everybody",
            json!({ "content": "x", "until": null }),
            for_admins,
        ),
        ("end_alert", json!({ "id": 999_999 }), for_admins),
        ("dismiss_alert", json!({ "id": 999_999 }), on_nobody),
        (
            "block_person",
            json!({ "user_id": 999_999, "is_blocked": true }),
            on_nobody,
        ),
    ]
}

/// What stands behind `word` up to the next quote, in the files of a folder.
fn words_after(folder: &str, word: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let parts = text.split(word).skip(1);
        found.extend(parts.map(|part| part.split('"').next().unwrap().to_owned()));
    }
    found.sort();
    found
}

#[test]
fn no_server_function_is_left_out() {
    let mut tested: Vec<_> = table(1, 1)
        .into_iter()
        .map(|row| row.0.to_owned())
        .collect();
    tested.sort();
    tested.dedup();
    assert_eq!(words_after("src/api", "endpoint = \""), tested);
}

async fn each_server_function_is_for_those_it_is_for(app: TestApp) {
    let mut nobody = app.anonymous();
    nobody.csrf = hidden_token(&nobody.gets("/sign-in").await.text().await.unwrap());
    let (ben, ana) = (app.student("ben").await, app.student("ana").await);
    let nora = app.agent("nora").await;
    let room_id = ana.opens_support().await.id();
    let mut phone = ana.connects().await.0;
    let message_id = phone.says(room_id, "For us alone").await.message_id;
    let people = [&nobody, &ben, &ana, &nora];
    for (function, body, statuses) in table(room_id.0, message_id.0) {
        for (person, status) in people.iter().zip(statuses) {
            let answer = person.calls(function, body.clone()).await;
            let is = answer.status().as_u16();
            let said = answer.text().await.unwrap();
            assert_eq!(is, status, "{function}, {}: {said}", person.base);
            if status >= 400 {
                assert!(
                    !said.contains("For us alone") && !said.contains("ana"),
                    "{said}"
                );
            }
        }
    }
}

/// An internal note: a `chat_message` that says whom it is for.
const NOTE: &str = "note";

/// The commands that name a room; the others are about whoever sends them.
fn commands_of_rooms(room_id: i64, message_id: i64) -> Vec<(&'static str, Value)> {
    let resume = json!({ "epoch": "", "rooms": [{ "room_id": room_id, "since": 0 }] });
    vec![
        (
            "chat_message",
            json!({ "room_id": room_id, "content": "x" }),
        ),
        (
            NOTE,
            json!({ "room_id": room_id, "content": "x", "audience": "staff" }),
        ),
        ("delete_message", json!({ "message_id": message_id })),
        ("typing", json!({ "room_id": room_id })),
        ("stop_typing", json!({ "room_id": room_id })),
        ("mark_read", json!({ "room_id": room_id, "read_seq": 1 })),
        ("delivered", json!({ "room_id": room_id, "read_seq": 1 })),
        ("resume", resume),
        ("kick_user", json!({ "room_id": room_id, "user_id": 1 })),
        ("join_request", json!({ "room_id": room_id })),
        (
            "approve_join",
            json!({ "room_id": room_id, "request_id": 1 }),
        ),
        ("deny_join", json!({ "room_id": room_id, "request_id": 1 })),
        ("watch", json!({ "room_id": room_id })),
    ]
}

#[test]
fn no_command_is_left_out() {
    let file = std::fs::read_to_string("src/protocol/command.rs").unwrap();
    let (_, list) = file.split_once("const TYPES").unwrap();
    let (list, _) = list.split_once("];").unwrap();
    let mut known: Vec<_> = list.split('"').skip(1).step_by(2).collect();
    known.sort_unstable();
    let mut tested: Vec<_> = commands_of_rooms(1, 1)
        .into_iter()
        .map(|(kind, _)| kind)
        .filter(|kind| *kind != NOTE)
        .collect();
    // The last one is another word for `chat_message`.
    tested.extend(["hello", "ping", "presence", "private_message"]);
    tested.sort_unstable();
    assert_eq!(known, tested);
}

/// Everything that somebody is told who sends every command for that room, by the command that it answers.
async fn is_told(person: &Person, room_id: i64, message_id: i64) -> BTreeMap<String, Event> {
    let (mut socket, hello) = person.connects().await;
    for (kind, mut body) in commands_of_rooms(room_id, message_id) {
        body["type"] = if kind == NOTE { "chat_message" } else { kind }.into();
        body["ref"] = kind.into();
        if kind == "resume" {
            body["epoch"] = json!(hello.epoch);
        }
        socket.sends_text(&body.to_string()).await;
    }
    let mut told = BTreeMap::new();
    // All but `watch` have an answer; sends when they have been judged, beside the others.
    while told.len() < 12 {
        for event in socket.all_until_pong().await {
            let Event::Error(error) = &event else {
                panic!("{event:?}");
            };
            let kind = error.reference.clone().unwrap();
            assert_eq!(told.insert(kind, event), None, "one answer each");
        }
    }
    told
}

async fn no_command_reaches_into_somebody_elses_room(app: TestApp) {
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let message_id = phone.says(room_id, "For us alone").await.message_id;
    for outsider in [
        app.student("ben").await,
        app.person("tom", Role::Teacher).await,
    ] {
        let foreign = is_told(&outsider, room_id.0, message_id.0).await;
        // A room that is not there is told the same way.
        let unknown = is_told(&outsider, 999_999, 999_999).await;
        assert_eq!(foreign, unknown);
        for (kind, event) in foreign {
            match event {
                Event::Error(error) => assert_eq!(error.error, WireError::NotFound, "{kind}"),
                other => panic!("{other:?}"),
            }
        }
    }
    // Whose it is has heard nothing but what was written there.
    let heard = phone.all_until_pong().await;
    let is_own = |event: &Event| matches!(event, Event::ChatMessage { seq: Seq(1), .. });
    assert!(heard.iter().all(is_own), "{heard:?}");
    assert_eq!(ana.reads_room(room_id).await.seq, Seq(1));
}

on_both_databases!(
    each_server_function_is_for_those_it_is_for,
    no_command_reaches_into_somebody_elses_room,
);
