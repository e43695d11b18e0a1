//! Admins keep the school's accounts: what each act does at once, to whom, and that it is written down.

use std::time::Duration;

use futures_util::{StreamExt, future::join_all};
use quad::{
    model::{
        Role, UserId, WireError,
        keeping::{Account, AccountList, PasswordLink},
    },
    protocol::Event,
    server::{service::OldUser, store::audit},
};
use serde_json::{Value, json};

use crate::{
    app::{PASSWORD, Person, Socket, TestApp},
    on_both_databases,
    rest::{Program, whole},
};

impl Person {
    /// The status and the body of a server function about an account.
    async fn keeps_account(&self, function: &str, body: Value) -> (u16, String) {
        whole(self.calls(function, body).await).await
    }

    pub async fn does_to(&self, function: &str, user_id: UserId) -> u16 {
        let body = json!({ "user_id": user_id });
        self.keeps_account(function, body).await.0
    }

    pub async fn gives_role(&self, user_id: UserId, role: Role) -> u16 {
        let body = json!({ "user_id": user_id, "role": role });
        self.keeps_account("change_role", body).await.0
    }

    async fn adds(&self, username: &str, name: &str, email: &str) -> (u16, String) {
        let draft =
            json!({ "username": username, "name": name, "email": email, "role": "teacher" });
        self.keeps_account("add_account", json!({ "draft": draft }))
            .await
    }

    async fn lists(&self, asked: Value) -> AccountList {
        let mut all = json!({ "search": "", "role": null, "state": null, "after": null });
        for (name, value) in asked.as_object().unwrap() {
            all[name] = value.clone();
        }
        self.reads("accounts", json!({ "asked": all })).await
    }
}

fn usernames(list: &AccountList) -> Vec<&str> {
    let people = list.people.iter();
    people.map(|account| account.username.as_str()).collect()
}

/// What was written down about an account: who did it, what, and what else there is to say.
pub async fn written(app: &TestApp, id: UserId) -> Vec<(Option<UserId>, &'static str, Value)> {
    let store = app.store().await;
    let mut reader = store.read().await.unwrap();
    let rows = audit::of_user(&mut reader.conn(), id, 100).await.unwrap();
    rows.into_iter()
        .map(|row| {
            assert_eq!((row.target_id, row.target_kind.as_str()), (id, "user"));
            let args = serde_json::from_str(&row.args).unwrap();
            (row.actor_id, row.action.as_str(), args)
        })
        .collect()
}

async fn closes_within_a_second(socket: &mut Socket, code: u16) {
    let closed = tokio::time::timeout(Duration::from_secs(1), socket.closed());
    assert_eq!(closed.await.expect("closed within a second"), code);
}

async fn accounts_are_found_by_name_role_and_state_page_by_page(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let user = |n: usize| OldUser {
        user: quad::server::service::NewUser {
            username: format!("pupil-{n:03}"),
            name: format!("Pupil {n:03}"),
            email: (n == 7).then(|| "seven@school.example".to_owned()),
            role: Role::Student,
            language: "en".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            password: PASSWORD.to_owned().into(),
        },
        created_at: quad::model::Timestamp(0),
    };
    let ids = app.services.add_users((0..119).map(user).collect()).await;
    let ids = ids.unwrap();
    let (status, _) = head.adds("petrovic", "Ana Petrović", "").await;
    assert_eq!(status, 200);
    assert_eq!(head.does_to("close_account", ids[3]).await, 200);

    let (mut seen, mut after) = (Vec::new(), Value::Null);
    for expected in [50, 50, 21] {
        let page = head.lists(json!({ "after": after })).await;
        assert_eq!((page.people.len(), page.count), (expected, 121));
        after = json!(page.next);
        seen.extend(page.people);
    }
    assert_eq!(after, Value::Null);
    let names: Vec<_> = seen.iter().map(|account| account.name.as_str()).collect();
    assert!(
        names[0] == "Ana Petrović"
            && names[1] == "head"
            && names.is_sorted_by_key(|name| name.to_lowercase())
    );
    let mut ids: Vec<_> = seen.iter().map(|account| account.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 121, "each once");

    for (asked, found) in [
        (json!({ "search": "PETROVIC" }), vec!["petrovic"]),
        (json!({ "search": "seven@" }), vec!["pupil-007"]),
        (json!({ "role": "teacher" }), vec!["petrovic"]),
        (json!({ "role": "admin", "state": "open" }), vec!["head"]),
        (json!({ "state": "closed" }), vec!["pupil-003"]),
        (json!({ "search": "100%" }), vec![]),
        (json!({ "search": "a\u{0}b" }), vec![]),
    ] {
        let list = head.lists(asked.clone()).await;
        assert_eq!(usernames(&list), found, "{asked}");
        assert_eq!(list.count, i64::try_from(found.len()).unwrap());
    }
    let petrovic: &Account = &head.lists(json!({ "search": "petrovic" })).await.people[0];
    assert!(!petrovic.has_password && petrovic.closed_at.is_none());
}

async fn what_is_wrong_with_a_new_account_is_told_by_its_field(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    for (username, name, email, field) in [
        ("", "Ana", "", "username"),
        ("a b", "Ana", "", "username"),
        ("ana", "", "", "name"),
        ("ana", "two\nlines", "", "name"),
        ("ana", "Ana", "nonsense", "email"),
    ] {
        let (status, body) = head.adds(username, name, email).await;
        assert_eq!(status, 400, "{body}");
        let body: Value = serde_json::from_str(&body).unwrap();
        let fields: Vec<_> = body["fields"].as_object().unwrap().keys().collect();
        assert_eq!(fields, [field]);
    }
    let long = "ä".repeat(201);
    assert_eq!(head.adds("ana", &long, "").await.0, 400);
    assert_eq!(head.adds("ana", &long[2..], "").await.0, 200);
    assert_eq!(
        head.adds("أنا", "أنا \u{202e}x", "ana@school.example")
            .await
            .0,
        200
    );
    for taken in ["ana", " ANA "] {
        let (status, body) = head.adds(taken, "Another", "").await;
        assert_eq!(status, 409, "{body}");
    }
    let tries = join_all((0..10).map(|_| head.adds("many", "Many", ""))).await;
    let mut statuses: Vec<_> = tries.into_iter().map(|(status, _)| status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [[200].as_slice(), &[409; 9]].concat());
    // Nothing more than what is asked for may be said.
    let draft = json!({ "username": "eve", "name": "Eve", "email": "", "role": "root" });
    let (status, _) = head
        .keeps_account("add_account", json!({ "draft": draft }))
        .await;
    assert_eq!(status, 400);
    assert_eq!(app.services.user_count().await.unwrap(), 4);
}

async fn nobody_else_keeps_accounts(app: TestApp) {
    let ben = app.student_account("ben").await.id;
    for person in [
        app.student("ana").await,
        app.person("tess", Role::Teacher).await,
        app.agent("nora").await,
    ] {
        assert_eq!(person.adds("eve", "Eve", "").await.0, 403);
        assert_eq!(person.gives_role(ben, Role::Admin).await, 403);
        for function in [
            "make_password_link",
            "close_account",
            "reopen_account",
            "end_sessions_of",
        ] {
            assert_eq!(person.does_to(function, ben).await, 403, "{function}");
            // The same where there is no such account.
            assert_eq!(person.does_to(function, UserId(999_999)).await, 403);
        }
        let page = person.gets("/admin/people").await;
        assert!([403, 404].contains(&page.status().as_u16()));
        let page = page.text().await.unwrap();
        assert!(
            !page.contains(">ben<") && page.contains("Nothing here"),
            "{page}"
        );
    }
    assert_eq!(written(&app, ben).await, []);
    assert_eq!(app.services.user_count().await.unwrap(), 4);
    let head = app.person("head", Role::Admin).await;
    for function in ["make_password_link", "close_account", "reopen_account"] {
        assert_eq!(head.does_to(function, UserId(999_999)).await, 404);
    }
}

async fn every_act_is_written_down_once(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let by = Some(head.id().await);
    let (_, made) = head.adds("ana", "Ana", "").await;
    let made: PasswordLink = serde_json::from_str(&made).unwrap();
    let ana = made.user_id;
    for _ in 0..2 {
        // The second time there is nothing to do.
        assert_eq!(head.gives_role(ana, Role::Agent).await, 200);
    }
    assert_eq!(head.does_to("make_password_link", ana).await, 200);
    assert_eq!(head.does_to("end_sessions_of", ana).await, 200);
    for function in ["close_account", "reopen_account"] {
        for _ in 0..2 {
            assert_eq!(head.does_to(function, ana).await, 200, "{function}");
        }
    }
    let rows = written(&app, ana).await;
    assert!(rows.iter().all(|row| row.0 == by), "{rows:?}");
    let acts: Vec<_> = rows.iter().map(|row| row.1).collect();
    assert_eq!(
        acts,
        [
            "user_added",
            "password_link_made",
            "role_changed",
            "password_link_made",
            "sessions_ended",
            "user_closed",
            "user_reopened",
        ]
    );
    assert_eq!(rows[0].2, json!({ "role": "teacher" }));
    assert_eq!(rows[2].2, json!({ "from": "teacher", "to": "agent" }));
    // A link is in the table of nothing but links, and there by its hash alone.
    let token = made.path.rsplit('/').next().unwrap();
    assert!(rows.iter().all(|row| !row.2.to_string().contains(token)));
}

async fn a_closed_account_is_out_at_once_and_comes_back_when_it_is_opened(app: TestApp) {
    let node = app.second_node().await;
    let head = app.person("head", Role::Admin).await;
    let ana = app.student("ana").await;
    let program = Program::of(&app, "ana").await;
    let ((mut here, hello), (mut there, _)) =
        (ana.connects().await, ana.at(&node).connects().await);
    let id = hello.user.id;
    let (mut heads, _) = head.connects().await;
    assert_eq!(head.does_to("close_account", id).await, 200);
    closes_within_a_second(&mut here, 4401).await;
    closes_within_a_second(&mut there, 4401).await;
    heads.all_until_pong().await;
    assert_eq!(program.is_known().await, 401);
    assert!(ana.tries_socket(&ana.base).await.is_err());
    let location =
        |answer: reqwest::Response| answer.headers()["location"].to_str().unwrap().to_owned();
    let mut again = app.anonymous();
    let answer = again.signs_in("ana", PASSWORD).await;
    assert_eq!(location(answer), "/sign-in?error=wrong_credentials");
    assert_eq!(head.does_to("make_password_link", id).await, 409);

    assert_eq!(head.does_to("reopen_account", id).await, 200);
    // What was ended stays so.
    assert_eq!(program.is_known().await, 401);
    assert_eq!(location(again.signs_in("ana", PASSWORD).await), "/");
}

async fn sessions_that_an_admin_ends_close_their_sockets(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let ana = app.student("ana").await;
    let program = Program::of(&app, "ana").await;
    let (mut page, hello) = ana.connects().await;
    assert_eq!(head.does_to("end_sessions_of", hello.user.id).await, 200);
    closes_within_a_second(&mut page, 4401).await;
    assert_eq!(program.is_known().await, 401);
    let rows = written(&app, hello.user.id).await;
    assert_eq!(rows.last().unwrap().2, json!({ "count": 2 }));
    Program::of(&app, "ana").await;
}

async fn another_role_holds_at_once_on_every_open_socket(app: TestApp) {
    let node = app.second_node().await;
    let head = app.person("head", Role::Admin).await;
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    phone.says(room_id, "Before").await;
    let nora = app.agent("nora").await;
    let program = Program::of(&app, "nora").await;
    let ((mut here, hello), (mut there, _)) =
        (nora.connects().await, nora.at(&node).connects().await);
    assert!(hello.rooms.iter().any(|room| room.id() == room_id));
    let id = hello.user.id;

    assert_eq!(head.gives_role(id, Role::Student).await, 200);
    phone.says(room_id, "Not for a student").await;
    closes_within_a_second(&mut here, 4409).await;
    closes_within_a_second(&mut there, 4409).await;
    assert_eq!(nora.tries("room_snapshot", room_id).await, 404);
    assert_eq!(program.is_known().await, 200);

    // The session goes on, as a student's.
    let (mut page, hello) = nora.connects().await;
    assert_eq!((hello.user.role, hello.rooms.len()), (Role::Student, 0));
    phone.says(room_id, "Nor this").await;
    let own = nora.opens_support().await.id();
    page.says(own, "I have a question").await;
    let heard = page.all_until_pong().await;
    let is_own =
        |event: &Event| !matches!(event, Event::ChatMessage { room_id, .. } if *room_id != own);
    assert!(heard.iter().all(is_own), "{heard:?}");

    // And the other way.
    assert_eq!(head.gives_role(id, Role::Agent).await, 200);
    closes_within_a_second(&mut page, 4409).await;
    let (_, hello) = nora.connects().await;
    assert!(hello.rooms.iter().any(|room| room.id() == room_id));
}

async fn nothing_more_is_written_in_a_former_role(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let nora = app.agent("nora").await;
    let (mut desk, hello) = nora.connects().await;
    assert_eq!(head.gives_role(hello.user.id, Role::Student).await, 200);
    for n in 0..20 {
        phone.says(room_id, &format!("Secret {n}")).await;
    }
    while let Some(Ok(frame)) = desk.stream.next().await {
        assert!(!frame.to_string().contains("Secret"), "{frame:?}");
    }
}

async fn the_last_admin_stays(app: TestApp) {
    let node = app.second_node().await;
    let head = app.person("head", Role::Admin).await;
    let id = head.id().await;
    let last = (409, WireError::LastAdmin.code());
    for (function, body) in [
        ("close_account", json!({ "user_id": id })),
        ("change_role", json!({ "user_id": id, "role": "agent" })),
    ] {
        let (status, body) = head.keeps_account(function, body).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, body["code"].as_str().unwrap()), last, "{function}");
    }
    assert_eq!(head.gives_role(id, Role::Admin).await, 200);
    let deputy = app.person("deputy", Role::Admin).await.id().await;
    // A closed one does not count.
    assert_eq!(head.does_to("close_account", deputy).await, 200);
    assert_eq!(head.does_to("close_account", id).await, 409);
    assert_eq!(head.does_to("reopen_account", deputy).await, 200);
    // Two at once, on two nodes: one of them stays.
    for round in 0..10 {
        let (one, two) = (&app.services, &node.services);
        let answers = if round % 2 == 0 {
            tokio::join!(
                one.set_role(None, id, Role::Agent),
                two.close_account(None, deputy)
            )
        } else {
            tokio::join!(one.close_account(None, id), two.close_account(None, deputy))
        };
        let refused = [&answers.0, &answers.1];
        let refused: Vec<_> = refused
            .into_iter()
            .filter_map(|answer| answer.as_ref().err())
            .collect();
        assert_eq!(refused, [&WireError::LastAdmin], "round {round}");
        for admin in [id, deputy] {
            one.reopen_account(None, admin).await.unwrap();
            one.set_role(None, admin, Role::Admin).await.unwrap();
        }
    }
}

async fn of_two_changes_at_once_one_follows_the_other(app: TestApp) {
    let node = app.second_node().await;
    let head = app.person("head", Role::Admin).await;
    let ana = app.student_account("ana").await.id;
    let (here, there) = (head.again(), head.at(&node));
    let changes = tokio::join!(
        here.gives_role(ana, Role::Teacher),
        there.gives_role(ana, Role::Agent)
    );
    assert_eq!(changes, (200, 200));
    let rows = written(&app, ana).await;
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0].2["from"], "student");
    assert_eq!(rows[1].2["from"], rows[0].2["to"]);
    let list = head.lists(json!({ "search": "ana" })).await;
    assert_eq!(json!(list.people[0].role), rows[1].2["to"]);
}

async fn the_page_is_complete_without_a_script(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    head.adds("ana", "Ana <b>", "ana@school.example").await;
    let page = head.gets("/admin/people?q=ana&role=teacher").await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    for part in [
        "Ana &lt;b&gt;",
        "ana@school.example",
        "No password yet",
        "role=\"search\"",
        "value=\"ana\"",
        "</html>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains(">head</bdi> <bdi"), "{page}");
    let none = head.gets("/admin/people?q=nobody-of-that-name").await;
    assert!(none.text().await.unwrap().contains("Nobody found"));
    let stranger = app.anonymous().visits("/admin/people").await;
    assert_eq!(
        stranger.headers()["location"],
        "/sign-in?next=/admin/people"
    );
}

on_both_databases!(
    accounts_are_found_by_name_role_and_state_page_by_page,
    what_is_wrong_with_a_new_account_is_told_by_its_field,
    nobody_else_keeps_accounts,
    every_act_is_written_down_once,
    a_closed_account_is_out_at_once_and_comes_back_when_it_is_opened,
    sessions_that_an_admin_ends_close_their_sockets,
    another_role_holds_at_once_on_every_open_socket,
    nothing_more_is_written_in_a_former_role,
    the_last_admin_stays,
    of_two_changes_at_once_one_follows_the_other,
    the_page_is_complete_without_a_script,
);
