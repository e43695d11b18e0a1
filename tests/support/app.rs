//! The server under test, and the people who use it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use quad::{
    model::{Audience, ClientId, Message, Role, RoomId, Seq, UserId, permission::Actor},
    protocol::{Ack, Command, Event, Hello, SUBPROTOCOL},
    server::{
        self, Services,
        clock::Clock,
        service::NewUser,
        settings::{Settings, Source},
        store::Store,
    },
    sync::Snapshot,
};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, client::IntoClientRequest, protocol::Message as Frame},
};
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes; a story that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);
/// No story takes as long; one that hangs is to be told by its name.
const STORY: Duration = Duration::from_secs(120);
pub const PASSWORD: &str = "a long password";

/// Runs a story, which fails when it does not end.
pub async fn in_time(story: impl Future<Output = ()>) {
    tokio::time::timeout(STORY, story)
        .await
        .expect("the story ends");
}

/// A server on a port of its own, with a database of its own.
pub struct TestApp {
    pub addr: SocketAddr,
    pub services: Services,
    folder: Arc<tempfile::TempDir>,
    url: String,
    _stop: tokio_util::sync::DropGuard,
}

impl TestApp {
    pub async fn on_sqlite() -> Self {
        Self::on(None).await
    }

    /// None where there is no PostgreSQL: `scripts/test.sh` says so and fails under CI.
    pub async fn on_postgres() -> Option<Self> {
        let server = std::env::var("QUAD_TEST_POSTGRES_URL").ok()?;
        Some(Self::on(Some(fresh_database(&server).await)).await)
    }

    async fn on(database: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = database
            .unwrap_or_else(|| format!("sqlite://{}/quad.db", folder.path().to_str().unwrap()));
        Self::node(folder.into(), url).await
    }

    /// Another node on the same database, with the same secrets.
    pub async fn second_node(&self) -> Self {
        Self::node(Arc::clone(&self.folder), self.url.clone()).await
    }

    /// Another node on the same database, with these settings and this clock.
    pub async fn told(&self, settings: &[(&str, &str)], clock: &Clock) -> Self {
        let folder = Arc::clone(&self.folder);
        Self::node_with(folder, self.url.clone(), settings, clock).await
    }

    /// Another node on the same database, whose settings file says this.
    pub async fn with_file(&self, file: &str) -> Self {
        let (folder, url) = (Arc::clone(&self.folder), self.url.clone());
        Self::node_as(folder, url, Some(file), &[], &Clock::System).await
    }

    /// The database itself, to see what is in it.
    pub async fn store(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// Where its database is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of its data.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    async fn node(folder: Arc<tempfile::TempDir>, url: String) -> Self {
        Self::node_with(folder, url, &[], &Clock::System).await
    }

    async fn node_with(
        folder: Arc<tempfile::TempDir>,
        url: String,
        settings: &[(&str, &str)],
        clock: &Clock,
    ) -> Self {
        Self::node_as(folder, url, None, settings, clock).await
    }

    async fn node_as(
        folder: Arc<tempfile::TempDir>,
        url: String,
        file: Option<&str>,
        settings: &[(&str, &str)],
        clock: &Clock,
    ) -> Self {
        let dir = folder.path().to_str().unwrap();
        let env = [
            ("QUAD_DATA_DIR", dir),
            ("QUAD_DATABASE_URL", url.as_str()),
            ("QUAD_MESSAGE_RATE", "0"),
        ];
        let env = env.into_iter().chain(settings.iter().copied());
        let mut settings = Settings::load(&Source::given(file, env)).unwrap();
        // The client is not built for these tests: its files have no hashes.
        settings.leptos.hash_files = false;
        let services = Services::open_at(&settings, clock.clone()).await.unwrap();
        let listener = server::http::accept::listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let addr = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(server::serve(listener, services.clone(), stop.clone()));
        Self {
            addr,
            services,
            folder,
            url,
            _stop: stop.drop_guard(),
        }
    }

    pub async fn student(&self, name: &str) -> Person {
        self.person(name, Role::Student).await
    }

    pub async fn agent(&self, name: &str) -> Person {
        self.person(name, Role::Agent).await
    }

    /// Makes a student's account, without anybody who signs in.
    pub async fn student_account(&self, name: &str) -> Actor {
        let id = self.account(name, Role::Student).await;
        let role = Role::Student;
        Actor { id, role }
    }

    async fn account(&self, name: &str, role: Role) -> UserId {
        let user = NewUser {
            username: name.to_owned(),
            name: name.to_owned(),
            email: None,
            role,
            language: "en".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            password: PASSWORD.to_owned().into(),
        };
        self.services.add_user(user).await.unwrap()
    }

    /// Makes an account and signs it in by the form.
    pub async fn person(&self, name: &str, role: Role) -> Person {
        self.account(name, role).await;
        let mut person = self.anonymous();
        person.arrives(name).await;
        person
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Person {
        Person::anonymous_at(self.addr)
    }
}

impl Person {
    /// Somebody who is not signed in, at the server of that address.
    pub fn anonymous_at(addr: SocketAddr) -> Self {
        let client = reqwest::Client::builder()
            .cookie_store(true)
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            base: format!("http://{addr}"),
            addr,
            client,
            csrf: String::new(),
            session: String::new(),
        }
    }
}

pub async fn fresh_database(server: &str) -> String {
    use sqlx::{AssertSqlSafe, Connection, Executor};

    let name = format!("quad_{}", ClientId::random().0.simple());
    let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
    connection
        .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .await
        .unwrap();
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(&name);
    url.to_string()
}

pub fn hidden_token(page: &str) -> String {
    let tag = page
        .split('<')
        .find(|tag| tag.starts_with("input") && tag.contains("name=\"csrf\""))
        .unwrap();
    tag.split("value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

/// Somebody with a browser's cookies.
pub struct Person {
    addr: SocketAddr,
    pub base: String,
    pub client: reqwest::Client,
    pub csrf: String,
    pub session: String,
}

impl Person {
    pub async fn gets(&self, path: &str) -> reqwest::Response {
        self.client
            .get(format!("{}{path}", self.base))
            .send()
            .await
            .unwrap()
    }

    pub async fn posts_form(
        &self,
        path: &str,
        origin: Option<&str>,
        form: &[(&str, &str)],
    ) -> reqwest::Response {
        let mut request = self.client.post(format!("{}{path}", self.base));
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let body = form
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace(' ', "+")))
            .collect::<Vec<_>>();
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.join("&"));
        request.send().await.unwrap()
    }

    /// Opens the sign-in page and sends its form.
    pub async fn signs_in(&mut self, username: &str, password: &str) -> reqwest::Response {
        let page = self.gets("/sign-in").await.text().await.unwrap();
        let token = hidden_token(&page);
        let form = [
            ("username", username),
            ("password", password),
            ("csrf", &token),
        ];
        let answer = self
            .posts_form("/sign-in", Some(&self.base.clone()), &form)
            .await;
        let cookies = answer
            .cookies()
            .filter(|cookie| cookie.name() == "quad_session");
        self.session = cookies
            .map(|cookie| cookie.value().to_owned())
            .next()
            .unwrap_or_default();
        answer
    }

    /// Signs in and comes to the start page.
    pub async fn arrives(&mut self, username: &str) {
        let answer = self.signs_in(username, PASSWORD).await;
        assert_eq!(answer.status(), 303);
        assert_eq!(answer.headers()["location"], "/");
        let home = self.gets("/").await.text().await.unwrap();
        self.csrf = hidden_token(&home);
    }

    pub async fn signs_out(&self) -> reqwest::Response {
        self.posts_form("/sign-out", Some(&self.base), &[("csrf", &self.csrf)])
            .await
    }

    pub async fn calls(&self, function: &str, body: serde_json::Value) -> reqwest::Response {
        let url = format!("{}/api/fn/{function}", self.base);
        self.client
            .post(url)
            .header("x-csrf-token", &self.csrf)
            .json(&body)
            .send()
            .await
            .unwrap()
    }

    pub async fn reads<T: DeserializeOwned>(&self, function: &str, body: serde_json::Value) -> T {
        let answer = self.calls(function, body).await;
        assert_eq!(answer.status(), 200, "{function}");
        answer.json().await.unwrap()
    }

    pub async fn opens_support(&self) -> Snapshot {
        self.reads("open_support_room", json!({})).await
    }

    pub async fn reads_room(&self, room_id: RoomId) -> Snapshot {
        self.reads("room_snapshot", json!({ "room_id": room_id }))
            .await
    }

    /// The room, if it is theirs to see.
    pub async fn finds_room(&self, room_id: RoomId) -> Option<Snapshot> {
        let body = json!({ "room_id": room_id });
        let answer = self.calls("room_snapshot", body).await;
        match answer.status().as_u16() {
            200 => Some(answer.json().await.unwrap()),
            404 => None,
            other => panic!("{other}"),
        }
    }

    /// Tries to open the socket, from a page of that origin.
    pub async fn tries_socket(&self, origin: &str) -> Result<Socket, tungstenite::Error> {
        let mut request = format!("ws://{}/ws/chat/", self.addr).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("origin", origin.parse().unwrap());
        headers.insert("sec-websocket-protocol", SUBPROTOCOL.parse().unwrap());
        headers.insert(
            "cookie",
            format!("quad_session={}", self.session).parse().unwrap(),
        );
        let (stream, _) = connect_async(request).await?;
        Ok(Socket { stream })
    }

    /// The same browser, at another node.
    pub fn at(&self, node: &TestApp) -> Self {
        self.at_address(node.addr)
    }

    /// The same browser, at another address.
    pub fn at_address(&self, addr: SocketAddr) -> Self {
        Self {
            addr,
            base: format!("http://{addr}"),
            client: self.client.clone(),
            csrf: self.csrf.clone(),
            session: self.session.clone(),
        }
    }

    /// Where this browser goes.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The same browser once more.
    pub fn again(&self) -> Self {
        self.at_address(self.addr)
    }

    /// Opens the socket; its `hello` has been read.
    pub async fn connects(&self) -> (Socket, Hello) {
        let mut socket = self.tries_socket(&self.base).await.unwrap();
        match socket.next().await {
            Event::Hello(hello) => (socket, *hello),
            other => panic!("the first frame was {other:?}"),
        }
    }
}

/// Tries to open a socket with what else the address and the headers say.
pub async fn tries_socket_with(
    addr: SocketAddr,
    query: &str,
    headers: &[(&'static str, String)],
) -> Result<Socket, tungstenite::Error> {
    let mut request = format!("ws://{addr}/ws/chat/{query}").into_client_request()?;
    let protocol = ("sec-websocket-protocol", SUBPROTOCOL.to_owned());
    for (name, value) in headers.iter().chain([&protocol]) {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let (stream, _) = connect_async(request).await?;
    Ok(Socket { stream })
}

/// A device's socket.
pub struct Socket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    pub async fn sends(&mut self, command: &Command) {
        self.sends_text(&serde_json::to_string(command).unwrap())
            .await;
    }

    pub async fn sends_text(&mut self, text: &str) {
        self.stream.send(Frame::text(text)).await.unwrap();
    }

    async fn frame(&mut self) -> Frame {
        tokio::time::timeout(PATIENCE, self.stream.next())
            .await
            .expect("a frame in time")
            .unwrap()
            .unwrap()
    }

    /// The next event.
    pub async fn next(&mut self) -> Event {
        loop {
            match self.frame().await {
                Frame::Text(text) => return serde_json::from_str(text.as_str()).unwrap(),
                Frame::Ping(_) | Frame::Pong(_) => {}
                other => panic!("expected an event, got {other:?}"),
            }
        }
    }

    /// The number with which the server closes it.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Frame::Close(frame) = self.frame().await {
                return frame.unwrap().code.into();
            }
        }
    }

    /// Reads on until `wanted` answers something.
    pub async fn until<T>(&mut self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.next().await) {
                return found;
            }
        }
    }

    /// Sends a message and waits for its `ack`.
    pub async fn says(&mut self, room_id: RoomId, text: &str) -> Ack {
        self.says_as(room_id, text, ClientId::random()).await
    }

    pub async fn says_as(&mut self, room_id: RoomId, text: &str, client_id: ClientId) -> Ack {
        let audience = Audience::All;
        self.says_for(room_id, audience, text, client_id).await
    }

    /// Writes an internal note and waits for its `ack`.
    pub async fn notes(&mut self, room_id: RoomId, text: &str) -> Ack {
        self.notes_as(room_id, text, ClientId::random()).await
    }

    pub async fn notes_as(&mut self, room_id: RoomId, text: &str, client_id: ClientId) -> Ack {
        self.says_for(room_id, Audience::Staff, text, client_id)
            .await
    }

    async fn says_for(
        &mut self,
        room_id: RoomId,
        audience: Audience,
        text: &str,
        client_id: ClientId,
    ) -> Ack {
        let content = text.to_owned();
        self.sends(&Command::ChatMessage {
            room_id,
            content,
            client_id: Some(client_id),
            audience,
            reply_to: None,
        })
        .await;
        self.until(|event| match event {
            Event::Ack(ack) if ack.client_id == client_id => Some(ack),
            Event::Error(error) => panic!("refused: {error:?}"),
            _ => None,
        })
        .await
    }

    /// Reads on to the next message.
    pub async fn message(&mut self) -> Message {
        self.until(|event| {
            if let Event::ChatMessage { message, .. } = event {
                Some(*message)
            } else {
                None
            }
        })
        .await
    }

    /// A round trip: everything that was published before has been queued for this socket.
    pub async fn all_until_pong(&mut self) -> Vec<Event> {
        self.sends(&Command::Ping).await;
        let mut events = Vec::new();
        loop {
            match self.next().await {
                Event::Pong => return events,
                event => events.push(event),
            }
        }
    }

    pub async fn reads_up_to(&mut self, room_id: RoomId, read_seq: Seq) {
        self.sends(&Command::MarkRead { room_id, read_seq }).await;
    }
}
