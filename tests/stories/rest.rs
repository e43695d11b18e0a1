//! What programs do: requests with JSON and tokens.

use std::net::SocketAddr;

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;

use crate::app::{PASSWORD, Person, Socket, TestApp};

/// A program with a pair of tokens.
#[derive(Clone)]
pub struct Program {
    pub addr: SocketAddr,
    client: reqwest::Client,
    pub access: String,
    pub refresh: String,
}

impl Program {
    /// One that has signed in by name and the password that everybody here has.
    pub async fn of(app: &TestApp, username: &str) -> Self {
        let mut program = Self::without_tokens(app);
        let body = json!({ "username": username, "password": PASSWORD });
        let answer = program.posts("/api/auth/token/", &body).await;
        assert_eq!(answer.status(), 200);
        program.keeps(&answer.json().await.unwrap());
        program
    }

    pub fn without_tokens(app: &TestApp) -> Self {
        Self::at(app.addr)
    }

    /// One without tokens, at that address.
    pub fn at(addr: SocketAddr) -> Self {
        Self {
            addr,
            client: reqwest::Client::new(),
            access: String::new(),
            refresh: String::new(),
        }
    }

    fn keeps(&mut self, pair: &Value) {
        let token = |name: &str| pair[name].as_str().unwrap().to_owned();
        (self.access, self.refresh) = (token("access"), token("refresh"));
    }

    /// A request with the access token, where there is one.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.addr);
        let request = self
            .client
            .request(method, url)
            .header("user-agent", "program/1.0");
        if self.access.is_empty() {
            request
        } else {
            request.bearer_auth(&self.access)
        }
    }

    pub async fn gets(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub async fn posts(&self, path: &str, body: &Value) -> Response {
        let request = self.request(Method::POST, path).json(body);
        request.send().await.unwrap()
    }

    pub async fn deletes(&self, path: &str) -> Response {
        self.request(Method::DELETE, path).send().await.unwrap()
    }

    /// The status with which the server says who this is.
    pub async fn is_known(&self) -> u16 {
        self.gets("/api/auth/me/").await.status().as_u16()
    }

    /// Shows the refresh token; keeps the next pair where it is given one.
    pub async fn refreshes(&mut self) -> u16 {
        let body = json!({ "refresh": self.refresh });
        let answer = self.posts("/api/auth/token/refresh/", &body).await;
        let status = answer.status().as_u16();
        if status == 200 {
            self.keeps(&answer.json().await.unwrap());
        }
        status
    }

    pub async fn ticket(&self) -> String {
        let answer = self.posts("/api/auth/ticket/", &json!({})).await;
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.unwrap();
        body["ticket"].as_str().unwrap().to_owned()
    }

    /// Its sessions, as REST lists them.
    pub async fn sessions(&self) -> Vec<Value> {
        let answer = self.gets("/api/auth/sessions/").await;
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.unwrap();
        body["results"].as_array().unwrap().clone()
    }
}

impl Person {
    /// Goes to a page, as a browser does: it is led on by 302.
    pub async fn visits(&self, path: &str) -> Response {
        let page = self.client.get(format!("{}{path}", self.base));
        page.header("accept", "text/html").send().await.unwrap()
    }

    /// A request by the cookie, with the CSRF header.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.base);
        self.client
            .request(method, url)
            .header("x-csrf-token", &self.csrf)
    }
}

/// The status with which a handshake was refused.
pub fn refusal(tried: Result<Socket, tungstenite::Error>) -> u16 {
    match tried {
        Err(tungstenite::Error::Http(answer)) => answer.status().as_u16(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("the socket was opened"),
    }
}

/// What an answer comes to: its status and its body.
pub async fn whole(answer: Response) -> (u16, String) {
    (answer.status().as_u16(), answer.text().await.unwrap())
}
