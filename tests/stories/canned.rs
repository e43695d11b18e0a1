//! Those who answer keep texts ready; nobody else knows of them.

use futures_util::future::join_all;
use quad::model::{CannedDraft, CannedReply, CannedReplyId, Role};
use serde_json::json;

use crate::{
    app::{Person, TestApp},
    on_both_databases,
};

fn draft(id: Option<CannedReplyId>, name: &str, content: &str) -> CannedDraft {
    CannedDraft {
        id,
        desk: None,
        name: name.to_owned(),
        content: content.to_owned(),
    }
}

impl Person {
    async fn keeps(&self, draft: &CannedDraft) -> reqwest::Response {
        self.calls("keep_canned_reply", json!({ "draft": draft }))
            .await
    }

    async fn has_kept(&self, name: &str, content: &str) -> CannedReply {
        let answer = self.keeps(&draft(None, name, content)).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    async fn lets_go(&self, id: CannedReplyId) -> u16 {
        let answer = self.calls("drop_canned_reply", json!({ "id": id })).await;
        answer.status().as_u16()
    }

    async fn canned(&self) -> Vec<CannedReply> {
        let answer = self.calls("canned_replies", json!({})).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }
}

fn names(replies: &[CannedReply]) -> Vec<&str> {
    replies.iter().map(|reply| reply.name.as_str()).collect()
}

async fn those_who_answer_share_them(app: TestApp) {
    let nora = app.agent("nora").await;
    let head = app.person("head", Role::Admin).await;
    let hours = nora.has_kept("hours", "From 8 to 4").await;
    head.has_kept("/Card ", " Ask at the desk, {name} ").await;
    let there = nora.canned().await;
    assert_eq!(names(&there), ["card", "hours"]);
    assert_eq!(there[0].content, "Ask at the desk, {name}");

    let changed = draft(Some(hours.id), "opening", "From 9 to 5");
    assert_eq!(head.keeps(&changed).await.status(), 200);
    let there = nora.canned().await;
    assert_eq!(names(&there), ["card", "opening"]);
    assert_eq!(there[1].id, hours.id);

    assert_eq!(head.lets_go(hours.id).await, 200);
    assert_eq!(head.lets_go(hours.id).await, 404);
    assert_eq!(head.keeps(&changed).await.status(), 404);
    assert_eq!(names(&nora.canned().await), ["card"]);
}

async fn nobody_else_has_any(app: TestApp) {
    let kept = app.agent("nora").await.has_kept("card", "Ask").await;
    for outsider in [
        app.student("ana").await,
        app.person("tea", Role::Teacher).await,
    ] {
        assert_eq!(
            outsider.calls("canned_replies", json!({})).await.status(),
            403
        );
        assert_eq!(
            outsider.keeps(&draft(None, "mine", "x")).await.status(),
            403
        );
        let changed = draft(Some(kept.id), "card", "x");
        assert_eq!(outsider.keeps(&changed).await.status(), 403);
        assert_eq!(outsider.lets_go(kept.id).await, 403);
    }
    assert_eq!(app.agent("rosa").await.canned().await, [kept]);
}

async fn what_makes_no_sense_is_refused(app: TestApp) {
    let nora = app.agent("nora").await;
    let other = nora.has_kept("other", "x").await;
    nora.has_kept("card", "Ask").await;
    for (wrong, field) in [
        (draft(None, "", "x"), "name"),
        (draft(None, "two words", "x"), "name"),
        (draft(None, "CARD", "x"), "name"),
        (draft(Some(other.id), "card", "x"), "name"),
        (draft(None, &"x".repeat(41), "x"), "name"),
        (draft(None, "empty", " \n"), "content"),
        (draft(None, "long", &"x".repeat(1001)), "content"),
        (draft(None, "nul", "a\0b"), "content"),
    ] {
        let answer = nora.keeps(&wrong).await;
        assert_eq!(answer.status(), 400, "{wrong:?}");
        let body = answer.text().await.unwrap();
        assert!(body.contains(field), "{body}");
    }
    assert_eq!(names(&nora.canned().await), ["card", "other"]);
}

async fn of_many_at_once_of_one_name_one_is_kept(app: TestApp) {
    let nora = app.agent("nora").await;
    let drafts: Vec<_> = (0..20)
        .map(|i| draft(None, "card", &format!("text {i}")))
        .collect();
    let answers = join_all(drafts.iter().map(|draft| nora.keeps(draft))).await;
    let kept = answers.iter().filter(|answer| answer.status() == 200);
    assert_eq!(kept.count(), 1);
    assert_eq!(names(&nora.canned().await), ["card"]);
}

on_both_databases!(
    those_who_answer_share_them,
    nobody_else_has_any,
    what_makes_no_sense_is_refused,
    of_many_at_once_of_one_name_one_is_kept,
);
