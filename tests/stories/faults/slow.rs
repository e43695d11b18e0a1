//! Readers who do not read: they are cut, others notice nothing, and what they missed comes with their resume.

use std::net::SocketAddr;

use futures_util::StreamExt;
use quad::{
    model::{Seq, UserId},
    protocol::{Command, Event, ResumeFrom, SUBPROTOCOL},
};
use tokio::net::TcpSocket;
use tokio_tungstenite::{
    MaybeTlsStream, client_async,
    tungstenite::{client::IntoClientRequest, protocol::Message as Frame},
};

use crate::{
    app::{Person, Socket, TestApp},
    on_both_databases,
};

/// What the system keeps for a reader who does not read, as small as it lets us have it.
const RECEIVE_BYTES: u32 = 4096;
/// More than all buffers between the two hold: the system's own are the largest.
const MESSAGES: i64 = 2_500;
const CHARS: usize = 4_000;

/// A socket that takes little before it is read.
async fn narrow_socket(person: &Person, addr: SocketAddr) -> Socket {
    let tcp = TcpSocket::new_v4().unwrap();
    tcp.set_recv_buffer_size(RECEIVE_BYTES).unwrap();
    let stream = MaybeTlsStream::Plain(tcp.connect(addr).await.unwrap());
    let mut request = format!("ws://{addr}/ws/chat/")
        .into_client_request()
        .unwrap();
    let cookie = format!("quad_session={}", person.session);
    let headers = [
        ("origin", person.base.as_str()),
        ("sec-websocket-protocol", SUBPROTOCOL),
        ("cookie", cookie.as_str()),
    ];
    for (name, value) in headers {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let (stream, _) = client_async(request, stream).await.unwrap();
    Socket { stream }
}

/// Reads what was under way and then the end.
async fn is_cut(mut slow: Socket) -> bool {
    while let Some(Ok(frame)) = slow.stream.next().await {
        if let Frame::Close(Some(close)) = frame {
            return u16::from(close.code) == 4408;
        }
    }
    // A close that could not be written any more.
    true
}

async fn one_that_does_not_read_is_cut_and_resumes(app: TestApp) {
    let chars = ("QUAD_LIMITS_MESSAGE_CHARS", "4000");
    let app = app
        .told(&[chars], &quad::server::clock::Clock::System)
        .await;
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let snapshot = ana.opens_support().await;
    let room_id = snapshot.id();
    let (mut desk, hello) = nora.connects().await;
    let slow = narrow_socket(&ana, app.addr).await;
    let (mut quick, _) = ana.connects().await;
    let mine = quick.all_until_pong().await;
    assert!(mine.is_empty(), "{mine:?}");
    let id: UserId = snapshot.me;
    assert_eq!(app.services.hub.count_of(id), 2);

    let text = "x".repeat(CHARS);
    let reading = tokio::spawn(async move {
        for expected in (1..=MESSAGES).map(Seq) {
            assert_eq!(quick.message().await.seq, expected);
        }
        quick
    });
    for _ in 0..MESSAGES {
        desk.says(room_id, &text).await;
    }
    let mut quick = reading.await.unwrap();
    // Cut while it still did not read; the other one lives.
    assert_eq!(app.services.hub.count_of(id), 1);
    assert_eq!(app.services.hub.count_of(hello.user.id), 1);
    quick.all_until_pong().await;
    assert!(is_cut(slow).await);

    // Too far behind for a resume by single changes: that is said, and the room is fetched afresh.
    let (mut back, hello) = ana.connects().await;
    assert_eq!(hello.rooms[0].seq, Seq(MESSAGES));
    for (since, wanted) in [(Seq(MESSAGES - 900), 900), (snapshot.seq, 0)] {
        let rooms = vec![ResumeFrom { room_id, since }];
        let epoch = snapshot.epoch.clone();
        back.sends(&Command::Resume { epoch, rooms }).await;
        let events = back.all_until_pong().await;
        let messages = events.iter();
        let messages = messages.filter(|event| matches!(event, Event::ChatMessage { .. }));
        assert_eq!(messages.count(), wanted);
        let is_reset = matches!(events.last(), Some(Event::Reset { .. }));
        assert_eq!(is_reset, wanted == 0);
    }
}

on_both_databases!(one_that_does_not_read_is_cut_and_resumes);
