//! The page of search: complete without a script, for students and for those who answer.

use quad::model::{Role, RoomKind, SearchPage};
use serde_json::json;

use crate::{
    app::{Person, TestApp},
    on_both_databases,
};

impl Person {
    async fn opens_search(&self, query: &str) -> String {
        let answer = self.gets(&format!("/search?{query}")).await;
        assert_eq!(answer.status(), 200, "{query}");
        answer.text().await.unwrap()
    }
}

async fn a_result_has_its_words_marked_and_leads_to_its_context(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let tess = app.person("tess", Role::Teacher).await;
    let club = tess.creates(RoomKind::Public, "Chess club").await;
    ana.joins(club).await;
    let support = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let asked = phone.says(support, "Is there chess in <May>?").await;
    let said = phone.says(club, "Chess on Friday").await;

    let page = ana.opens_search("q=chess").await;
    assert!(page.contains("<mark>Chess<") && page.contains("<mark>chess<"));
    assert!(page.contains("&lt;May&gt;") || page.contains("&lt;May>"));
    let in_club = format!("href=\"/chat/{club}/{}\"", said.message_id);
    let in_support = format!("href=\"/contact/admin?message={}\"", asked.message_id);
    assert!(page.contains(&in_club), "{page}");
    assert!(page.contains(&in_support), "{page}");
    // Whoever answers opens it in the inbox, and does not find what is not theirs.
    let page = nora.opens_search("q=chess").await;
    let in_inbox = format!(
        "href=\"/admin/chat/{support}?message={}\"",
        asked.message_id
    );
    assert!(page.contains(&in_inbox), "{page}");
    assert!(!page.contains(&in_club));

    // Filters stand in the address.
    let page = ana.opens_search(&format!("q=chess&room={club}")).await;
    assert!(page.contains(&in_club) && !page.contains(&in_support));
    let page = ana.opens_search("q=chess&has=link").await;
    assert!(!page.contains("<mark>"));
    let page = ana.opens_search("q=").await;
    assert!(!page.contains("<mark>"));
    let nobody = app.anonymous();
    let answer = nobody.visits("/search?q=chess&has=link").await;
    assert_eq!(answer.status(), 302);
    let to = "/sign-in?next=/search?q=chess%26has=link";
    assert_eq!(answer.headers()["location"], to);
}

async fn a_page_brings_the_rooms_of_its_results_and_goes_on_by_cursor(app: TestApp) {
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let mut said = Vec::new();
    for n in 0..25 {
        said.push(phone.says(room_id, &format!("chess {n}")).await.message_id);
    }
    said.reverse();
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let query = json!({ "query": { "text": "chess", "before": before } });
        let page: SearchPage = ana.reads("search_messages", query).await;
        let rooms: Vec<_> = page.rooms.iter().map(|room| room.id()).collect();
        let expected = if page.found.is_empty() {
            vec![]
        } else {
            vec![room_id]
        };
        assert_eq!(rooms, expected);
        found.extend(page.found.iter().map(|one| one.message.id));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(found, said);
}

on_both_databases!(
    a_result_has_its_words_marked_and_leads_to_its_context,
    a_page_brings_the_rooms_of_its_results_and_goes_on_by_cursor,
);
