//! Search in messages: what is asked, and what is found.

use serde::{Deserialize, Serialize};

use super::{Message, MessageId, RoomForMe, RoomId, UserId};

/// What a message has beside its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Has {
    /// An address to follow.
    Link,
    /// An image.
    Image,
    /// A file.
    File,
    /// A voice message.
    Voice,
}

impl Has {
    /// Its word in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Image => "image",
            Self::File => "file",
            Self::Voice => "voice",
        }
    }

    /// By its word.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "link" => Self::Link,
            "image" => Self::Image,
            "file" => Self::File,
            "voice" => Self::Voice,
            _ => return None,
        })
    }
}

/// What is searched, and among which messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchQuery {
    /// The words, all of which a message must have; the last may be the beginning of one.
    pub text: String,
    /// In that room alone.
    pub room_id: Option<RoomId>,
    /// Of that person alone.
    pub from: Option<UserId>,
    /// With that alone.
    pub has: Option<Has>,
    /// Older than that message.
    pub before: Option<MessageId>,
    /// Newer than that message.
    pub after: Option<MessageId>,
}

/// A part of a message's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedPart {
    /// As it was written.
    pub text: String,
    /// Whether it is what was searched.
    pub is_match: bool,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundMessage {
    /// The message.
    pub message: Message,
    /// Its text in parts, which together are the whole.
    pub parts: Vec<MarkedPart>,
}

/// What was found, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchPage {
    /// The messages.
    pub found: Vec<FoundMessage>,
    /// The rooms that they are in, as the reader has them; where a page asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rooms: Vec<RoomForMe>,
    /// Where to search on, as [`SearchQuery::before`]; none: there is nothing more.
    pub next: Option<MessageId>,
}
