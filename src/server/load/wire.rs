//! WebSocket as far as a load client needs it (RFC 6455): its own frames masked with zeros, the server's read in place.
//!
//! A client library would keep buffers of its own for each of thousands of sockets and copy every message; here a
//! thread reads all its sockets into one buffer, so that the crowd costs little beside the server that is measured.

use std::net::SocketAddr;

use crate::protocol::{SOCKET_PATH, SUBPROTOCOL};

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;

/// A frame of the server's.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame<'b> {
    /// An event.
    Text(&'b [u8]),
    /// To be answered by [`write_pong`].
    Ping(&'b [u8]),
    /// The end, with its code.
    Close(u16),
    /// Nothing that matters here.
    Other,
}

/// The server sent something that is not as agreed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// The request that opens a socket, for the holder of that session.
pub(super) fn request(addr: SocketAddr, token: &str) -> String {
    format!(
        "GET {SOCKET_PATH} HTTP/1.1\r\nHost: {addr}\r\nOrigin: http://{addr}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
         Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\nCookie: quad_session={token}\r\n\r\n"
    )
}

/// Whether the answer to the request has come whole, and where it ends. Errors: it is not the upgrade.
pub(super) fn upgraded(bytes: &[u8]) -> Result<Option<usize>, Broken> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    if bytes.starts_with(b"HTTP/1.1 101 ") {
        Ok(Some(end + 4))
    } else {
        Err(Broken)
    }
}

/// Appends a command.
pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
    write(out, TEXT, text.as_bytes());
}

/// Appends the answer to a ping.
pub(super) fn write_pong(out: &mut Vec<u8>, payload: &[u8]) {
    write(out, PONG, payload);
}

fn write(out: &mut Vec<u8>, kind: u8, payload: &[u8]) {
    out.push(FINAL | kind);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length), _) if length < 126 => out.push(MASKED | length),
        (_, Ok(length)) => {
            out.push(MASKED | 126);
            out.extend(length.to_be_bytes());
        }
        _ => {
            out.push(MASKED | 127);
            let length = u64::try_from(payload.len()).unwrap_or(u64::MAX);
            out.extend(length.to_be_bytes());
        }
    }
    // The mask, which leaves the payload as it is.
    out.extend([0; 4]);
    out.extend(payload);
}

/// The first frame in `bytes` and its length; none: it has not come whole.
pub(super) fn read(bytes: &[u8]) -> Result<Option<(Frame<'_>, usize)>, Broken> {
    let [kind, short, rest @ ..] = bytes else {
        return Ok(None);
    };
    // The server splits nothing and masks nothing.
    if kind & FINAL == 0 || short & MASKED != 0 {
        return Err(Broken);
    }
    let (head, length) = match (short, rest) {
        (126, [a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
        (127, [a, b, c, d, e, f, g, h, ..]) => {
            let length = u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
            (10, usize::try_from(length).map_err(|_| Broken)?)
        }
        (126 | 127, _) => return Ok(None),
        (short, _) => (2, usize::from(*short)),
    };
    let end = head + length;
    let Some(payload) = bytes.get(head..end) else {
        return Ok(None);
    };
    let frame = match kind & 0x0f {
        TEXT => Frame::Text(payload),
        PING => Frame::Ping(payload),
        CLOSE => Frame::Close(code(payload)),
        _ => Frame::Other,
    };
    Ok(Some((frame, end)))
}

fn code(payload: &[u8]) -> u16 {
    match payload {
        [a, b, ..] => u16::from_be_bytes([*a, *b]),
        _ => 1005,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a server would write.
    fn unmasked(kind: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = Vec::new();
        write(&mut frame, kind, payload);
        let head = frame.len() - payload.len() - 4;
        frame.drain(head..head + 4);
        frame[1] &= !MASKED;
        frame
    }

    #[test]
    fn frames_of_every_length_are_read_whole_or_not_yet() {
        for length in [0, 1, 125, 126, 300, 65_535, 65_536] {
            let payload = vec![b'x'; length];
            let bytes = unmasked(TEXT, &payload);
            let expected = Some((Frame::Text(&payload), bytes.len()));
            assert_eq!(read(&bytes), Ok(expected));
            for end in [0, 1, 2, 3, 9, bytes.len() - 1] {
                let part = &bytes[..end.min(bytes.len() - 1)];
                assert_eq!(read(part), Ok(None), "{length} {end}");
            }
        }
    }

    #[test]
    fn a_close_has_its_code() {
        let bytes = unmasked(CLOSE, &[0x03, 0xf4, b'1']);
        assert_eq!(read(&bytes), Ok(Some((Frame::Close(1012), 5))));
        assert_eq!(
            read(&unmasked(CLOSE, &[])),
            Ok(Some((Frame::Close(1005), 2)))
        );
        assert_eq!(read(&[TEXT, 0]), Err(Broken));
    }

    #[test]
    fn only_the_upgrade_is_taken() {
        let yes = b"HTTP/1.1 101 Switching Protocols\r\na: b\r\n\r\nrest";
        assert_eq!(upgraded(yes), Ok(Some(yes.len() - 4)));
        assert_eq!(upgraded(&yes[..20]), Ok(None));
        assert_eq!(upgraded(b"HTTP/1.1 401 Unauthorized\r\n\r\n"), Err(Broken));
    }
}
