//! The signals of one open room: the rows of its timeline, each with a signal of its own.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::{
    browser::scroll,
    model::{MessageId, RoomForMe, RoomId, Timestamp, WireError, Zone},
    sync::{Client, Members, Row, RowKey},
};

/// A row and its identity on the page.
pub type RowSignal = (RowKey, ArcRwSignal<Row>);

/// How the loading of older messages stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Older {
    /// Nothing is asked for.
    Idle,
    /// Under way.
    Loading,
    /// It did not work; the reader may try again.
    Failed(WireError),
}

/// What a room shows, worked out in one go.
pub(super) struct Drawn {
    rows: Vec<Row>,
    typing: Vec<String>,
    looking: Vec<String>,
    has_older: bool,
    has_newer: bool,
    room: RoomForMe,
    members: Members,
}

impl Drawn {
    pub(super) fn of(client: &Client, room_id: RoomId) -> Option<Self> {
        let snapshot = client.snapshot(room_id)?;
        Some(Self {
            rows: client.rows(room_id),
            typing: client.typing(room_id),
            looking: client.looking(room_id),
            has_older: snapshot.has_older,
            has_newer: snapshot.has_newer,
            room: snapshot.room.clone(),
            members: snapshot.members.clone(),
        })
    }
}

/// The signals of one open room.
#[derive(Clone, Debug)]
pub struct RoomView {
    /// The room.
    pub id: RoomId,
    /// The reader's time zone.
    pub zone: Zone,
    /// Its rows; set only where a row comes or goes.
    pub rows: ArcRwSignal<Vec<RowSignal>>,
    /// Who types, by name.
    pub typing: ArcRwSignal<Vec<String>>,
    /// Who else of those who answer looks at it, by name.
    pub looking: ArcRwSignal<Vec<String>>,
    /// Whether there is more history.
    pub has_older: ArcRwSignal<bool>,
    /// How the loading of older messages stands.
    pub older: ArcRwSignal<Older>,
    /// Whether an older part of the room is loaded, which does not reach its end.
    pub has_newer: ArcRwSignal<bool>,
    /// How the loading of newer messages stands.
    pub newer: ArcRwSignal<Older>,
    /// The message that the reader came for, until they have seen which.
    pub found: ArcRwSignal<Option<MessageId>>,
    /// The room as the reader has it.
    pub room: ArcRwSignal<RoomForMe>,
    /// Who is in it, where they are few enough.
    pub members: ArcRwSignal<Members>,
    /// Whether the reader is at the end of the timeline.
    pub at_end: ArcRwSignal<bool>,
    /// Messages that came while the reader was not at the end.
    pub arrived: ArcRwSignal<u32>,
}

impl RoomView {
    pub(super) fn of(client: &Client, room_id: RoomId) -> Option<Self> {
        let drawn = Drawn::of(client, room_id)?;
        let view = Self {
            id: room_id,
            zone: client.snapshot(room_id)?.zone.clone(),
            rows: ArcRwSignal::new(Vec::new()),
            typing: ArcRwSignal::new(drawn.typing),
            looking: ArcRwSignal::new(drawn.looking),
            has_older: ArcRwSignal::new(drawn.has_older),
            older: ArcRwSignal::new(Older::Idle),
            newer: ArcRwSignal::new(Older::Idle),
            found: ArcRwSignal::new(None),
            room: ArcRwSignal::new(drawn.room),
            members: ArcRwSignal::new(drawn.members),
            at_end: ArcRwSignal::new(!drawn.has_newer),
            has_newer: ArcRwSignal::new(drawn.has_newer),
            arrived: ArcRwSignal::new(0),
        };
        view.draw_rows(drawn.rows);
        Some(view)
    }

    /// Shows `drawn`: only signals whose value differs are set, and what the reader looks at stays in place.
    pub(super) fn draw(&self, drawn: Drawn) {
        // At the end of an older part one stays where one reads when the next part comes.
        let sticks = !self.has_newer.get_untracked();
        scroll::anchored(&timeline_id(self.id), "[data-row]", sticks, || {
            set_if_new(&self.typing, drawn.typing);
            set_if_new(&self.looking, drawn.looking);
            set_if_new(&self.has_older, drawn.has_older);
            set_if_new(&self.has_newer, drawn.has_newer);
            set_if_new(&self.room, drawn.room);
            set_if_new(&self.members, drawn.members);
            self.draw_rows(drawn.rows);
        });
    }

    /// The same room, in which the reader looks for that message.
    pub fn looking_for(self, message_id: Option<MessageId>) -> Self {
        set_if_new(&self.found, message_id);
        self
    }

    /// The row of a message.
    pub fn key_of(&self, message_id: MessageId) -> Option<RowKey> {
        let rows = self.rows.read_untracked();
        let is_it = |row: &ArcRwSignal<Row>| row.read_untracked().message_id() == Some(message_id);
        rows.iter().find(|(_, row)| is_it(row)).map(|(key, _)| *key)
    }

    /// When that row was written.
    pub fn written_at(&self, key: RowKey) -> Option<Timestamp> {
        let rows = self.rows.read_untracked();
        let (_, row) = rows.iter().find(|(known, _)| *known == key)?;
        Some(row.read_untracked().created_at())
    }

    fn draw_rows(&self, rows: Vec<Row>) {
        let old = self.rows.get_untracked();
        let mut known: HashMap<RowKey, ArcRwSignal<Row>> = old.iter().cloned().collect();
        let mut new: Vec<RowSignal> = Vec::with_capacity(rows.len());
        let mut at: HashMap<RowKey, ()> = HashMap::with_capacity(rows.len());
        for row in rows {
            let key = row.key;
            // A message that is stored already and still in the outbox (its answer was lost) shows once.
            if at.insert(key, ()).is_some() {
                continue;
            }
            let signal = match known.remove(&key) {
                Some(signal) => {
                    set_if_new(&signal, row);
                    signal
                }
                None => ArcRwSignal::new(row),
            };
            new.push((key, signal));
        }
        let keys_are_same =
            old.len() == new.len() && old.iter().zip(&new).all(|((old, _), (new, _))| old == new);
        if !keys_are_same {
            self.rows.set(new);
        }
    }

    /// The reader scrolled to the end, or away from it.
    pub fn set_at_end(&self, at_end: bool) {
        set_if_new(&self.at_end, at_end);
        if at_end {
            set_if_new(&self.arrived, 0);
        }
    }
}

fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}

/// The id of a room's scroller on the page.
pub fn timeline_id(room_id: RoomId) -> String {
    format!("timeline-{room_id}")
}

/// The id of a room's text field on the page.
pub fn composer_id(room_id: RoomId) -> String {
    format!("composer-{room_id}")
}
