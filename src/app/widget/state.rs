//! Whether the widget is open, and what stands in it.

use leptos::{prelude::*, task::spawn_local};

use super::{BUTTON, PANEL};
use crate::{
    api,
    app::state::{Chat, RoomView, drafts, reading, room::composer_id},
    browser::{
        focus, frame, page,
        storage::{self, Shelf},
    },
    model::WireError,
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
        if storage::get(Shelf::Session, &key).is_some() {
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
        if let Some(key) = self.memory() {
            storage::set(Shelf::Session, &key, "open");
        }
        match self.phase.get_untracked() {
            Phase::Ready(view) => reading::show(self.chat, view.id),
            Phase::Loading => {}
            Phase::Unopened | Phase::Failed(_) => self.load(),
        }
    }

    /// Fetches the conversation; the server makes it on first use.
    pub fn load(self) {
        self.phase.set(Phase::Loading);
        spawn_local(async move {
            let answer = api::open_support_room().await;
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
