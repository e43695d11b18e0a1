//! S0: the students there are, for those who answer them.

use serde_json::json;

use super::{School, body, ids};
use crate::{app::TestApp, on_both_databases};

async fn students_are_listed_for_those_who_answer(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ben.own_room().await;
    let list = school.nora.reads("students/").await;
    assert_eq!(
        (&list["success"], &list["count"]),
        (&json!(true), &json!(2))
    );
    assert_eq!(list["students"], list["results"]);
    let names: Vec<&str> = list["students"]
        .as_array()
        .unwrap()
        .iter()
        .map(|student| student["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["ana", "ben"]);
    assert_eq!(list["students"][0]["room_id"], json!(null));
    assert_eq!(list["students"][1]["room_id"], room);
    assert!(list["students"][0].get("password_hash").is_none());
    let found = school.nora.reads("students/?search=BE&page_size=1").await;
    assert_eq!(ids(&found["students"]), ids(&json!([list["students"][1]])));
    for other in [&school.ana, &school.tom] {
        let refused = other.gets("/api/chat/students/").await;
        assert_eq!(body(refused, 403).await["code"], "forbidden");
    }
}

on_both_databases!(students_are_listed_for_those_who_answer);
