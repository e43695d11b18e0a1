//! The rows of a conversation: messages in the order of `seq`, then what is still pending.
//!
//! One pure function from state to rows; the page compares them with the last ones and touches what differs.

use std::{collections::BTreeMap, fmt, str::FromStr};

use super::{Outbox, Pending, Snapshot};
use crate::model::{
    Audience, ClientId, Message, MessageId, Seq, SystemNote, Timestamp, UserCard, UserId, zone::Day,
};

/// Messages of one sender within this time stand together under one name.
const GROUP_MS: i64 = 5 * 60 * 1000;

/// What a row keeps from its first moment as a pending message on: its own element on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowKey {
    /// A message of mine, by its key: pending and stored are one row.
    Mine(ClientId),
    /// Any other message.
    Message(MessageId),
}

/// As an attribute of the page has it.
impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mine(client_id) => write!(f, "mine-{client_id}"),
            Self::Message(id) => write!(f, "message-{id}"),
        }
    }
}

/// Read back from there.
impl FromStr for RowKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, id) = text.split_once('-').ok_or(())?;
        match kind {
            "mine" => id.parse().map(Self::Mine).map_err(|_| ()),
            "message" => id.parse().map(Self::Message).map_err(|_| ()),
            _ => Err(()),
        }
    }
}

/// How far a message of mine has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Not mine: nothing to show.
    None,
    /// Stored.
    Sent,
    /// It has come to a device of somebody else's.
    Delivered,
    /// Somebody else has read it.
    Read,
}

/// What stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowBody {
    /// A stored message.
    Message(Message, Receipt),
    /// One that is not acknowledged yet.
    Pending(Pending),
}

/// A row of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its identity on the page.
    pub key: RowKey,
    /// What stands in it.
    pub body: RowBody,
    /// Whether the reader wrote it.
    pub is_mine: bool,
    /// Whether it opens a group: name and time are shown.
    pub starts_group: bool,
    /// The day to announce above it.
    pub day: Option<Day>,
    /// Whether the line "New messages" stands above it.
    pub is_first_unread: bool,
}

impl Row {
    /// What is written in it.
    pub fn content(&self) -> &str {
        match &self.body {
            RowBody::Message(message, _) => &message.content,
            RowBody::Pending(pending) => &pending.content,
        }
    }

    /// The message in it, once it is stored.
    pub fn message_id(&self) -> Option<MessageId> {
        match &self.body {
            RowBody::Message(message, _) => Some(message.id),
            RowBody::Pending(_) => None,
        }
    }

    /// Whether it is an internal note.
    pub fn is_note(&self) -> bool {
        match &self.body {
            RowBody::Message(message, _) => message.is_note(),
            RowBody::Pending(pending) => pending.audience == Audience::Staff,
        }
    }

    /// The stored message in it.
    pub fn message(&self) -> Option<&Message> {
        match &self.body {
            RowBody::Message(message, _) => Some(message),
            RowBody::Pending(_) => None,
        }
    }

    /// Whether it is a question to those who teach: only they and who wrote it see it.
    pub fn is_question(&self) -> bool {
        match &self.body {
            RowBody::Message(message, _) => message.audience == Audience::StaffAndSender,
            RowBody::Pending(_) => false,
        }
    }

    /// When it was written.
    pub fn created_at(&self) -> Timestamp {
        match &self.body {
            RowBody::Message(message, _) => message.created_at,
            RowBody::Pending(pending) => pending.created_at,
        }
    }

    /// What Quad itself tells in it.
    pub fn system(&self) -> Option<&SystemNote> {
        match &self.body {
            RowBody::Message(message, _) => message.system.as_deref(),
            RowBody::Pending(_) => None,
        }
    }

    /// Who wrote it, where that is not the reader's own pending message.
    pub fn sender(&self) -> Option<&UserCard> {
        match &self.body {
            RowBody::Message(message, _) => Some(&message.sender),
            RowBody::Pending(_) => None,
        }
    }
}

/// The rows of `snapshot` and of what `outbox` holds for its room. `unread_after`: the read mark when the room was
/// opened; the line "New messages" stands above the first message of somebody else after it.
pub fn rows(snapshot: &Snapshot, outbox: &Outbox, unread_after: Option<Seq>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(snapshot.messages.len());
    let stored = snapshot.messages.iter().map(|message| {
        let is_mine = message.sender.id == snapshot.me && message.is_countable();
        (
            RowBody::Message(message.clone(), receipt(snapshot, message, is_mine)),
            is_mine,
        )
    });
    let pending = outbox
        .of_room(snapshot.id())
        .map(|pending| (RowBody::Pending(pending.clone()), true));
    let mut line_is_drawn = false;
    for (body, is_mine) in stored.chain(pending) {
        let mut row = Row {
            key: key(&body, is_mine),
            body,
            is_mine,
            starts_group: true,
            day: None,
            is_first_unread: false,
        };
        place(&mut row, rows.last(), snapshot);
        if !line_is_drawn && is_unread(&row, unread_after) {
            row.is_first_unread = true;
            row.starts_group = true;
            line_is_drawn = true;
        }
        rows.push(row);
    }
    rows
}

fn key(body: &RowBody, is_mine: bool) -> RowKey {
    match body {
        RowBody::Pending(pending) => RowKey::Mine(pending.client_id),
        RowBody::Message(message, _) => match message.client_id.filter(|_| is_mine) {
            Some(client_id) => RowKey::Mine(client_id),
            None => RowKey::Message(message.id),
        },
    }
}

fn receipt(snapshot: &Snapshot, message: &Message, is_mine: bool) -> Receipt {
    if !is_mine {
        return Receipt::None;
    }
    // Whose mark passes over a note has not read it, nor received it; and what those who answer write to somebody is told
    // when it has come to that one, not to a colleague.
    let person = snapshot.room.shared.user.as_ref().map(|user| user.id);
    let blind = person.filter(|_| message.is_note());
    let whom = person.filter(|person| *person != snapshot.me && !message.is_note());
    let has_reached = |marks: &BTreeMap<UserId, Seq>| {
        let mut marks = marks.iter().filter(|(_, seq)| **seq >= message.seq);
        marks.any(|(user, _)| {
            *user != snapshot.me && Some(*user) != blind && whom.is_none_or(|whom| *user == whom)
        })
    };
    if has_reached(&snapshot.receipts) {
        Receipt::Read
    } else if has_reached(&snapshot.deliveries) {
        Receipt::Delivered
    } else {
        Receipt::Sent
    }
}

fn place(row: &mut Row, above: Option<&Row>, snapshot: &Snapshot) {
    let day = snapshot.zone.day(row.created_at());
    let Some(above) = above else {
        row.day = Some(day);
        return;
    };
    // A device's clock may be behind the server's: a pending row never opens an earlier day.
    if day > snapshot.zone.day(above.created_at()) {
        row.day = Some(day);
        return;
    }
    let is_told = row.system().is_some() || above.system().is_some();
    let is_same = !is_told
        && author(row, snapshot.me) == author(above, snapshot.me)
        && row.is_note() == above.is_note()
        && row.is_question() == above.is_question();
    row.starts_group = !is_same || row.created_at().ms_since(above.created_at()) > GROUP_MS;
}

fn author(row: &Row, me: UserId) -> UserId {
    row.sender().map_or(me, |sender| sender.id)
}

fn is_unread(row: &Row, unread_after: Option<Seq>) -> bool {
    match (&row.body, unread_after) {
        (RowBody::Message(message, _), Some(after)) => {
            let is_news = message.is_countable() && !message.is_deleted();
            !row.is_mine && is_news && message.seq > after
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
