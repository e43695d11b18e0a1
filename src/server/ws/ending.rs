//! How a socket's life ends: what went wrong in it as a close code, and the farewell.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{SinkExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio::time::timeout;
use tungstenite::{Error, error::ProtocolError};

use crate::protocol::{CloseCode, Event};

/// A peer that does not take its close frame within this time is closed all the same. What it still sends is read away
/// by the connection, so that the frame is not lost on the way (`http::linger`).
const FAREWELL: Duration = Duration::from_secs(2);
/// At a restart a peer has so long to take the answers to its last sends.
const ANSWERS: Duration = Duration::from_secs(2);
/// The reason of a restart is a hint when to come back, in milliseconds; the client spreads itself.
const COME_BACK_MS: &str = "1000";

/// Why a socket's life ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// We close it, with this code.
    Close(CloseCode),
    /// The peer has closed it and waits for our answer.
    Left,
    /// The peer is gone.
    Gone,
}

/// What an error of the socket comes to. axum hides whose it is: `tungstenite` is a dependency of our own for this, in the
/// version that axum has.
pub(super) fn of(error: axum::Error) -> End {
    match error.into_inner().downcast_ref::<Error>() {
        Some(Error::Capacity(_)) => End::Close(CloseCode::TooLarge),
        Some(Error::Utf8(_)) => End::Close(CloseCode::BadText),
        Some(Error::WriteBufferFull(_)) => End::Close(CloseCode::TooSlow),
        // It went without a word.
        Some(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => End::Gone,
        Some(Error::Protocol(_)) => End::Close(CloseCode::BadFrame),
        _ => End::Gone,
    }
}

/// Sends that wait for their commit; each answers with its `ack` or `error`.
pub(super) type Sends = FuturesUnordered<BoxFuture<'static, Event>>;

/// At a restart: sends that wait for their commit are answered first, as far as the peer listens.
pub(super) async fn answer_sends(
    websocket: &mut WebSocket,
    sends: &mut Sends,
    mut text_of: impl FnMut(&Event) -> Utf8Bytes,
) {
    let answered = async {
        while let Some(answer) = sends.next().await {
            websocket.feed(Message::Text(text_of(&answer))).await?;
        }
        Ok::<_, axum::Error>(())
    };
    match timeout(ANSWERS, answered).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "the peer left before it was answered"),
        Err(_) => tracing::debug!("the peer did not take its answers"),
    }
}

/// Says farewell, as far as the peer listens.
pub(super) async fn farewell(websocket: &mut WebSocket, end: End) {
    let said = async {
        match end {
            End::Close(code) => {
                // First the pong that may wait: nothing comes after a close.
                websocket.flush().await?;
                websocket.send(frame(code)).await
            }
            // The answer stands in the buffer already.
            End::Left => websocket.flush().await,
            End::Gone => Ok(()),
        }
    };
    match timeout(FAREWELL, said).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, ?end, "the peer left without a farewell"),
        Err(_) => tracing::debug!(?end, "the peer did not take its close frame"),
    }
}

fn frame(code: CloseCode) -> Message {
    let reason = match code {
        CloseCode::Restarting => Utf8Bytes::from_static(COME_BACK_MS),
        _ => Utf8Bytes::default(),
    };
    Message::Close(Some(CloseFrame {
        code: code.number(),
        reason,
    }))
}

#[cfg(test)]
mod tests {
    use tungstenite::error::CapacityError;

    use super::*;

    #[test]
    fn each_error_has_its_code() {
        let too_long = CapacityError::MessageTooLong {
            size: 2,
            max_size: 1,
        };
        let closes = [
            (Error::Capacity(too_long), CloseCode::TooLarge),
            (Error::Utf8(String::new()), CloseCode::BadText),
            (
                Error::Protocol(ProtocolError::UnmaskedFrameFromClient),
                CloseCode::BadFrame,
            ),
        ];
        for (error, code) in closes {
            assert_eq!(of(axum::Error::new(error)), End::Close(code));
        }
        let gone = [
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake),
            Error::Io(std::io::ErrorKind::ConnectionReset.into()),
            Error::ConnectionClosed,
        ];
        for error in gone {
            assert_eq!(of(axum::Error::new(error)), End::Gone);
        }
        assert_eq!(of(axum::Error::new(std::fmt::Error)), End::Gone);
    }
}
