//! The directory: who is there, by name and role, and what others may know of each.

use quad::model::{Listing, PeoplePage, Profile, Role, RoomKind, UserId};
use serde_json::json;

use crate::{
    app::{Person, TestApp},
    on_both_databases,
};

impl Person {
    async fn looks_for(&self, text: &str, role: Option<Role>, after: Option<UserId>) -> PeoplePage {
        let query = json!({ "text": text, "role": role, "after": after });
        self.reads("find_people", json!({ "query": query })).await
    }

    async fn names_of(&self, text: &str, role: Option<Role>) -> Vec<String> {
        let page = self.looks_for(text, role, None).await;
        assert!(!page.has_more);
        page.people.into_iter().map(|person| person.name).collect()
    }

    async fn tries_profile(&self, username: &str) -> (u16, String) {
        let body = json!({ "username": username });
        let answer = self.calls("open_profile", body).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

async fn people_are_found_by_name_and_role(app: TestApp) {
    let ana = app.student("ana").await;
    for name in ["Zoë", "ben", "Anabel", "100%"] {
        app.student_account(name).await;
    }
    let tess = app.person("Tess", Role::Teacher).await;
    // By name, whatever the letters look like; oneself is not looked for.
    let all = ["100%", "Anabel", "ben", "Tess", "Zoë"];
    assert_eq!(ana.names_of("", None).await, all);
    assert_eq!(ana.names_of(" zoe ", None).await, ["Zoë"]);
    assert_eq!(tess.names_of("ana", None).await, ["ana", "Anabel"]);
    assert_eq!(ana.names_of("%", None).await, ["100%"]);
    assert_eq!(ana.names_of("", Some(Role::Teacher)).await, ["Tess"]);
    assert!(ana.names_of("ben", Some(Role::Admin)).await.is_empty());
    let body = json!({ "query": { "text": "x".repeat(2000), "role": null, "after": null } });
    assert_eq!(ana.calls("find_people", body).await.status(), 400);
}

async fn pages_follow_each_other_without_a_hole(app: TestApp) {
    let ana = app.student("ana").await;
    let mut expected = Vec::new();
    for n in 0..65 {
        let name = format!("pupil{n:02}");
        app.student_account(&name).await;
        expected.push(name);
    }
    let mut found: Vec<Listing> = Vec::new();
    loop {
        let after = found.last().map(|last| last.id);
        let page = ana.looks_for("pupil", None, after).await;
        assert!(page.people.len() <= 30);
        found.extend(page.people);
        if !page.has_more {
            break;
        }
    }
    let names: Vec<_> = found.into_iter().map(|person| person.name).collect();
    assert_eq!(names, expected);
}

async fn a_profile_tells_who_it_is_and_what_both_are_in(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let tess = app.person("tess", Role::Teacher).await;
    let club = tess.creates(RoomKind::Public, "Chess club").await;
    let algebra = tess.creates(RoomKind::Public, "Algebra").await;
    for room_id in [club, algebra] {
        ana.joins(room_id).await;
    }
    ben.joins(club).await;
    let of = async |username: &str| -> Profile {
        ana.reads("open_profile", json!({ "username": username }))
            .await
    };
    let profile = of("tess").await;
    assert_eq!(
        (profile.person.name.as_str(), profile.person.role),
        ("tess", Role::Teacher)
    );
    let shared =
        |profile: &Profile| -> Vec<_> { profile.shared.iter().map(|room| room.id).collect() };
    assert_eq!(shared(&profile), [algebra, club]);
    assert!(!profile.zone.0.is_empty());
    assert_eq!(shared(&of("BEN").await), [club]);
    // Who has left shares it no more.
    assert_eq!(ben.tries("leave_room", club).await, 200);
    assert!(of("ben").await.shared.is_empty());

    let page = ana.gets("/people/tess").await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(page.contains("Chat with tess") && page.contains(&format!("/chat/{algebra}")));
    // What is not there is the same for every name.
    let unknown = ana.tries_profile("nobody").await;
    assert_eq!(unknown.0, 404);
    assert_eq!(ana.tries_profile("\0").await, unknown);
    assert_eq!(ana.gets("/people/nobody").await.status(), 404);
}

async fn its_page_is_complete_without_a_script(app: TestApp) {
    let ana = app.student("ana").await;
    app.student_account("ben").await;
    app.person("tess", Role::Teacher).await;
    let page = ana.gets("/people").await.text().await.unwrap();
    assert!(page.contains("href=\"/people/ben\"") && page.contains("href=\"/people/tess\""));
    let page = ana.gets("/people?q=ess&role=teacher").await;
    let page = page.text().await.unwrap();
    assert!(!page.contains("href=\"/people/ben\"") && page.contains("href=\"/people/tess\""));
    assert_eq!(app.anonymous().visits("/people").await.status(), 302);
}

on_both_databases!(
    people_are_found_by_name_and_role,
    pages_follow_each_other_without_a_hole,
    a_profile_tells_who_it_is_and_what_both_are_in,
    its_page_is_complete_without_a_script,
);
