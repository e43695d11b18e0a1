//! Sockets that may end at any moment, senders who do not give up, and what the database holds in the end.

use std::collections::BTreeMap;

use futures_util::{SinkExt, StreamExt};
use quad::{
    model::{Audience, ClientId, Message, RoomId, Seq},
    protocol::{Ack, Command, Event},
    server::store::{Store, messages},
};
use tokio_tungstenite::tungstenite::protocol::Message as Frame;

use crate::app::{Person, Socket};

/// The command that sends a message.
pub fn message(room_id: RoomId, text: &str, client_id: ClientId) -> Command {
    Command::ChatMessage {
        room_id,
        content: text.to_owned(),
        client_id: Some(client_id),
        audience: Audience::All,
        reply_to: None,
    }
}

impl Socket {
    /// Sends, unless the socket has ended.
    pub async fn tries_to_send(&mut self, command: &Command) -> bool {
        let text = serde_json::to_string(command).unwrap();
        self.stream.send(Frame::text(text)).await.is_ok()
    }

    /// The next event, or the number with which the socket was closed; none: without a word.
    pub async fn next_or_end(&mut self) -> Result<Event, Option<u16>> {
        loop {
            match self.stream.next().await {
                Some(Ok(Frame::Text(text))) => {
                    return Ok(serde_json::from_str(text.as_str()).unwrap());
                }
                Some(Ok(Frame::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// Sends a message and waits for its `ack`; none where it is refused for now, or the socket ends.
    pub async fn tries_to_say(
        &mut self,
        room_id: RoomId,
        text: &str,
        key: ClientId,
    ) -> Result<Option<Ack>, Option<u16>> {
        self.tries_to_send(&message(room_id, text, key)).await;
        loop {
            match self.next_or_end().await? {
                Event::Ack(ack) if ack.client_id == key => return Ok(Some(ack)),
                Event::Error(error) if error.client_id == Some(key) => {
                    assert!(error.error.is_temporary(), "{error:?}");
                    return Ok(None);
                }
                _ => {}
            }
        }
    }
}

impl Person {
    /// Opens the socket, as often as it takes; its `hello` is still to be read.
    pub async fn connects_at_last(&self) -> Socket {
        loop {
            if let Ok(socket) = self.tries_socket(&self.base).await {
                return socket;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Sends a message until it is acknowledged, on a new socket where one ends.
    pub async fn says_at_last(
        &self,
        socket: &mut Socket,
        room_id: RoomId,
        text: &str,
        key: ClientId,
    ) -> Ack {
        loop {
            match socket.tries_to_say(room_id, text, key).await {
                Ok(Some(ack)) => return ack,
                Ok(None) => {}
                Err(_) => *socket = self.connects_at_last().await,
            }
        }
    }
}

/// Every message of a room, as the database has it, in the order of `seq`.
pub async fn stored(store: &Store, room_id: RoomId) -> Vec<Message> {
    let mut reader = store.read().await.unwrap();
    let changes = messages::changed_after(&mut reader.conn(), room_id, Seq(0), i64::MAX)
        .await
        .unwrap();
    changes.into_iter().map(|change| change.message).collect()
}

/// Asserts that messages have every place from 1 on, each key once, and that what was acknowledged is there.
pub fn assert_kept(stored: &[Message], acknowledged: &[Ack]) {
    let seqs: Vec<_> = stored.iter().map(|message| message.seq).collect();
    let dense: Vec<_> = (1..).map(Seq).take(stored.len()).collect();
    assert_eq!(seqs, dense, "every place once");
    let by_key: BTreeMap<_, _> = stored
        .iter()
        .map(|message| (message.client_id.unwrap().to_string(), message))
        .collect();
    assert_eq!(by_key.len(), stored.len(), "every key once");
    for ack in acknowledged {
        let message = by_key.get(&ack.client_id.to_string());
        let message = message.unwrap_or_else(|| panic!("acknowledged and lost: {ack:?}"));
        assert_eq!((message.id, message.seq), (ack.message_id, ack.seq));
    }
}
