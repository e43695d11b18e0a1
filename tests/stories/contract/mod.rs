//! The public contract, row by row: what programs may ask for, what they are answered, and what they are not.

mod access;
mod clients;
mod conversations;
mod courses;
mod deleting;
mod delivering;
mod dialects;
mod direct;
mod groups;
mod marks;
mod members;
mod messages;
mod notes;
mod pairs;
mod people;
mod presence;
mod rooms;
pub mod socket;

use quad::model::Role;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::{app::TestApp, rest::Program};

/// Two students, who have nothing to do with each other, somebody who answers, and a teacher.
pub struct School {
    pub app: TestApp,
    pub ana: Program,
    pub ben: Program,
    pub nora: Program,
    pub tom: Program,
}

impl School {
    pub async fn new(app: TestApp) -> Self {
        app.student("ana").await;
        app.student("ben").await;
        app.agent("nora").await;
        app.person("tom", Role::Teacher).await;
        Self {
            ana: Program::of(&app, "ana").await,
            ben: Program::of(&app, "ben").await,
            nora: Program::of(&app, "nora").await,
            tom: Program::of(&app, "tom").await,
            app,
        }
    }
}

/// The body of an answer with that status.
pub async fn body(answer: Response, status: u16) -> Value {
    let answered = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    assert_eq!(answered, status, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// The ids of the rows of a list.
pub fn ids(list: &Value) -> Vec<i64> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row["id"].as_i64().unwrap()).collect()
}

impl Program {
    /// Reads what is below `/api/chat/`.
    pub async fn reads(&self, path: &str) -> Value {
        body(self.gets(&format!("/api/chat/{path}")).await, 200).await
    }

    /// Writes there.
    pub async fn writes(&self, path: &str, what: Value) -> Response {
        self.posts(&format!("/api/chat/{path}"), &what).await
    }

    /// The room of one's own support conversation.
    pub async fn own_room(&self) -> i64 {
        self.reads("conversation/").await["id"].as_i64().unwrap()
    }

    /// Sends a message.
    pub async fn says(&self, room: i64, content: &str) -> Value {
        let path = format!("rooms/{room}/messages/");
        body(self.writes(&path, json!({ "content": content })).await, 201).await
    }

    /// The whole of an answer but its date and request id, for comparing.
    pub async fn whole(&self, method: &Method, path: &str) -> (u16, Vec<String>, String) {
        let request = self.request(method.clone(), path);
        let request = if method == Method::GET {
            request
        } else {
            request.json(&json!({ "content": "x", "message_id": 1 }))
        };
        let answer = request.send().await.unwrap();
        let headers = answer.headers().iter();
        let headers = headers
            .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        let status = answer.status().as_u16();
        (status, headers, answer.text().await.unwrap())
    }
}
