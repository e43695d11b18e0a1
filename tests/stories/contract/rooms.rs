//! S0: rooms, as lists and one by one, and a student's support room.

use serde_json::{Value, json};

use super::{School, body, ids};
use crate::{app::TestApp, on_both_databases};

/// Every field that the contract gives a room.
const FIELDS: [&str; 38] = [
    "id",
    "name",
    "description",
    "kind",
    "chat_type",
    "public",
    "listed",
    "desk",
    "course",
    "course_id",
    "host",
    "created_by",
    "user",
    "participants",
    "participant_count",
    "pending_count",
    "max_participants",
    "is_active",
    "is_archived",
    "is_participant",
    "has_pending_request",
    "is_full",
    "can_join",
    "role",
    "muted",
    "allow_file_uploads",
    "allow_voice_messages",
    "chat_mode",
    "seq",
    "unread_count",
    "mention_count",
    "last_message",
    "last_message_at",
    "created_at",
    "updated_at",
    "user_name",
    "user_email",
    "last_message_preview",
];

async fn a_student_has_one_room_and_those_who_answer_see_it(app: TestApp) {
    let school = School::new(app).await;
    let made = school.ana.writes("rooms/create/", json!({})).await;
    let room = body(made, 201).await;
    let again = school
        .ana
        .writes("rooms/create/", json!({ "recipient_type": "admin" }));
    let again = body(again.await, 200).await;
    assert_eq!(again["id"], room["id"]);
    for field in FIELDS {
        assert!(room.get(field).is_some(), "{field}: {room}");
    }
    assert_eq!(
        (&room["kind"], &room["desk"]),
        (&json!("support"), &json!("admin"))
    );
    assert_eq!(room["participants"][0]["user"]["username"], "ana");
    assert_eq!(room["is_participant"], true);

    for (who, count) in [
        (&school.ana, 1),
        (&school.nora, 1),
        (&school.ben, 0),
        (&school.tom, 0),
    ] {
        let list = who.reads("rooms/").await;
        assert_eq!(list["count"], count);
        assert_eq!(list["results"].as_array().unwrap().len(), count);
    }
    let shown = school.nora.reads(&format!("rooms/{}/", room["id"])).await;
    assert_eq!(
        (&shown["user_name"], &shown["user"]["name"]),
        (&json!("ana"), &json!("ana"))
    );
}

async fn a_list_in_one_piece_is_the_callers_whoever_is_named(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    school.ana.says(room, "hello").await;
    let nora = school.nora.gets("/api/auth/me/").await;
    let nora = body(nora, 200).await;
    let query = format!("?user_type=admin&user_id={}", nora["id"]);
    for (who, expected) in [
        (&school.ana, vec![room]),
        (&school.ben, vec![]),
        (&school.nora, vec![room]),
    ] {
        let list = who.reads(&format!("rooms/{query}")).await;
        assert_eq!(list["success"], true);
        assert_eq!(ids(&list["rooms"]), expected);
    }
}

async fn those_who_answer_open_a_students_room(app: TestApp) {
    let school = School::new(app).await;
    let id_of = async |who: &crate::rest::Program| -> Value {
        body(who.gets("/api/auth/me/").await, 200).await["id"].clone()
    };
    let (ana, ben) = (id_of(&school.ana).await, id_of(&school.ben).await);
    let create =
        async |who: &crate::rest::Program, what: Value| who.writes("rooms/create/", what).await;

    let made = body(
        create(&school.nora, json!({ "student_id": ana })).await,
        201,
    )
    .await;
    assert_eq!(made["user"]["id"], ana);
    assert_eq!(school.ana.own_room().await, made["id"].as_i64().unwrap());
    let again = body(
        create(&school.nora, json!({ "student_id": ana })).await,
        200,
    )
    .await;
    assert_eq!(again["id"], made["id"]);

    // A student opens their own, whoever is named, whatever else is said.
    let claimed = json!({ "student_id": ana, "user_id": ana, "user_type": "admin", "host": ana, "is_admin": true });
    let own = body(create(&school.ben, claimed).await, 201).await;
    assert_eq!((&own["user"]["id"], &own["created_by"]["id"]), (&ben, &ben));

    let nobody = body(create(&school.nora, json!({})).await, 400).await;
    assert!(nobody["fields"]["student_id"].is_array());
    let staff = id_of(&school.nora).await;
    for unknown in [staff, json!(999_999)] {
        body(
            create(&school.nora, json!({ "student_id": unknown })).await,
            404,
        )
        .await;
    }
    for desk in ["nowhere", "", "ADMIN"] {
        let refused = create(&school.ana, json!({ "recipient_type": desk })).await;
        assert!(
            body(refused, 400).await["fields"]["recipient_type"].is_array(),
            "{desk}"
        );
    }
}

async fn lists_are_filtered_and_come_in_pages(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (school.ana.own_room().await, school.ben.own_room().await);
    school.ben.says(ben, "first").await;
    school.ana.says(ana, "second").await;
    let nora = &school.nora;
    let all = nora.reads("rooms/").await;
    assert_eq!(ids(&all["results"]), [ana, ben], "newest first");
    for (query, expected) in [
        ("?search=AN", vec![ana]),
        ("?search=%25", vec![]),
        ("?kind=support", vec![ana, ben]),
        ("?kind=course", vec![]),
        ("?kind=direct", vec![]),
        ("?joined=true", vec![ana, ben]),
        ("?joined=false", vec![]),
        ("?archived=true", vec![]),
        ("?archived=false", vec![ana, ben]),
        ("?page_size=1", vec![ana]),
        ("?page_size=1&page=2", vec![ben]),
        ("?page=3", vec![]),
        ("?page_size=-1", vec![ana]),
        ("?page_size=1000000000", vec![ana, ben]),
    ] {
        let list = nora.reads(&format!("rooms/{query}")).await;
        assert_eq!(ids(&list["results"]), expected, "{query}");
    }
    for wrong in [
        "?page=x",
        "?page_size=x",
        "?kind=x",
        "?joined=x",
        "?page=99999999",
    ] {
        let refused = nora.gets(&format!("/api/chat/rooms/{wrong}")).await;
        assert_eq!(body(refused, 400).await["code"], "invalid", "{wrong}");
    }
    let first = nora.reads("rooms/?page_size=1").await;
    assert_eq!(first["previous"], Value::Null);
    let next = first["next"].as_str().unwrap();
    let (_, next) = next.split_once("/api/chat/").unwrap();
    let second = nora.reads(next).await;
    assert_eq!(
        (ids(&second["results"]), &second["next"]),
        (vec![ben], &Value::Null)
    );
    assert!(second["previous"].is_string());
}

on_both_databases!(
    a_student_has_one_room_and_those_who_answer_see_it,
    a_list_in_one_piece_is_the_callers_whoever_is_named,
    those_who_answer_open_a_students_room,
    lists_are_filtered_and_come_in_pages,
);
