//! Encoded events: once for all who see the same.

use std::sync::{Arc, OnceLock};

use axum::extract::ws::Utf8Bytes;

use crate::{
    model::{
        Audience, RoomId, Seq, UserId,
        permission::{Actor, Whose, may_see},
    },
    protocol::{
        Event,
        public::{self, Sent},
    },
};

/// An encoded event. Cloning shares the bytes.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The JSON text.
    pub text: Utf8Bytes,
    /// Of a durable event: its place.
    pub place: Option<(RoomId, Seq)>,
    pub(super) public: Arc<OnceLock<(Utf8Bytes, Option<Sent>)>>,
}

impl Frame {
    /// Encodes an event.
    pub fn of(event: &Event) -> Self {
        let text = serde_json::to_string(event).unwrap_or_else(|error| {
            tracing::error!(%error, "an event could not be encoded");
            String::from("{\"type\":\"pong\"}")
        });
        Self {
            text: text.into(),
            place: event.place(),
            public: Arc::default(),
        }
    }

    /// The same for sockets of one room, and the message in it: encoded when the first of them asks, once for all.
    pub fn public(&self) -> &(Utf8Bytes, Option<Sent>) {
        self.public.get_or_init(|| {
            let event = serde_json::from_str::<Event>(&self.text);
            event.map_or_else(
                |error| {
                    tracing::error!(%error, "an event of our own could not be read");
                    (self.text.clone(), None)
                },
                |event| {
                    let told = public::told(&event);
                    (told.text.into(), told.sent)
                },
            )
        })
    }
}

/// An event on its way to many: at most two encodings, one for those who may see it and one for those who may only know
/// that there was something.
#[derive(Clone, Debug)]
pub struct Publication {
    full: Frame,
    hidden: Option<Hidden>,
}

#[derive(Clone, Debug)]
struct Hidden {
    room: Whose,
    audience: Audience,
    sender: UserId,
    skip: Frame,
}

impl From<&Event> for Publication {
    fn from(event: &Event) -> Self {
        Self {
            full: Frame::of(event),
            hidden: None,
        }
    }
}

impl Publication {
    /// A change that `sender` made for `audience` in that room.
    pub fn of_change(event: &Event, room: Whose, audience: Audience, sender: UserId) -> Self {
        let full = Frame::of(event);
        let hidden = full
            .place
            .filter(|_| audience != Audience::All)
            .map(|(room_id, seq)| Hidden {
                room,
                audience,
                sender,
                skip: Frame::of(&Event::Skip {
                    room_id,
                    from: seq,
                    to: seq,
                }),
            });
        Self { full, hidden }
    }

    /// What that reader gets of it.
    pub fn frame_for(&self, reader: Actor) -> &Frame {
        match &self.hidden {
            Some(hidden) if !may_see(reader, hidden.room, hidden.audience, hidden.sender) => {
                &hidden.skip
            }
            _ => &self.full,
        }
    }
}
