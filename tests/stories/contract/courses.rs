//! S3: rooms of courses: made with their course, shown with it, and their mode.

use quad::model::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::{School, body, ids};
use crate::{app::TestApp, on_both_databases, rest::Program};

async fn a_courses_room_is_made_and_shown_with_its_course(app: TestApp) {
    let School {
        app,
        ana,
        ben,
        nora,
        tom,
    } = School::new(app).await;
    app.keeps_course("MA-101", &["tom"], &["ana"]).await;
    let by_code = json!({ "name": "Algebra", "kind": "course", "course": "ma-101" });
    let room = body(tom.writes("rooms/", by_code.clone()).await, 201).await;
    let course_id = room["course_id"].clone();
    for (name, value) in [
        ("kind", json!("course")),
        ("chat_type", json!("course")),
        (
            "course",
            json!({ "id": course_id, "code": "MA-101", "title": "All about MA-101" }),
        ),
        ("chat_mode", json!("public")),
        ("max_participants", Value::Null),
        ("participant_count", json!(2)),
        ("is_full", json!(false)),
        ("public", json!(false)),
        ("listed", json!(false)),
    ] {
        assert_eq!(room[name], value, "{name}");
    }
    let id = room["id"].as_i64().unwrap();
    // By its number, in either field; a course that is named is kind enough.
    for said in [
        json!({ "name": "A", "chat_type": "course", "course_id": course_id }),
        json!({ "name": "A", "course": course_id }),
        json!({ "name": "A", "course_id": course_id.to_string() }),
    ] {
        let made = body(nora.writes("rooms/", said).await, 201).await;
        assert_eq!(made["course_id"], course_id);
    }
    let of_ana = ana.reads("rooms/?kind=course").await;
    assert_eq!(ids(&of_ana["results"]).len(), 4);
    assert!(ids(&ben.reads("rooms/?kind=course").await["results"]).is_empty());
    for said in [by_code, json!({ "name": "A", "course_id": course_id })] {
        let refused = body(ana.writes("rooms/", said).await, 403).await;
        assert_eq!(refused["code"], "teachers_only");
    }
    let path = format!("rooms/{id}/");
    let join = format!("{path}join/");
    assert_eq!(
        body(ana.writes(&join, json!({})).await, 403).await["code"],
        "follows_course"
    );
    assert_eq!(ben.writes(&join, json!({})).await.status(), 404);

    for (said, status) in [
        (json!({ "chat_mode": "private" }), 200),
        (json!({ "chat_mode": "secret" }), 400),
        (json!({ "chat_mode": 1 }), 400),
    ] {
        let answer = tom.asks(Method::PATCH, &path, said).await;
        assert_eq!(answer.status().as_u16(), status);
    }
    let private = json!({ "chat_mode": "private" });
    assert_eq!(
        ana.asks(Method::PATCH, &path, private.clone())
            .await
            .status(),
        403
    );
    assert_eq!(ana.reads(&path).await["chat_mode"], "private");
    app.person("root", Role::Admin).await;
    let root = Program::of(&app, "root").await;
    let seen = root.reads(&path).await;
    assert_eq!(
        (&seen["is_participant"], &seen["course_id"]),
        (&json!(false), &course_id)
    );
    let public = tom.makes(json!({ "name": "Hall", "public": true })).await;
    let path = format!("rooms/{public}/");
    let refused = body(tom.asks(Method::PATCH, &path, private).await, 400).await;
    assert!(refused["fields"]["chat_mode"].is_array());
}

on_both_databases!(a_courses_room_is_made_and_shown_with_its_course);
