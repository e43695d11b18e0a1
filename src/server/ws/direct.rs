//! The socket of everything without a subprotocol: it speaks as the public contract has it (S3), and, from the first
//! frame of its client that has them on, in S4's words too.

use std::{borrow::Cow, collections::HashMap};

use axum::extract::ws::Utf8Bytes;
use serde_json::Value;

use super::{
    ending::End,
    socket::{Scope, Socket},
    writing::text_of,
};
use crate::{
    model::ClientId,
    protocol::{
        Event,
        public::{
            self,
            direct::{self, BareFrame},
        },
    },
    server::hub::Frame,
};

/// Names of messages that wait for their answers; those beyond wait for none, as of sends that fail before they begin.
const MOST_NAMES: usize = 64;

const MESSAGE: &str = r#"{"type":"chat_message""#;
const PRESENCE: &str = r#"{"type":"presence""#;

/// What senders call their messages until these are stored, by key.
pub(super) type Names = HashMap<ClientId, Value>;

impl Socket {
    fn is_bare(&self) -> bool {
        matches!(self.scope, Scope::Bare { .. })
    }

    /// Its client does not say where it looks: it is told of typing in all rooms, and of the first people whom its user
    /// knows.
    pub(super) async fn begin_bare(&mut self) -> Result<(), End> {
        self.hello().await?;
        self.begin_signs().await
    }

    /// A frame in native words.
    pub(super) fn in_native_words<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        let frame = self.is_bare().then(|| BareFrame::read(text)).flatten();
        let Some(frame) = frame else {
            return Cow::Borrowed(text);
        };
        if frame.is_direct {
            let names = self.names.get_or_insert_default();
            if names.len() >= MOST_NAMES {
                names.clear();
            }
            names.extend(frame.sent);
        }
        Cow::Owned(frame.text)
    }

    /// An event as its client reads it.
    pub(super) fn text_of(&self, event: &Event) -> Utf8Bytes {
        match event {
            event if !self.is_bare() => text_of(event),
            Event::Hello(hello) => direct::hello(hello).into(),
            event => public::told(event).text.into(),
        }
    }

    /// A frame as its client reads it.
    pub(super) fn frame_text(&self, frame: &Frame) -> Utf8Bytes {
        if self.is_bare() {
            frame.public().0.clone()
        } else {
            frame.text.clone()
        }
    }

    /// The answer to a send, in its sender's words.
    pub(super) fn answer_text(&mut self, answer: &Event) -> Utf8Bytes {
        answer_in(self.names.as_deref_mut(), answer)
    }

    /// What its client is told beside a frame that has gone out.
    pub(super) fn beside(&self, frame: &Frame) -> Option<Utf8Bytes> {
        self.names.as_ref()?;
        let said = if frame.text.starts_with(MESSAGE) {
            direct::notification(&frame.public().0, self.viewer.user_id)
        } else if frame.text.starts_with(PRESENCE) {
            match serde_json::from_str(&frame.text) {
                Ok(Event::Presence(presence)) => Some(direct::user_status(&presence)),
                _ => None,
            }
        } else {
            None
        };
        said.map(Utf8Bytes::from)
    }
}

/// The answer to a send, with its sender's own name for it where there is one.
pub(super) fn answer_in(names: Option<&mut Names>, answer: &Event) -> Utf8Bytes {
    let key = match answer {
        Event::Ack(ack) => Some(ack.client_id),
        Event::Error(error) => error.client_id,
        _ => None,
    };
    let name = names.zip(key).and_then(|(names, key)| names.remove(&key));
    match name {
        Some(name) => direct::answered(answer, name).into(),
        None => text_of(answer),
    }
}
