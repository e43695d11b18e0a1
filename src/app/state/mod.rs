//! What the page knows of the chat, as signals around the pure client (`sync::Client`).
//!
//! One [`Chat`] lives as long as the page. It takes gestures and events, lets the client decide, performs the
//! [`Effect`](crate::sync::Effect)s that come out, and redraws what differs, at most once a frame. On the server the same holder renders the
//! first page from the same snapshots; nothing there opens a socket or runs a timer.
//!
//! - `link`: the socket's life. `outbox`: what is written and not acknowledged, over reloads and tabs. `drafts`: texts
//!   not sent yet. `announce`: what a screen reader is told. `reading`: read marks, typing signs, what is on screen.
//! - `presence`: whether people are there. `room`: the signals of one open room. `history`: more of it. `perform`: what
//!   the client wants done. `send_key`: which key
//!   sends.
//!
//! Must not know: the server, web_sys.

pub mod announce;
pub mod drafts;
mod history;
pub mod link;
pub mod outbox;
mod perform;
mod person;
mod presence;
pub mod reading;
pub mod room;
pub mod send_key;
mod writing;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};

use leptos::prelude::*;

use self::room::Drawn;
pub use self::room::{Older, RoomView, RowSignal};
use crate::{
    api::Session,
    browser::{clock, scroll::Place, timer},
    model::{
        Alerts, Desks, Epoch, Limits, MessageId, OwnPresence, Policy, Presence, RoomForMe, RoomId,
        Seq, Timestamp, User, UserId, UserRev, Zone,
    },
    sync::{Client, Lists, Snapshot},
};

/// Whether the page hears the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// A connection is being made.
    Connecting,
    /// Up to date.
    Online,
    /// Gone; tried again at this time of the device's clock.
    Offline {
        /// Milliseconds since the epoch.
        retry_at_ms: i64,
    },
    /// Gone, and not tried again by itself.
    Stopped,
}

struct Inner {
    client: Client,
    user: User,
    limits: Limits,
    desks: Desks,
    school_zone: Zone,
    rooms: BTreeMap<RoomId, RoomView>,
    dirty: BTreeSet<RoomId>,
    list_is_dirty: bool,
    presence_is_dirty: bool,
    frame_is_asked: bool,
    link: link::Link,
    reading: reading::Reading,
    looks: presence::Looks,
    announce: announce::Announce,
    /// Where the reader stood in rooms they have left, if not at the end.
    places: BTreeMap<RoomId, Place>,
    /// How many pages show a room just now.
    held: BTreeMap<RoomId, u32>,
    /// Whether other tabs send the outbox, so that they are to be told of new items.
    other_tab_drains: bool,
}

impl Inner {
    fn of(session: &Session) -> Self {
        let heard = session
            .lists
            .rooms
            .values()
            .map(|room| (room.id(), room.seq))
            .collect();
        Self {
            client: Client::new(session.lists.clone(), session.limits.typing_ms),
            user: session.user.clone(),
            limits: session.limits,
            desks: session.desks.clone(),
            school_zone: session.school_zone.clone(),
            rooms: BTreeMap::new(),
            dirty: BTreeSet::new(),
            list_is_dirty: false,
            presence_is_dirty: false,
            frame_is_asked: false,
            link: link::Link::default(),
            reading: reading::Reading::default(),
            looks: presence::Looks::default(),
            announce: announce::Announce::new(heard),
            places: BTreeMap::new(),
            held: BTreeMap::new(),
            other_tab_drains: false,
        }
    }
}

/// The chat of the signed-in person. Copied freely; made once, by the app.
#[derive(Clone, Copy)]
pub struct Chat {
    /// Behind a lock that is waited for: on the server a page's parts are rendered by several threads, and Leptos's own
    /// holders answer "disposed" instead where another thread is at them.
    inner: StoredValue<Arc<RwLock<Option<Inner>>>>,
    /// The person's rooms with their marks.
    pub lists: RwSignal<Lists>,
    /// Whether people are there, of those at whom the page looks.
    pub presences: RwSignal<BTreeMap<UserId, Presence>>,
    /// As what the reader wants to be seen.
    pub own_presence: RwSignal<OwnPresence>,
    /// Whether the page hears the server.
    pub connection: RwSignal<Connection>,
    /// Since when it does not, by the device's clock.
    pub down_since: RwSignal<Option<Timestamp>>,
    /// The device's clock, each second; the server's until the page is alive.
    pub second: RwSignal<Timestamp>,
    /// The same, each minute: what "today" is measured by.
    pub minute: RwSignal<Timestamp>,
    /// Rooms with a draft.
    pub drafts: RwSignal<BTreeSet<RoomId>>,
    /// Rooms in which an internal note is being written, not an answer.
    pub noting: RwSignal<BTreeSet<RoomId>>,
    /// What a screen reader is told.
    pub announcement: RwSignal<String>,
    /// The room on the screen.
    pub on_screen: RwSignal<Option<RoomId>>,
    /// The last room that ceased to be the reader's.
    pub gone: RwSignal<Option<RoomId>>,
    /// The message that was deleted last, in whatever room.
    pub deleted: RwSignal<Option<MessageId>>,
    /// How many messages wait to be sent.
    pub waiting: RwSignal<usize>,
    /// Whom the person has blocked: as in the lists, which change far more often.
    pub blocked: RwSignal<BTreeSet<UserId>>,
}

impl Chat {
    /// A chat of nobody yet. `now`: the server's clock when the page was made.
    pub fn new(now: Timestamp) -> Self {
        let nobody = Lists {
            me: UserId(0),
            epoch: Epoch::default(),
            user_rev: UserRev(0),
            rooms: BTreeMap::new(),
            alerts: Alerts::default(),
            blocked: Vec::new(),
            policy: Policy::default(),
        };
        Self {
            inner: StoredValue::new(Arc::default()),
            lists: RwSignal::new(nobody),
            presences: RwSignal::default(),
            own_presence: RwSignal::default(),
            connection: RwSignal::new(Connection::Connecting),
            down_since: RwSignal::new(None),
            second: RwSignal::new(now),
            minute: RwSignal::new(now),
            drafts: RwSignal::default(),
            noting: RwSignal::default(),
            announcement: RwSignal::default(),
            on_screen: RwSignal::new(None),
            gone: RwSignal::new(None),
            deleted: RwSignal::new(None),
            waiting: RwSignal::new(0),
            blocked: RwSignal::default(),
        }
    }

    /// The person is known. The first call counts; the page's parts all make it, in no certain order. None returns
    /// before the lists are there.
    pub fn begin(self, session: &Session) {
        let Some(inner) = self.inner.try_get_value() else {
            return;
        };
        let mut inner = inner.write().unwrap_or_else(PoisonError::into_inner);
        if inner.is_none() {
            self.show_lists(session.lists.clone());
            self.own_presence.set(session.presence);
            *inner = Some(Inner::of(session));
        }
    }

    /// Makes the page live: once, in the browser, after it is mounted.
    pub fn live(self) {
        let Some(me) = self.with(|inner| inner.user.id) else {
            return;
        };
        drafts::begin(self, me);
        outbox::begin(self, me);
        link::begin(self);
        presence::begin(self);
        self.second.set(clock::now());
        self.minute.set(clock::now());
        timer::every(1000, move || self.tick());
        timer::every(60_000, move || self.minute.set(clock::now()));
    }

    fn tick(self) {
        self.second.set(clock::now());
        self.act(Client::tick);
        link::tick(self);
        reading::tick(self);
    }

    /// Reads the state; `None` before [`begin`](Self::begin) and after the page.
    fn with<T>(self, read: impl FnOnce(&Inner) -> T) -> Option<T> {
        let inner = self.inner.try_get_value()?;
        let inner = inner.read().unwrap_or_else(PoisonError::into_inner);
        inner.as_ref().map(read)
    }

    /// Changes the state; no signal may be set inside, since the lock is held.
    fn change<T>(self, change: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        let inner = self.inner.try_get_value()?;
        let mut inner = inner.write().unwrap_or_else(PoisonError::into_inner);
        inner.as_mut().map(change)
    }

    /// Opens a room by its snapshot and answers its signals.
    pub fn open(self, snapshot: Snapshot) -> Option<RoomView> {
        let room_id = snapshot.id();
        let (view, drawn, effects) = self.change(|inner| {
            inner.announce.knows(room_id, snapshot.seq);
            let effects = inner.client.open(snapshot);
            let (view, drawn) = match inner.rooms.get(&room_id) {
                Some(view) => (view.clone(), Drawn::of(&inner.client, room_id)),
                None => {
                    let view = RoomView::of(&inner.client, room_id)?;
                    inner.rooms.insert(room_id, view.clone());
                    (view, None)
                }
            };
            Some((view, drawn, effects))
        })??;
        // At once: whoever looks for a message in an older part must not be shown the end first.
        if let Some(drawn) = drawn {
            view.draw(drawn);
        }
        self.perform(effects);
        Some(view)
    }

    /// Takes rooms into the list that it did not carry.
    pub fn know(self, rooms: Vec<RoomForMe>) {
        self.act(|client, _| client.know(rooms));
    }

    /// Notes where the reader stands in a room; none: at the end.
    pub fn keep_place(self, room_id: RoomId, place: Option<Place>) {
        self.change(|inner| match place {
            Some(place) => inner.places.insert(room_id, place),
            None => inner.places.remove(&room_id),
        });
    }

    /// Where the reader stood in a room when they left it.
    pub fn place(self, room_id: RoomId) -> Option<Place> {
        self.with(|inner| inner.places.get(&room_id).cloned())
            .flatten()
    }

    /// A page shows this room. Each that does leaves it again; the next one may come before the former has gone.
    pub fn hold(self, room_id: RoomId) {
        self.change(|inner| {
            let held = inner.held.entry(room_id).or_default();
            *held = held.saturating_add(1);
        });
    }

    /// Lets go of a room that is no longer shown.
    pub fn leave(self, room_id: RoomId) {
        let is_held = self.change(|inner| {
            let held = inner.held.remove(&room_id).unwrap_or_default();
            let left = held.saturating_sub(1);
            if left > 0 {
                inner.held.insert(room_id, left);
            }
            left > 0
        });
        if is_held == Some(true) {
            return;
        }
        reading::hide(self, room_id);
        self.change(|inner| {
            inner.client.close(room_id);
            inner.rooms.remove(&room_id)
        });
    }

    fn room(self, room_id: RoomId) -> Option<RoomView> {
        self.with(|inner| inner.rooms.get(&room_id).cloned())
            .flatten()
    }
}

/// Up to where each room has been heard.
type Heard = BTreeMap<RoomId, Seq>;
