//! Encoded events: once for all who see the same.

use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

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

/// An encoded event. Cloning shares it: what waits for a thousand readers stands in memory once.
#[derive(Clone, Debug)]
pub struct Frame(Arc<Encoded>);

/// What a frame holds.
#[derive(Debug)]
pub struct Encoded {
    /// The JSON text.
    pub text: Utf8Bytes,
    /// Of a durable event: its place.
    pub place: Option<(RoomId, Seq)>,
    /// Of a `skip`: its first change.
    skips_from: Option<Seq>,
    public: OnceLock<(Utf8Bytes, Option<Sent>)>,
}

impl Deref for Frame {
    type Target = Encoded;

    fn deref(&self) -> &Encoded {
        &self.0
    }
}

impl Frame {
    /// Encodes an event.
    pub fn of(event: &Event) -> Self {
        let text = serde_json::to_string(event).unwrap_or_else(|error| {
            tracing::error!(%error, "an event could not be encoded");
            String::from("{\"type\":\"pong\"}")
        });
        let skips_from = match event {
            Event::Skip { from, .. } => Some(*from),
            _ => None,
        };
        Self(Arc::new(Encoded {
            text: text.into(),
            place: event.place(),
            skips_from,
            public: OnceLock::new(),
        }))
    }

    /// Of a `skip`: its room, its first and its last change.
    pub(super) fn skipped(&self) -> Option<(RoomId, Seq, Seq)> {
        let (room_id, to) = self.place?;
        Some((room_id, self.skips_from?, to))
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
            Some(hidden)
                if !may_see(reader, hidden.room.clone(), hidden.audience, hidden.sender) =>
            {
                &hidden.skip
            }
            _ => &self.full,
        }
    }
}
