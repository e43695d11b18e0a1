//! S2, S3: rooms that people make: making, finding, changing, making read-only, letting go.

use quad::model::Role;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::{School, body, ids};
use crate::{app::TestApp, on_both_databases, rest::Program};

impl Program {
    /// Makes a room.
    pub async fn makes(&self, what: Value) -> i64 {
        let room = body(self.writes("rooms/", what).await, 201).await;
        room["id"].as_i64().unwrap()
    }

    /// Does what an address below `/api/chat/` is for.
    pub async fn does(&self, path: &str, status: u16) -> Value {
        body(self.writes(path, json!({})).await, status).await
    }

    /// Asks there by that method.
    pub async fn asks(&self, method: Method, path: &str, what: Value) -> Response {
        let request = self.request(method, &format!("/api/chat/{path}"));
        request.json(&what).send().await.unwrap()
    }

    /// The number of one's own account.
    pub async fn own_id(&self) -> i64 {
        let me = body(self.gets("/api/auth/me/").await, 200).await;
        me["id"].as_i64().unwrap()
    }
}

/// Whether these addresses answer alike: a room and one that is not there, to somebody who may know of neither.
pub async fn is_as_nothing(who: &Program, room: i64, paths: &[(Method, &str)]) {
    for (method, path) in paths {
        let there = path.replace("{id}", &room.to_string());
        let not = path.replace("{id}", "999999");
        let there = who.whole(method, &format!("/api/chat/{there}")).await;
        let not = who.whole(method, &format!("/api/chat/{not}")).await;
        assert_eq!(there.0, 404, "{method} {path}: {there:?}");
        assert_eq!(there, not, "{method} {path}");
    }
}

async fn a_room_is_made_with_what_is_said_of_it(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana) = (&school.tom, &school.ana);
    let said = json!({
        "name": " Algebra ", "description": "Numbers", "kind": "private", "listed": true, "max_participants": 7,
        "allow_file_uploads": false, "allow_voice_messages": false,
        // Not for anybody to say.
        "host": ana.own_id().await, "created_by": ana.own_id().await, "id": 77, "is_archived": true, "seq": 9,
    });
    let room = body(tom.writes("rooms/", said).await, 201).await;
    let tom_id = tom.own_id().await;
    for (name, value) in [
        ("name", json!("Algebra")),
        ("description", json!("Numbers")),
        ("kind", json!("private")),
        ("chat_type", json!("private")),
        ("public", json!(false)),
        ("listed", json!(true)),
        ("desk", Value::Null),
        ("course", Value::Null),
        ("course_id", Value::Null),
        ("user", Value::Null),
        ("participant_count", json!(1)),
        ("pending_count", json!(0)),
        ("max_participants", json!(7)),
        ("is_active", json!(true)),
        ("is_archived", json!(false)),
        ("is_participant", json!(true)),
        ("has_pending_request", json!(false)),
        ("is_full", json!(false)),
        ("can_join", json!(false)),
        ("role", json!("host")),
        ("muted", json!(false)),
        ("allow_file_uploads", json!(false)),
        ("allow_voice_messages", json!(false)),
        ("chat_mode", json!("public")),
        ("seq", json!(1)),
        ("unread_count", json!(0)),
        ("mention_count", json!(0)),
    ] {
        assert_eq!(room[name], value, "{name}");
    }
    assert_eq!(
        (&room["host"]["id"], &room["created_by"]["id"]),
        (&json!(tom_id), &json!(tom_id))
    );
    assert_eq!(room["participants"][0]["user"]["username"], "tom");
    assert_eq!(room["participants"][0]["role"], "admin");
    assert_eq!(room["participants"][0]["room_role"], "host");
    assert!(room.get("owner_message").is_none(), "of threads alone");

    for (said, kind, listed) in [
        (json!({ "name": "A", "public": true }), "public", true),
        (json!({ "name": "A", "public": false }), "private", true),
        (
            json!({ "name": "A", "chat_type": "public" }),
            "public",
            true,
        ),
        (json!({ "name": "A" }), "private", false),
    ] {
        let room = body(school.nora.writes("rooms/", said).await, 201).await;
        assert_eq!(
            (&room["kind"], &room["listed"]),
            (&json!(kind), &json!(listed))
        );
        assert_eq!(room["max_participants"], 100);
    }
    let made = json!({ "name": "Staff", "public": true });
    let made = body(school.nora.writes("rooms/create/", made).await, 201).await;
    assert_eq!(made["kind"], "public");

    // Whoever may not make one learns no more than that.
    for said in [json!({ "name": "Mine", "public": true }), json!({})] {
        let refused = body(ana.writes("rooms/", said).await, 403).await;
        assert_eq!(refused["code"], "forbidden");
    }
    for (said, field) in [
        (json!({}), "name"),
        (json!({ "name": "  " }), "name"),
        (json!({ "name": 7 }), "name"),
        (json!({ "name": "x".repeat(201) }), "name"),
        (json!({ "name": "a\nb" }), "name"),
        (
            json!({ "name": "A", "description": "x".repeat(2001) }),
            "description",
        ),
        (json!({ "name": "A", "kind": "support" }), "kind"),
        (json!({ "name": "A", "kind": "course" }), "course"),
        (json!({ "name": "A", "kind": "party" }), "kind"),
        (json!({ "name": "A", "course_id": 1 }), "course"),
        (json!({ "name": "A", "course": "MA-101" }), "course"),
        (
            json!({ "name": "A", "kind": "public", "course_id": 1 }),
            "course",
        ),
        (json!({ "name": "A", "public": "yes" }), "public"),
        (
            json!({ "name": "A", "max_participants": 1 }),
            "max_participants",
        ),
        (
            json!({ "name": "A", "max_participants": 1001 }),
            "max_participants",
        ),
        (
            json!({ "name": "A", "max_participants": "many" }),
            "max_participants",
        ),
        (json!({ "name": "A", "listed": 1 }), "listed"),
    ] {
        let refused = body(tom.writes("rooms/", said.clone()).await, 400).await;
        assert!(refused["fields"][field].is_array(), "{said}: {refused}");
    }
}

async fn rooms_are_found_by_those_who_may_know_of_them(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana) = (&school.tom, &school.ana);
    school.app.person("ada", Role::Admin).await;
    let ada = Program::of(&school.app, "ada").await;
    let public = tom.makes(json!({ "name": "Élan", "public": true })).await;
    let listed = tom
        .makes(json!({ "name": "Board", "kind": "private", "listed": true }))
        .await;
    let unlisted = tom
        .makes(json!({ "name": "Secret", "kind": "private" }))
        .await;
    let direct = json!({ "user_id": ana.own_id().await });
    body(tom.writes("conversations/start/", direct).await, 201).await;
    tom.says(listed, "inside").await;

    let found = async |who: &Program, query: &str| {
        let list = who.reads(&format!("rooms/{query}")).await;
        let found = ids(&list["results"]);
        assert_eq!(list["count"], found.len());
        found
    };
    for (who, query, expected) in [
        (tom, "", vec![listed, unlisted, public]),
        (ana, "", vec![listed, public]),
        (&ada, "", vec![unlisted, listed, public]),
        (ana, "?joined=false", vec![listed, public]),
        (ana, "?joined=true", vec![]),
        (tom, "?joined=false", vec![]),
        (tom, "?joined=true", vec![listed, unlisted, public]),
        (&ada, "?joined=false&kind=private", vec![unlisted, listed]),
        (ana, "?kind=private", vec![listed]),
        (ana, "?kind=direct", vec![]),
        (ana, "?search=%C3%A9LA", vec![public]),
        (ana, "?search=secret", vec![]),
        (ana, "?user_id=1", vec![]),
    ] {
        if query.contains("user_id") {
            assert_eq!(
                who.reads(&format!("rooms/{query}")).await["rooms"],
                json!([])
            );
            continue;
        }
        assert_eq!(found(who, query).await, expected, "{query}");
    }
    // What goes on inside is for those who are in, in the list and one by one.
    let list = ana.reads("rooms/?kind=private").await;
    for card in [
        &list["results"][0],
        &ana.reads(&format!("rooms/{listed}/")).await,
    ] {
        assert_eq!(card["host"]["name"], "tom");
        assert_eq!(card["participants"], json!([]));
        for (name, value) in [
            ("participant_count", json!(1)),
            ("is_participant", json!(false)),
            ("can_join", json!(false)),
            ("role", Value::Null),
            ("seq", json!(0)),
            ("unread_count", json!(0)),
            ("last_message", Value::Null),
            ("last_message_at", Value::Null),
            ("last_message_preview", Value::Null),
        ] {
            assert_eq!(card[name], value, "{name}");
        }
    }
    assert_eq!(
        ana.reads(&format!("rooms/{public}/")).await["can_join"],
        true
    );
    assert_eq!(found(ana, "?archived=true").await, Vec::<i64>::new());
    tom.does(&format!("rooms/{public}/archive/"), 200).await;
    assert_eq!(found(ana, "?archived=true").await, [public]);
    assert_eq!(
        ana.reads(&format!("rooms/{public}/")).await["can_join"],
        false
    );
    let inside = [
        (Method::GET, "rooms/{id}/messages/"),
        (Method::GET, "rooms/{id}/participants/"),
        (Method::GET, "rooms/{id}/join-requests/"),
        (Method::POST, "rooms/{id}/messages/"),
        (Method::POST, "rooms/{id}/leave/"),
        (Method::POST, "rooms/{id}/participants/"),
        (Method::POST, "rooms/{id}/approve/"),
        (Method::POST, "rooms/{id}/kick/1/"),
    ];
    is_as_nothing(ana, listed, &inside).await;
    is_as_nothing(ana, public, &inside).await;
    let whole = [
        (Method::GET, "rooms/{id}/"),
        (Method::PATCH, "rooms/{id}/"),
        (Method::PUT, "rooms/{id}/"),
        (Method::DELETE, "rooms/{id}/"),
        (Method::POST, "rooms/{id}/join/"),
        (Method::POST, "rooms/{id}/join-request/"),
        (Method::POST, "rooms/{id}/archive/"),
        (Method::POST, "rooms/{id}/unarchive/"),
        (Method::PATCH, "rooms/{id}/participants/1/"),
        (Method::POST, "rooms/{id}/approve-join/1/"),
        (Method::POST, "rooms/{id}/handle-join-request/1/"),
    ];
    is_as_nothing(ana, unlisted, &inside).await;
    is_as_nothing(ana, unlisted, &whole).await;
}

async fn a_host_changes_archives_and_lets_go(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana, ben) = (&school.tom, &school.ana, &school.ben);
    school.app.person("ada", Role::Admin).await;
    let ada = Program::of(&school.app, "ada").await;
    let room = tom
        .makes(json!({ "name": "Algebra", "public": true }))
        .await;
    let path = format!("rooms/{room}/");
    ana.does(&format!("rooms/{room}/join/"), 200).await;
    let changed = json!({ "name": "Geometry", "description": "Shapes", "max_participants": 5, "public": true });
    let changed = body(tom.asks(Method::PATCH, &path, changed).await, 200).await;
    assert_eq!(
        (
            &changed["name"],
            &changed["description"],
            &changed["max_participants"]
        ),
        (&json!("Geometry"), &json!("Shapes"), &json!(5))
    );
    // What is not named stays; the same again is no change.
    let again = body(
        tom.asks(Method::PUT, &path, json!({ "name": "Geometry" }))
            .await,
        200,
    )
    .await;
    assert_eq!(
        (&again["seq"], &again["description"]),
        (&changed["seq"], &json!("Shapes"))
    );
    let by_admin = json!({ "allow_file_uploads": false });
    let by_admin = body(ada.asks(Method::PATCH, &path, by_admin).await, 200).await;
    assert_eq!(by_admin["allow_file_uploads"], false);
    for who in [ana, ben, &school.nora] {
        for method in [Method::PATCH, Method::PUT, Method::DELETE] {
            let refused = who.asks(method, &path, json!({ "name": "Mine" })).await;
            assert_eq!(body(refused, 403).await["code"], "forbidden");
        }
        for act in ["archive", "unarchive"] {
            who.does(&format!("rooms/{room}/{act}/"), 403).await;
        }
    }
    for (said, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "kind": "private" }), "kind"),
        (json!({ "public": false }), "public"),
        (json!({ "max_participants": 1 }), "max_participants"),
        (json!({ "description": "x".repeat(2001) }), "description"),
    ] {
        let refused = body(tom.asks(Method::PATCH, &path, said.clone()).await, 400).await;
        assert!(refused["fields"][field].is_array(), "{said}: {refused}");
    }

    for _ in 0..2 {
        let archived = tom.does(&format!("rooms/{room}/archive/"), 200).await;
        assert_eq!(
            (&archived["is_archived"], &archived["is_active"]),
            (&json!(true), &json!(false))
        );
    }
    for (who, method, part, what) in [
        (ana, Method::POST, "messages/", json!({ "content": "x" })),
        (ben, Method::POST, "join/", json!({})),
        (tom, Method::PATCH, "", json!({ "name": "Closed" })),
        (
            tom,
            Method::POST,
            "participants/",
            json!({ "user_id": ben.own_id().await }),
        ),
    ] {
        let refused = who.asks(method, &format!("{path}{part}"), what).await;
        assert_eq!(body(refused, 409).await["code"], "archived", "{part}");
    }
    for _ in 0..2 {
        let back = tom.does(&format!("rooms/{room}/unarchive/"), 200).await;
        assert_eq!(back["is_archived"], false);
    }
    ana.says(room, "open again").await;

    let gone = tom.asks(Method::DELETE, &path, json!({})).await;
    assert_eq!(
        (gone.status().as_u16(), gone.text().await.unwrap().as_str()),
        (204, "")
    );
    for who in [tom, ana, &ada] {
        for method in [Method::GET, Method::PATCH, Method::DELETE] {
            body(who.asks(method, &path, json!({})).await, 404).await;
        }
        assert_eq!(ids(&who.reads("rooms/").await["results"]), [0_i64; 0]);
    }
}

on_both_databases!(
    a_room_is_made_with_what_is_said_of_it,
    rooms_are_found_by_those_who_may_know_of_them,
    a_host_changes_archives_and_lets_go,
);
