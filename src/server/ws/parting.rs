//! How we close a socket: what was promised is written, then the close; then the peer has its turn.
//!
//! A connection that is dropped with something unread is reset, and a reset takes with it what the peer has not read
//! yet: its close, and acknowledgements before that. So what the peer still sends is read, up to its own close.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;

use super::socket::Socket;
use crate::{protocol::CloseCode, server::hub::Frame};

/// For writing: a peer that does not read is closed all the same.
const WRITING: Duration = Duration::from_secs(2);
/// For the peer's own close.
const HEARING: Duration = Duration::from_secs(2);

impl Socket {
    /// Closes it. At a restart, sends that wait for their commit are answered first.
    pub(super) async fn part(mut self, code: CloseCode) {
        let written = timeout(WRITING, async {
            if code == CloseCode::Restarting {
                while let Some(answer) = self.sends.next().await {
                    let frame = Message::Text(Frame::of(&answer).text);
                    self.websocket.feed(frame).await?;
                }
            }
            write_close(&mut self.websocket, code).await
        });
        if let Ok(Ok(())) = written.await {
            hear_close(&mut self.websocket).await;
        }
    }
}

/// Closes a socket that has only been opened.
pub(super) async fn close(mut websocket: WebSocket, code: CloseCode) {
    if let Ok(Ok(())) = timeout(WRITING, write_close(&mut websocket, code)).await {
        hear_close(&mut websocket).await;
    }
}

async fn write_close(websocket: &mut WebSocket, code: CloseCode) -> Result<(), axum::Error> {
    // The reason of a restart is a hint when to come back, in milliseconds; the client spreads itself.
    let reason = if code == CloseCode::Restarting {
        Utf8Bytes::from_static("1000")
    } else {
        Utf8Bytes::default()
    };
    let frame = Message::Close(Some(CloseFrame {
        code: code.number(),
        reason,
    }));
    websocket.send(frame).await
}

async fn hear_close(websocket: &mut WebSocket) {
    let heard = async {
        // After the peer's close there is nothing more.
        while let Some(Ok(_)) = websocket.next().await {}
    };
    drop(timeout(HEARING, heard).await);
}
