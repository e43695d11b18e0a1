//! Ids and counters: newtypes over `i64`, so that a room id never stands where a message id is meant.
//!
//! On the wire they are JSON integers below 2^53 (the seeds' clients rely on it); in the database `BIGINT`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! integer_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl $name {
            /// The id that stands in an address: digits and nothing else.
            pub fn from_digits(text: &str) -> Option<Self> {
                let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse().ok().filter(|_| is_digits)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

integer_id! {
    /// An account.
    UserId,
    /// A room of any kind; support conversations, direct rooms and private threads share this one id space.
    RoomId,
    /// A message; ids are never reused.
    MessageId,
    /// A browser session or a refresh family.
    SessionId,
    /// A canned reply.
    CannedReplyId,
    /// A course.
    CourseId,
    /// Something that everybody is told.
    AlertId,
    /// A request to join a room.
    JoinRequestId,
    /// Per room, dense, from 1: it grows by one with every durable change in that room. 0 is "before everything".
    Seq,
    /// Per user, dense: it grows in the transaction of every mark or list change of that user.
    UserRev,
    /// Per room: it grows with every receipt there, so that other nodes see that there is one.
    MarksRev,
}

impl Seq {
    /// The counter after this one.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The counter before this one; before the first there is none.
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(1).max(0))
    }
}

impl MarksRev {
    /// The counter after this one.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl UserRev {
    /// The counter after this one.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The UUID that a sender's device gives a message, once per gesture: `(sender, client_id)` is unique for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(pub Uuid);

impl ClientId {
    /// A new random key.
    #[cfg(any(feature = "ssr", feature = "hydrate"))]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl std::fmt::Display for ClientId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for ClientId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A random word of the database, renewed by a restore: a client whose epoch differs starts afresh.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub String);
