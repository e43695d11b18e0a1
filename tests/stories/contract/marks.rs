//! S0, S1: reading, unreading, counting, and what is new.

use quad::{
    model::{RoomId, Seq},
    protocol::Event,
};
use serde_json::{Value, json};

use super::{School, body, ids};
use crate::{
    app::{PASSWORD, TestApp, tries_socket_with},
    on_both_databases,
    rest::Program,
};

async fn unread(who: &Program) -> i64 {
    who.reads("unread-count/").await["unread_count"]
        .as_i64()
        .unwrap()
}

async fn reads(who: &Program, what: Value) -> i64 {
    let answer = body(who.writes("messages/mark-read/", what).await, 200).await;
    assert!(answer["message"].is_string() && answer["success"] == true);
    answer["updated_count"].as_i64().unwrap()
}

async fn reading_goes_forward_and_is_counted(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let mut sent = Vec::new();
    for n in 1..=5 {
        sent.push(school.ana.says(room, &format!("no. {n}")).await["id"].clone());
    }
    let nora = &school.nora;
    assert_eq!(unread(nora).await, 5);
    assert_eq!(unread(&school.ana).await, 0, "one's own are not unread");
    assert_eq!(
        reads(nora, json!({ "message_ids": [sent[2], sent[0]] })).await,
        3
    );
    assert_eq!(unread(nora).await, 2);
    assert_eq!(
        reads(nora, json!({ "message_ids": [sent[0]] })).await,
        0,
        "never back"
    );
    assert_eq!(unread(nora).await, 2);
    let alias = body(
        nora.writes("mark-read/", json!({ "room_id": room })).await,
        200,
    )
    .await;
    assert_eq!(alias["updated_count"], 2);
    assert_eq!(unread(nora).await, 0);
    school.ana.says(room, "once more").await;
    let path = format!("conversations/{room}");
    let count = nora.reads(&format!("{path}/unread-count/")).await;
    assert_eq!(count["unread_count"], 1);
    let read = nora.writes(&format!("{path}/mark-read/"), json!({})).await;
    assert_eq!(body(read, 200).await["updated_count"], 1);
    assert_eq!(unread(nora).await, 0);
}

async fn ids_of_others_change_nothing(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (school.ana.own_room().await, school.ben.own_room().await);
    let hers = school.nora.says(ana, "for ana").await["id"].clone();
    let his = school.nora.says(ben, "for ben").await["id"].clone();
    let both = json!({ "message_ids": [hers, his, 999_999, -1] });
    assert_eq!(reads(&school.ana, both.clone()).await, 1);
    assert_eq!(
        (unread(&school.ana).await, unread(&school.ben).await),
        (0, 1)
    );
    let shown = school.nora.reads(&format!("rooms/{ben}/messages/")).await;
    assert_eq!(
        shown["results"][0]["is_read"], false,
        "nobody has read what is Ben's"
    );
    assert_eq!(reads(&school.tom, both).await, 0);
    assert_eq!(reads(&school.ana, json!({ "message_ids": [] })).await, 0);

    let foreign = school
        .ana
        .writes("mark-read/", json!({ "room_id": ben }))
        .await;
    let unknown = school
        .ana
        .writes("mark-read/", json!({ "room_id": 999_999 }))
        .await;
    assert_eq!(body(foreign, 404).await, body(unknown, 404).await);
    for wrong in [
        json!({}),
        json!({ "message_ids": 1 }),
        json!({ "message_ids": ["x"] }),
        json!({ "room_id": "x" }),
        json!({ "message_ids": vec![1; 1001] }),
    ] {
        body(school.ana.writes("mark-read/", wrong).await, 400).await;
    }
}

async fn unreading_takes_ones_own_badge_back_alone(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let mut sent = Vec::new();
    for n in 1..=4 {
        sent.push(school.ana.says(room, &format!("no. {n}")).await);
    }
    let nora = &school.nora;
    assert_eq!(reads(nora, json!({ "room_id": room })).await, 4);
    let query = format!("?token={}", nora.access);
    let mut device = tries_socket_with(school.app.addr, &query, &[])
        .await
        .unwrap();
    device.next().await;
    let path = format!("rooms/{room}/mark-unread/");
    let what = json!({ "message_id": sent[1]["id"] });
    let answer = body(nora.writes(&path, what.clone()).await, 200).await;
    assert_eq!(answer["unread_count"], 3);
    assert_eq!(unread(nora).await, 3);
    // Her other devices are told; whom she wrote with is not.
    let told = device.until(|event| match event {
        Event::Unread {
            room_id,
            read_seq,
            unread_count,
            ..
        } => Some((room_id, read_seq, unread_count)),
        _ => None,
    });
    assert_eq!(told.await, (RoomId(room), Seq(1), 3));
    let shown = school.ana.reads(&format!("rooms/{room}/messages/")).await;
    let rows = shown["results"].as_array().unwrap();
    assert!(
        rows.iter().all(|row| row["is_read"] == true),
        "the receipt stays"
    );
    // Again, and further forward: nothing changes.
    for later in [&sent[1], &sent[3]] {
        let answer = nora
            .writes(&path, json!({ "message_id": later["id"] }))
            .await;
        assert_eq!(body(answer, 200).await["unread_count"], 3);
    }
    let other = school.ben.own_room().await;
    let elsewhere = school.ben.says(other, "elsewhere").await;
    for missing in [elsewhere["id"].clone(), json!(999_999)] {
        body(
            nora.writes(&path, json!({ "message_id": missing })).await,
            404,
        )
        .await;
    }
    body(nora.writes(&path, json!({})).await, 400).await;
    assert_eq!(reads(nora, json!({ "room_id": room })).await, 3);
}

async fn what_is_new_is_listed_per_room(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (school.ana.own_room().await, school.ben.own_room().await);
    school.ana.says(ana, "one").await;
    school.ana.says(ana, "two").await;
    school.ben.says(ben, "three").await;
    let list = school.nora.reads("notifications/").await;
    assert_eq!(list["count"], 2);
    let row = &list["results"][1];
    assert_eq!(
        (&row["room_id"], &row["unread_count"]),
        (&json!(ana), &json!(2))
    );
    assert_eq!(
        (&row["last_message"]["content"], &row["mentions"]),
        (&json!("two"), &json!([]))
    );
    // In one piece, the caller's, whoever is named.
    for (who, total, rooms) in [(&school.nora, 3, 2), (&school.ana, 0, 0)] {
        let list = who.reads("notifications/?user_type=admin&user_id=1").await;
        assert_eq!(
            (&list["success"], &list["total_unread"]),
            (&json!(true), &json!(total))
        );
        assert_eq!(list["notifications"].as_array().unwrap().len(), rooms);
    }
    assert_eq!(reads(&school.nora, json!({ "room_id": ana })).await, 2);
    assert_eq!(school.nora.reads("notifications/").await["count"], 1);
    assert_eq!(ids(&school.ana.reads("rooms/").await["results"]), [ana]);
}

async fn a_polling_client_signs_in_by_address(app: TestApp) {
    let anonymous = Program::without_tokens(&app);
    let user = quad::server::service::NewUser {
        username: "ana".to_owned(),
        name: "Ana".to_owned(),
        email: Some("ana@school.example".to_owned()),
        role: quad::model::Role::Student,
        language: "en".to_owned(),
        time_zone: "UTC".to_owned(),
        password: PASSWORD.to_owned().into(),
    };
    app.services.add_user(user).await.unwrap();
    let credentials = json!({ "email": "ANA@school.example", "password": PASSWORD });
    let answer = body(anonymous.posts("/api/auth/login/", &credentials).await, 200).await;
    assert!(answer["message"].is_string());
    let mut ana = anonymous.clone();
    answer["tokens"]["access"]
        .as_str()
        .unwrap()
        .clone_into(&mut ana.access);
    assert_eq!(
        ana.reads("conversation/").await["user_email"],
        "ana@school.example"
    );
    assert_eq!(
        ana.reads("unread-count/").await,
        json!({ "unread_count": 0 })
    );
}

on_both_databases!(
    reading_goes_forward_and_is_counted,
    ids_of_others_change_nothing,
    unreading_takes_ones_own_badge_back_alone,
    what_is_new_is_listed_per_room,
    a_polling_client_signs_in_by_address,
);
