//! Search: each finds what they may read, by the words that they would write, and nothing else on any path.

use std::time::Instant;

use quad::{
    model::{MemberChange, Role, RoomId, RoomKind, SearchPage},
    server::store::search::index,
};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::{
    app::{Person, TestApp},
    contract::{School, body, ids},
    on_both_databases,
    rest::Program,
};

const DESKS: &str = "
    [quad.desks.faculty]
    title = \"Teachers' office\"
    roles = ['teacher']
";

impl Program {
    async fn tries_to_find(&self, query: &[(&str, &str)]) -> Response {
        let request = self.request(Method::GET, "/api/chat/search/").query(query);
        request.send().await.unwrap()
    }

    async fn finds(&self, query: &[(&str, &str)]) -> Value {
        body(self.tries_to_find(query).await, 200).await
    }

    /// What the messages say that hold these words, newest first.
    async fn reads_of(&self, words: &str) -> Vec<String> {
        let found = self.finds(&[("q", words)]).await;
        let rows = found["results"].as_array().unwrap().iter();
        rows.map(|row| row["content"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Person {
    /// The same, asked as a page does.
    async fn finds_words(&self, words: &str) -> Vec<String> {
        let query = json!({ "query": { "text": words } });
        let page: SearchPage = self.reads("search_messages", query).await;
        let found = page.found.into_iter();
        found.map(|found| found.message.content).collect()
    }
}

async fn each_finds_what_they_may_read(app: TestApp) {
    let School {
        ana,
        ben,
        nora,
        tom,
        app,
    } = School::new(app).await;
    let room = ana.own_room().await;
    ana.says(room, "When is the exam?").await;
    let path = format!("rooms/{room}/messages/");
    let note = json!({ "content": "The exam is cancelled", "audience": "staff" });
    body(nora.writes(&path, note).await, 201).await;
    nora.says(room, "The exam is on Monday").await;
    let (question, note, answer) = (
        "When is the exam?",
        "The exam is cancelled",
        "The exam is on Monday",
    );
    assert_eq!(ana.reads_of("exam").await, [answer, question]);
    assert_eq!(nora.reads_of("exam").await, [answer, note, question]);
    for stranger in [&ben, &tom] {
        assert!(stranger.reads_of("exam").await.is_empty());
        // The room by its id is as one that is not there.
        let query = |room: String| [("q", "exam".to_owned()), ("room", room)];
        let asked = async |room: i64| {
            let query = query(room.to_string());
            let query = query.each_ref().map(|(name, word)| (*name, word.as_str()));
            let answer = stranger.tries_to_find(&query).await;
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        assert_eq!(asked(room).await, asked(999_999).await);
        assert_eq!(asked(room).await.0, 404);
    }
    assert!(ana.reads_of("cancelled").await.is_empty());
    let nobody = Program::without_tokens(&app);
    assert_eq!(nobody.tries_to_find(&[("q", "exam")]).await.status(), 401);
}

async fn a_row_is_a_message_with_its_text_in_parts(app: TestApp) {
    let school = School::new(app).await;
    let (ana, nora) = (&school.ana, &school.nora);
    let room = ana.own_room().await;
    ana.says(room, "Frau Petrović <b>kommt</b>").await;
    let found = nora.finds(&[("q", "kommt petrovic")]).await;
    assert_eq!(
        (&found["count"], &found["next"], &found["previous"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let row = &found["results"][0];
    let history = nora.reads(&format!("rooms/{room}/messages/")).await;
    let mut message = row.clone();
    let marked = message.as_object_mut().unwrap().remove("marked").unwrap();
    assert_eq!(message, history["results"][0]);
    assert_eq!(row["is_read"], false);
    let part = |text: &str, is_match: bool| json!({ "text": text, "is_match": is_match });
    assert_eq!(
        marked,
        json!([
            part("Frau ", false),
            part("Petrović", true),
            part(" <b>", false),
            part("kommt", true),
            part("</b>", false)
        ])
    );
}

async fn who_has_left_or_was_removed_finds_nothing_more(app: TestApp) {
    let tess = app.person("tess", Role::Teacher).await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let room_id = tess.creates(RoomKind::Public, "Algebra").await;
    for person in [&ana, &ben] {
        person.joins(room_id).await;
    }
    let (mut host, _) = tess.connects().await;
    host.says(room_id, "Homework for all").await;
    for person in [&tess, &ana, &ben] {
        assert_eq!(person.finds_words("homework").await, ["Homework for all"]);
    }
    assert_eq!(ana.tries("leave_room", room_id).await, 200);
    let kicked = tess
        .changes(room_id, ben.id().await, MemberChange::Kick)
        .await;
    assert_eq!(kicked, 200);
    for person in [&ana, &ben] {
        assert!(person.finds_words("homework").await.is_empty());
        let query = json!({ "query": { "text": "homework", "room_id": room_id } });
        let inside = person.calls("search_messages", query).await;
        assert_eq!(inside.status(), 404);
    }
    // What Quad tells is found by nobody.
    assert!(tess.finds_words("joined").await.is_empty());
    assert_eq!(tess.tries("delete_room", room_id).await, 200);
    assert!(tess.finds_words("homework").await.is_empty());
}

async fn each_desk_finds_its_own_conversations(app: TestApp) {
    let app = app.with_file(DESKS).await;
    let (ana, tom) = (
        app.student("ana").await,
        app.person("tom", Role::Teacher).await,
    );
    let nora = app.agent("nora").await;
    let (mut phone, _) = ana.connects().await;
    for (desk, text) in [
        ("admin", "A question of fees"),
        ("faculty", "A question of marks"),
    ] {
        let room: quad::sync::Snapshot = ana
            .reads("open_support_room", json!({ "desk": desk }))
            .await;
        phone.says(room.id(), text).await;
    }
    assert_eq!(tom.finds_words("question").await, ["A question of marks"]);
    assert_eq!(nora.finds_words("question").await, ["A question of fees"]);
    assert_eq!(ana.finds_words("question").await.len(), 2);
}

async fn words_are_found_however_they_are_written(app: TestApp) {
    let school = School::new(app).await;
    let (ana, nora) = (&school.ana, &school.nora);
    let room = ana.own_room().await;
    for (text, words) in [
        ("Die Straße ist gesperrt", "strasse"),
        ("قال مُحَمَّد إنّ المدرسة مغلقة", "محمد"),
        ("数学课在三楼", "学课"),
        ("วันสอบคือพรุ่งนี้", "สอบ"),
        ("ＦＵＬＬ width", "full"),
    ] {
        ana.says(room, text).await;
        assert_eq!(nora.reads_of(words).await, [text], "{words}");
    }
    for name in ["ａｎａ", "ANA", "Ána"] {
        let rooms = nora
            .request(Method::GET, "/api/chat/rooms/")
            .query(&[("search", name)]);
        let rooms = body(rooms.send().await.unwrap(), 200).await;
        assert_eq!(ids(&rooms["results"]), [room], "{name}");
    }
}

async fn pages_lead_on_to_what_is_older(app: TestApp) {
    let school = School::new(app).await;
    let ana = &school.ana;
    let room = ana.own_room().await;
    let mut sent = Vec::new();
    for n in 0..7 {
        let message = ana.says(room, &format!("no. {n}")).await;
        sent.push(message["id"].as_i64().unwrap());
    }
    sent.reverse();
    let after = sent[6].to_string();
    let first = [("q", "no"), ("page_size", "2"), ("after", after.as_str())];
    let mut page = ana.finds(&first).await;
    let mut found = ids(&page["results"]);
    while let Some(next) = page["next"].as_str() {
        let path = &next[next.find("/api/").unwrap()..];
        page = body(ana.gets(path).await, 200).await;
        assert_eq!(page["results"].as_array().unwrap().len(), 2);
        found.extend(ids(&page["results"]));
    }
    assert_eq!(found, sent[..6]);
    let second = ana.finds(&[("q", "no"), ("page_size", "3"), ("page", "2")]);
    assert_eq!(ids(&second.await["results"]), sent[3..6]);
    let far = ana.finds(&[("q", "no"), ("page", "9")]).await;
    assert_eq!(ids(&far["results"]), [0_i64; 0]);
}

async fn nonsense_is_refused_or_finds_nothing(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (&school.ana, &school.ben);
    let room = ana.own_room().await;
    ana.says(room, "For us alone: 100% *sure*").await;
    let own = ben.own_room().await;
    ben.says(own, "mine").await;
    let long = "x".repeat(1001);
    for wrong in [
        vec![],
        vec![("q", "")],
        vec![("q", " \n ")],
        vec![("q", long.as_str())],
        vec![("q", "a"), ("room", "x")],
        vec![("q", "a"), ("from", "me")],
        vec![("q", "a"), ("before", "1.5")],
        vec![("q", "a"), ("has", "everything")],
        vec![("q", "a"), ("page", "99999")],
    ] {
        let answer = ben.tries_to_find(&wrong).await;
        let refused = body(answer, 400).await;
        assert_eq!(refused["code"], "invalid", "{wrong:?}");
    }
    let many = (0..250).map(|n| format!("{n} ")).collect::<String>();
    let began = Instant::now();
    for strange in [
        "\"",
        "\"us\"",
        "*",
        "us*",
        "OR",
        "us OR mine OR alone",
        "NEAR(us alone)",
        "terms:us",
        "\0",
        "us\0alone",
        "?!…",
        "🎉👍🏽",
        "%",
        "_",
        "%%%",
        "100%",
        "\\",
        "'; --",
        "us & alone | mine:*",
        "#1",
        "\u{202e}us",
        &many,
        &long[1..],
    ] {
        let found = ben.finds(&[("q", strange)]).await;
        assert_eq!(found["results"], json!([]), "{strange}");
    }
    assert!(began.elapsed().as_secs() < 10);
    let none = ben.finds(&[("q", "mine"), ("from", "-1")]).await;
    assert_eq!(none["results"], json!([]));
    let huge = ben
        .finds(&[("q", "mine"), ("page_size", "1000000000")])
        .await;
    assert_eq!(huge["results"].as_array().unwrap().len(), 1);
}

async fn searches_are_limited(app: TestApp) {
    let clock = quad::server::clock::Clock::System;
    let app = app.told(&[("QUAD_MESSAGE_RATE", "120")], &clock).await;
    app.student("ana").await;
    app.student("ben").await;
    let ana = Program::of(&app, "ana").await;
    let mut answered = 0;
    let refused = loop {
        let answer = ana.tries_to_find(&[("q", "exam")]).await;
        if answer.status() != 200 {
            break answer;
        }
        answered += 1;
    };
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    assert!((100..=600).contains(&answered), "{answered}");
    let ben = Program::of(&app, "ben").await;
    assert_eq!(ben.tries_to_find(&[("q", "exam")]).await.status(), 200);
}

async fn what_is_written_comes_into_the_index_by_itself(app: TestApp) {
    let ana = app.student("ana").await;
    let room_id: RoomId = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    for n in 0..200 {
        phone.says(room_id, &format!("word {n}")).await;
    }
    let store = app.store().await;
    let mut reader = store.read().await.unwrap();
    while index::has_waiting(&mut reader.conn()).await.unwrap() {
        tokio::task::yield_now().await;
    }
    assert_eq!(ana.finds_words("word").await.len(), 20);
    assert_eq!(ana.finds_words("word 7").await, ["word 7"]);
}

on_both_databases!(
    each_finds_what_they_may_read,
    a_row_is_a_message_with_its_text_in_parts,
    who_has_left_or_was_removed_finds_nothing_more,
    each_desk_finds_its_own_conversations,
    words_are_found_however_they_are_written,
    pages_lead_on_to_what_is_older,
    nonsense_is_refused_or_finds_nothing,
    searches_are_limited,
    what_is_written_comes_into_the_index_by_itself,
);
