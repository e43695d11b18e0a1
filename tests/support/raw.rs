//! A peer that writes its bytes itself: what no well-behaved client can be made to send.

use std::{io, net::SocketAddr, time::Duration};

use quad::protocol::SUBPROTOCOL;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpSocket, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use crate::app::Person;

/// Longer than anything here takes; a peer that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);
/// The system's smallest window, so that a peer that does not read is soon noticed.
const SMALL_WINDOW_BYTES: u32 = 4096;

pub const TEXT: u8 = 0x1;
pub const BINARY: u8 = 0x2;
pub const CLOSE: u8 = 0x8;
pub const PING: u8 = 0x9;
pub const FIN: u8 = 0x80;

/// A connection.
pub struct RawPeer {
    reading: OwnedReadHalf,
    pub writing: OwnedWriteHalf,
    /// What has come and was not looked at yet.
    come: Vec<u8>,
}

/// What the server answered to a request.
#[derive(Debug)]
pub struct RawAnswer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// A frame as a client masks it.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        len @ 0..126 => bytes.push(0x80 | u8::try_from(len).unwrap()),
        len @ 126..65536 => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(len).unwrap().to_be_bytes());
        }
        len => {
            bytes.push(0x80 | 127);
            bytes.extend(u64::try_from(len).unwrap().to_be_bytes());
        }
    }
    let mask = [0x11, 0x22, 0x33, 0x44];
    bytes.extend(mask);
    let masked = payload.iter().zip(mask.iter().cycle());
    bytes.extend(masked.map(|(byte, mask)| byte ^ mask));
    bytes
}

/// A text as one frame.
pub fn text(text: &str) -> Vec<u8> {
    frame(FIN | TEXT, text.as_bytes())
}

/// The head of a request to open a socket, with other values for some of its lines; an empty one leaves the line out.
pub fn upgrade(person: &Person, addr: SocketAddr, other: &[(&str, &str)]) -> String {
    let host = addr.to_string();
    let origin = format!("http://{addr}");
    let cookie = format!("quad_session={}", person.session);
    let lines = [
        ("Host", host.as_str()),
        ("Origin", origin.as_str()),
        ("Cookie", cookie.as_str()),
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Protocol", SUBPROTOCOL),
    ];
    let mut head = String::from("GET /ws/chat/ HTTP/1.1\r\n");
    for (name, value) in lines {
        let given = other.iter().find(|(given, _)| *given == name);
        let value = given.map_or(value, |(_, value)| value);
        if !value.is_empty() {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head + "\r\n"
}

async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what)
        .await
        .expect("something happens in time")
}

impl RawPeer {
    pub async fn connects(addr: SocketAddr) -> Self {
        Self::of(TcpStream::connect(addr).await.unwrap())
    }

    /// The same with the smallest window there is.
    pub async fn connects_narrow(addr: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(SMALL_WINDOW_BYTES).unwrap();
        Self::of(socket.connect(addr).await.unwrap())
    }

    /// From another address of this machine.
    pub async fn connects_from(from: [u8; 4], addr: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        Self::of(socket.connect(addr).await.unwrap())
    }

    fn of(stream: TcpStream) -> Self {
        stream.set_nodelay(true).unwrap();
        let (reading, writing) = stream.into_split();
        Self {
            reading,
            writing,
            come: Vec::new(),
        }
    }

    /// Opens a person's socket. Its `hello` waits to be read.
    pub async fn opens(person: &Person, addr: SocketAddr) -> Self {
        Self::connects(addr).await.upgraded(person, addr).await
    }

    /// The same with the smallest window there is.
    pub async fn opens_narrow(person: &Person, addr: SocketAddr) -> Self {
        let peer = Self::connects_narrow(addr).await;
        peer.upgraded(person, addr).await
    }

    /// The same over a connection that is there.
    pub async fn upgraded(mut self, person: &Person, addr: SocketAddr) -> Self {
        self.writes(upgrade(person, addr, &[])).await;
        assert_eq!(self.head().await.0, 101);
        self
    }

    pub async fn writes(&mut self, bytes: impl AsRef<[u8]>) {
        self.writing.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Writes although the other side may have closed.
    pub async fn tries_to_write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writing.write_all(bytes).await
    }

    /// Reads one byte, where there is one, and throws it away.
    pub async fn takes_a_byte(&mut self) {
        let mut byte = [0; 1];
        // An end is told by what comes after.
        drop(in_time(self.reading.read(&mut byte)).await);
    }

    /// Something more has come; false: the other side has ended well.
    async fn more(&mut self) -> io::Result<bool> {
        let mut bytes = [0; 4096];
        let count = in_time(self.reading.read(&mut bytes)).await?;
        self.come.extend(&bytes[..count]);
        Ok(count > 0)
    }

    async fn take(&mut self, count: usize) -> Vec<u8> {
        while self.come.len() < count {
            assert!(self.more().await.unwrap(), "it ended too early");
        }
        self.come.drain(..count).collect()
    }

    /// Everything up to that, with it.
    async fn take_to(&mut self, end: &[u8]) -> String {
        loop {
            let found = self.come.windows(end.len()).position(|bytes| bytes == end);
            if let Some(at) = found {
                return String::from_utf8(self.take(at + end.len()).await).unwrap();
            }
            assert!(self.more().await.unwrap(), "no answer");
        }
    }

    async fn head(&mut self) -> (u16, String) {
        let head = self.take_to(b"\r\n\r\n").await;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_ascii_lowercase())
    }

    /// A body of unknown length, piece by piece (RFC 9112, section 7.1).
    async fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let line = self.take_to(b"\r\n").await;
            let length = usize::from_str_radix(line.trim_end(), 16).unwrap();
            let chunk = self.take(length + 2).await;
            if length == 0 {
                return body;
            }
            body.extend(&chunk[..length]);
        }
    }

    /// The answer to a request.
    pub async fn answer(&mut self) -> RawAnswer {
        let (status, head) = self.head().await;
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().unwrap());
        let body = if head.contains("\r\ntransfer-encoding: chunked\r\n") {
            self.chunks().await
        } else {
            self.take(length).await
        };
        let body = String::from_utf8(body).unwrap();
        RawAnswer { status, head, body }
    }

    /// The status of the answer to a request; none where the connection ends instead.
    pub async fn tries_to_hear(&mut self) -> Option<u16> {
        while !self.come.windows(4).any(|four| four == b"\r\n\r\n") {
            if !self.more().await.unwrap_or(false) {
                return None;
            }
        }
        Some(self.answer().await.status)
    }

    /// The next frame of the server: its first byte and its content.
    pub async fn frame(&mut self) -> (u8, Vec<u8>) {
        let head = self.take(2).await;
        let length = match head[1] {
            126 => u64::from(u16::from_be_bytes(self.take(2).await.try_into().unwrap())),
            127 => u64::from_be_bytes(self.take(8).await.try_into().unwrap()),
            short => u64::from(short),
        };
        let content = self.take(usize::try_from(length).unwrap()).await;
        (head[0], content)
    }

    /// Reads on to the next frame of that kind.
    pub async fn until(&mut self, kind: u8) -> Vec<u8> {
        loop {
            let (first, content) = self.frame().await;
            if first == FIN | kind {
                return content;
            }
            assert_ne!(first, FIN | CLOSE, "it was closed: {content:?}");
        }
    }

    /// The code with which the server closes; after it nothing comes, and the connection ends well.
    pub async fn closed(&mut self) -> u16 {
        let code = loop {
            let (first, content) = self.frame().await;
            if first == FIN | CLOSE {
                break u16::from_be_bytes([content[0], content[1]]);
            }
        };
        self.ends().await;
        code
    }

    /// The server closes without a code, as the peer did.
    pub async fn until_close_without_code(&mut self) {
        while self.frame().await != (FIN | CLOSE, Vec::new()) {}
        self.ends().await;
    }

    /// Reads to the connection's end, which is none by a reset.
    pub async fn ends(&mut self) {
        while self.more().await.expect("an end without a reset") {}
        assert!(self.come.is_empty(), "{:?}", self.come);
    }

    /// The other side ends the connection, however; what comes before is thrown away.
    pub async fn is_cut(&mut self) {
        while self.more().await.unwrap_or(false) {}
    }
}
