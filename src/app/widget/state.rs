//! Whether the widget is open, and what stands in it.

use leptos::{prelude::*, task::spawn_local};

use super::{BUTTON, PANEL};
use crate::{
    api,
    app::{
        parts::desk::asked,
        state::{Chat, RoomView, drafts, reading, room::composer_id},
    },
    browser::{
        focus, frame, page,
        storage::{self, Shelf},
    },
    model::{Desk, WireError},
};

/// What stands in the panel.
#[derive(Clone)]
pub enum Phase {
    /// It has not been opened yet.
    Unopened,
    /// The conversation is being fetched.
    Loading,
    /// The conversation.
    Ready(Box<RoomView>),
    /// It could not be fetched.
    Failed(WireError),
}

/// The widget of the page. Copied freely.
#[derive(Clone, Copy)]
pub struct Widget {
    chat: Chat,
    /// Whether the panel is on the screen.
    pub is_open: RwSignal<bool>,
    /// Whom the conversation is with; none: it is yet to be chosen.
    pub desk: RwSignal<Option<Desk>>,
    /// What stands in it.
    pub phase: RwSignal<Phase>,
    /// Whether the reader opened it just now, so that the keyboard goes into it.
    pub takes_focus: RwSignal<bool>,
}

impl Widget {
    /// A closed widget.
    pub fn new(chat: Chat) -> Self {
        Self {
            chat,
            is_open: RwSignal::new(false),
            desk: RwSignal::new(None),
            phase: RwSignal::new(Phase::Unopened),
            takes_focus: RwSignal::new(false),
        }
    }

    /// The page's widget.
    pub fn of_page() -> Self {
        expect_context()
    }

    /// The reader opens it.
    pub fn open(self) {
        self.takes_focus.set(true);
        self.show();
        frame::next(move || frame::next(move || self.focus()));
    }

    /// Opens it again where it was open before the page was loaded; the keyboard stays where it is.
    pub fn restore(self) {
        let Some(key) = self.memory() else {
            return;
        };
        if let Some(desk) = storage::get(Shelf::Session, &key) {
            let desk = Desk(desk);
            let is_there = asked(self.chat).iter().any(|card| card.desk == desk);
            self.desk.set(Some(desk).filter(|_| is_there));
            self.show();
        }
    }

    /// The reader comes from the page that shows the same conversation.
    pub fn come_back(self) {
        if self.is_open.get_untracked() {
            self.show();
        }
    }

    fn show(self) {
        self.is_open.set(true);
        if self.desk.get_untracked().is_none()
            && let [only] = asked(self.chat).as_slice()
        {
            self.desk.set(Some(only.desk.clone()));
        }
        self.remember();
        match self.phase.get_untracked() {
            Phase::Ready(view) => reading::show(self.chat, view.id),
            Phase::Loading => {}
            Phase::Unopened | Phase::Failed(_) => self.load(),
        }
    }

    /// The reader chooses whom to write to.
    pub fn choose(self, desk: Desk) {
        self.turn_to(Some(desk));
        self.remember();
        self.load();
        frame::next(move || frame::next(move || focus::on(PANEL)));
    }

    /// The reader goes back to the choice.
    pub fn choose_again(self) {
        self.turn_to(None);
        self.remember();
        frame::next(move || frame::next(move || focus::on(PANEL)));
    }

    /// Turns to that desk's conversation, which is not fetched yet; what was on the screen is not read any more.
    pub fn turn_to(self, desk: Option<Desk>) {
        if self.desk.get_untracked() == desk {
            return;
        }
        if let Phase::Ready(view) = self.phase.get_untracked() {
            reading::hide(self.chat, view.id);
        }
        self.phase.set(Phase::Unopened);
        self.desk.set(desk);
    }

    /// Notes for the next page that it is open, and with whom.
    fn remember(self) {
        if let Some(key) = self.memory() {
            let desk = self.desk.get_untracked().unwrap_or(Desk(String::new()));
            storage::set(Shelf::Session, &key, &desk.0);
        }
    }

    /// Fetches the conversation, if it is known with whom; the server makes it on first use.
    pub fn load(self) {
        let Some(desk) = self.desk.get_untracked() else {
            return;
        };
        self.phase.set(Phase::Loading);
        spawn_local(async move {
            let answer = api::open_support_room(Some(desk.clone())).await;
            // The reader has turned to another one meanwhile.
            if self.desk.try_get_untracked() != Some(Some(desk)) {
                return;
            }
            match answer.map(|snapshot| self.chat.open(snapshot)) {
                Ok(Some(view)) => {
                    if self.is_open.get_untracked() {
                        reading::show(self.chat, view.id);
                    }
                    self.phase.set(Phase::Ready(Box::new(view)));
                }
                Ok(None) => self.phase.set(Phase::Failed(WireError::Internal)),
                Err(WireError::Unauthorized) => page::reload(),
                Err(error) => self.phase.set(Phase::Failed(error)),
            }
        });
    }

    /// The reader minimises it: place and draft stay, and the keyboard goes back to the button.
    pub fn minimise(self) {
        self.is_open.set(false);
        self.takes_focus.set(false);
        if let Some(key) = self.memory() {
            storage::remove(Shelf::Session, &key);
        }
        if let Phase::Ready(view) = self.phase.get_untracked() {
            reading::hide(self.chat, view.id);
        }
        frame::next(|| frame::next(|| focus::on(BUTTON)));
    }

    fn focus(self) {
        match self.phase.get_untracked() {
            Phase::Ready(view) if !focus::is_touch() => focus::on(&composer_id(view.id)),
            _ => focus::on(PANEL),
        }
    }

    fn memory(self) -> Option<String> {
        let me = self.chat.user()?.id;
        Some(drafts::setting(me, "widget"))
    }
}
