//! S2, S3: who is in a room: joining, leaving, kicking, inviting, roles; and requests to join.

use quad::model::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::{School, body, groups::is_as_nothing, ids};
use crate::{app::TestApp, on_both_databases, rest::Program};

/// The names of an object's fields.
fn names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

async fn one_joins_and_leaves_and_comes_back(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana, ben) = (&school.tom, &school.ana, &school.ben);
    let room = tom
        .makes(json!({ "name": "Small", "public": true, "max_participants": 2 }))
        .await;
    let join = format!("rooms/{room}/join/");
    for _ in 0..2 {
        let joined = ana.does(&join, 200).await;
        assert_eq!(
            (&joined["is_participant"], &joined["role"]),
            (&json!(true), &json!("member"))
        );
        assert_eq!(
            (&joined["participant_count"], &joined["is_full"]),
            (&json!(2), &json!(true))
        );
        assert_eq!(joined["seq"], 2, "once");
    }
    assert_eq!(ben.does(&join, 409).await["code"], "full");
    let card = ben.reads(&format!("rooms/{room}/")).await;
    assert_eq!(
        (&card["is_full"], &card["can_join"]),
        (&json!(true), &json!(false))
    );

    let left = ana.does(&format!("rooms/{room}/leave/"), 200).await;
    assert_eq!(
        (&left["success"], &left["room_id"]),
        (&json!(true), &json!(room))
    );
    ana.does(&format!("rooms/{room}/leave/"), 404).await;
    body(
        ana.gets(&format!("/api/chat/rooms/{room}/messages/")).await,
        404,
    )
    .await;
    ben.does(&join, 200).await;
    assert_eq!(
        tom.does(&format!("rooms/{room}/leave/"), 409).await["code"],
        "last_host"
    );
    ben.does(&format!("rooms/{room}/leave/"), 200).await;
    assert_eq!(
        ana.does(&join, 200).await["is_participant"],
        true,
        "again after leaving"
    );

    let private = tom
        .makes(json!({ "name": "Board", "kind": "private", "listed": true }))
        .await;
    let refused = ana.does(&format!("rooms/{private}/join/"), 403).await;
    assert_eq!(refused["code"], "forbidden");
    let support = ana.own_room().await;
    for act in ["join", "leave", "archive"] {
        ana.does(&format!("rooms/{support}/{act}/"), 403).await;
    }
}

async fn who_keeps_order_puts_out(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana, ben) = (&school.tom, &school.ana, &school.ben);
    school.app.person("ada", Role::Admin).await;
    let ada = Program::of(&school.app, "ada").await;
    let room = tom
        .makes(json!({ "name": "Algebra", "public": true }))
        .await;
    let (ana_id, ben_id, tom_id) = (ana.own_id().await, ben.own_id().await, tom.own_id().await);
    for who in [ana, ben] {
        who.does(&format!("rooms/{room}/join/"), 200).await;
    }
    let kick = |id: i64| format!("rooms/{room}/kick/{id}/");
    ana.does(&kick(ben_id), 403).await;
    let role = format!("rooms/{room}/participants/{ana_id}/");
    let moderator = json!({ "role": "moderator" });
    body(ben.asks(Method::PATCH, &role, moderator.clone()).await, 403).await;
    let made = body(tom.asks(Method::PATCH, &role, moderator).await, 200).await;
    assert_eq!(
        (&made["role"], &made["room_role"]),
        (&json!("moderator"), &json!("moderator"))
    );
    ana.does(&kick(tom_id), 403).await;
    let kicked = ana.does(&kick(ben_id), 200).await;
    assert_eq!(
        (&kicked["room_id"], &kicked["user_id"]),
        (&json!(room), &json!(ben_id))
    );
    ana.does(&kick(ben_id), 404).await;
    body(
        ben.gets(&format!("/api/chat/rooms/{room}/messages/")).await,
        404,
    )
    .await;
    ben.does(&format!("rooms/{room}/join/"), 200).await;
    // An admin keeps order without being in.
    ada.does(&kick(ben_id), 200).await;
    for unknown in ["x", "0", "999999", "-1"] {
        tom.does(&format!("rooms/{room}/kick/{unknown}/"), 404)
            .await;
    }
    let reason = tom
        .writes(&kick(ana_id), json!({ "reason": "x".repeat(501) }))
        .await;
    assert!(body(reason, 400).await["fields"]["reason"].is_array());

    for (said, status) in [
        (json!({}), 400),
        (json!({ "role": "king" }), 400),
        (json!({ "role": "admin" }), 200),
        (json!({ "role": "host" }), 200),
    ] {
        body(tom.asks(Method::PATCH, &role, said).await, status).await;
    }
    tom.does(&format!("rooms/{room}/leave/"), 200).await;
    assert_eq!(
        ana.reads(&format!("rooms/{room}/")).await["host"]["id"],
        ana_id
    );
}

async fn participants_are_shown_to_those_who_are_in(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana, ben) = (&school.tom, &school.ana, &school.ben);
    let room = tom
        .makes(json!({ "name": "Board", "kind": "private" }))
        .await;
    let path = format!("rooms/{room}/participants/");
    let (ana_id, ben_id) = (ana.own_id().await, ben.own_id().await);
    let invited = tom.writes(&path, json!({ "user_id": ben_id })).await;
    let invited = body(invited, 201).await;
    assert_eq!(
        names(&invited),
        [
            "is_active",
            "joined_at",
            "presence",
            "role",
            "room_role",
            "user",
            "user_id"
        ]
    );
    assert_eq!(
        names(&invited["user"]),
        ["avatar", "id", "name", "role", "username"]
    );
    assert_eq!(
        (&invited["user_id"], &invited["room_role"]),
        (&json!(ben_id), &json!("member"))
    );
    body(tom.writes(&path, json!({ "user_id": ben_id })).await, 200).await;
    body(tom.writes(&path, json!({ "user_id": ana_id })).await, 201).await;
    let list = ben.reads(&path).await;
    let people: Vec<_> = list["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["user"]["name"])
        .collect();
    assert_eq!(
        people,
        ["tom", "ana", "ben"],
        "the host first, then by name"
    );
    assert_eq!(
        (&list["count"], &list["results"][0]["role"]),
        (&json!(3), &json!("admin"))
    );
    let second = ben.reads(&format!("{path}?page=2&page_size=2")).await;
    assert_eq!(second["results"][0], list["results"][2]);
    assert_eq!(
        (&second["count"], &second["next"]),
        (&json!(3), &Value::Null)
    );

    body(ana.writes(&path, json!({ "user_id": ben_id })).await, 403).await;
    for (said, status) in [
        (json!({}), 400),
        (json!({ "user_id": "x" }), 400),
        (json!({ "user_id": 999_999 }), 404),
    ] {
        let refused = body(tom.writes(&path, said).await, status).await;
        assert_eq!(status == 400, refused["fields"]["user_id"].is_array());
    }
    let inside = [
        (Method::GET, "rooms/{id}/participants/"),
        (Method::POST, "rooms/{id}/participants/"),
    ];
    is_as_nothing(&school.nora, room, &inside).await;
    // Of a support room: whose it is, without a row.
    let support = ana.own_room().await;
    let people = school
        .nora
        .reads(&format!("rooms/{support}/participants/"))
        .await;
    assert_eq!(
        (&people["count"], &people["results"][0]["user_id"]),
        (&json!(1), &json!(ana_id))
    );
}

async fn a_request_is_made_once_and_decided_once(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana, ben) = (&school.tom, &school.ana, &school.ben);
    let room = tom
        .makes(json!({ "name": "Board", "public": false, "max_participants": 2 }))
        .await;
    let ask = format!("rooms/{room}/join-request/");
    let request = ana
        .writes(&ask, json!({ "note": "Please", "status": "approved" }))
        .await;
    let request = body(request, 201).await;
    assert_eq!(
        names(&request),
        [
            "created_at",
            "id",
            "note",
            "processed_at",
            "processed_by",
            "room",
            "status",
            "user"
        ]
    );
    assert_eq!(
        (&request["room"], &request["note"]),
        (&json!(room), &json!("Please"))
    );
    assert_eq!(
        (&request["status"], &request["user"]["name"]),
        (&json!("pending"), &json!("ana"))
    );
    assert_eq!(ana.does(&ask, 409).await["code"], "already_exists");
    let note = json!({ "note": "x".repeat(501) });
    assert!(body(ben.writes(&ask, note).await, 400).await["fields"]["note"].is_array());
    assert_eq!(
        ana.reads(&format!("rooms/{room}/")).await["has_pending_request"],
        true
    );
    assert_eq!(
        tom.reads(&format!("rooms/{room}/")).await["pending_count"],
        1
    );

    let id = request["id"].as_i64().unwrap();
    let approve = format!("rooms/{room}/approve-join/{id}/");
    ben.does(&approve, 404).await;
    body(
        ben.gets(&format!("/api/chat/rooms/{room}/join-requests/"))
            .await,
        404,
    )
    .await;
    let approved = tom.does(&approve, 200).await;
    assert_eq!(
        (&approved["status"], &approved["processed_by"]),
        (&json!("approved"), &json!(tom.own_id().await))
    );
    assert!(approved["processed_at"].is_string());
    tom.does(&approve, 200).await;
    assert_eq!(
        tom.does(&format!("rooms/{room}/deny-join/{id}/"), 409)
            .await["code"],
        "conflict"
    );
    for unknown in ["x", "0", "999999"] {
        tom.does(&format!("rooms/{room}/approve-join/{unknown}/"), 404)
            .await;
    }
    assert_eq!(ana.reads(&format!("rooms/{room}/")).await["role"], "member");
    assert_eq!(
        ana.does(&ask, 409).await["code"],
        "already_exists",
        "who is in"
    );
    // Who is in decides nothing and sees nobody's request.
    let requests = format!("rooms/{room}/join-requests/");
    body(ana.gets(&format!("/api/chat/{requests}")).await, 403).await;
    ana.does(&approve, 403).await;

    let second = body(ben.writes(&ask, json!({})).await, 201).await["id"].clone();
    let by_body = json!({ "request_id": second });
    for act in ["approve", "deny"] {
        let path = format!("rooms/{room}/{act}/");
        assert!(tom.does(&path, 400).await["fields"]["request_id"].is_array());
        body(ana.writes(&path, by_body.clone()).await, 403).await;
    }
    let full = tom
        .writes(&format!("rooms/{room}/approve/"), by_body.clone())
        .await;
    assert_eq!(body(full, 409).await["code"], "full");
    let denied = tom.writes(&format!("rooms/{room}/deny/"), by_body).await;
    assert_eq!(body(denied, 200).await["status"], "denied");

    // A denial is not final.
    let third = body(ben.writes(&ask, json!({})).await, 201).await["id"].clone();
    ana.does(&format!("rooms/{room}/leave/"), 200).await;
    let handle = format!("rooms/{room}/handle-join-request/{}/", ben.own_id().await);
    for wrong in [json!({}), json!({ "action": "perhaps" })] {
        assert!(body(tom.writes(&handle, wrong).await, 400).await["fields"]["action"].is_array());
    }
    let handled = tom.writes(&handle, json!({ "action": "approve" })).await;
    let handled = body(handled, 200).await;
    assert_eq!(
        (&handled["id"], &handled["status"]),
        (&third, &json!("approved"))
    );
    body(tom.writes(&handle, json!({ "action": "deny" })).await, 404).await;

    for (query, expected) in [
        ("", vec![&request["id"], &second, &third]),
        ("?status=approved", vec![&request["id"], &third]),
        ("?status=denied", vec![&second]),
        ("?status=pending", vec![]),
        ("?page_size=1&page=2", vec![&second]),
    ] {
        let list = tom.reads(&format!("{requests}{query}")).await;
        let found = ids(&list["results"]);
        let expected: Vec<i64> = expected.iter().map(|id| id.as_i64().unwrap()).collect();
        assert_eq!(found, expected, "{query}");
    }
    body(
        tom.gets(&format!("/api/chat/{requests}?status=x")).await,
        400,
    )
    .await;
    let public = tom.makes(json!({ "name": "All", "public": true })).await;
    ana.does(&format!("rooms/{public}/join-request/"), 403)
        .await;
    let archived = tom.makes(json!({ "name": "Old", "public": false })).await;
    tom.does(&format!("rooms/{archived}/archive/"), 200).await;
    assert_eq!(
        ana.does(&format!("rooms/{archived}/join-request/"), 409)
            .await["code"],
        "archived"
    );
}

on_both_databases!(
    one_joins_and_leaves_and_comes_back,
    who_keeps_order_puts_out,
    participants_are_shown_to_those_who_are_in,
    a_request_is_made_once_and_decided_once,
);
