//! Deleting a message from its row: asked once, below it.

use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};

use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        state::Chat,
    },
    browser::{focus, frame},
    model::{
        Message, MessageId, WireError,
        permission::{Action, Actor, may},
    },
    sync::Row,
};

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// Nobody wants it.
    None,
    /// The reader is asked whether that is meant.
    Asked,
    /// Under way.
    Sent,
    /// It did not work.
    Failed(WireError),
}

/// The deletion of a row's message.
#[derive(Clone, Copy)]
pub struct Deletion {
    row: RwSignal<Row>,
    stage: RwSignal<Stage>,
}

impl Deletion {
    /// That of this row.
    pub fn of(row: RwSignal<Row>) -> Self {
        let stage = RwSignal::new(Stage::None);
        Self { row, stage }
    }

    /// Whether the reader may delete it now.
    pub fn is_possible(self, chat: Chat) -> bool {
        is_possible(chat, self.row.read().message()).is_some()
    }

    /// Asks whether that is meant; whoever is sure is not asked.
    pub fn ask(self, is_sure: bool) {
        let Some(id) = self.id() else { return };
        if is_sure {
            self.delete(id);
        } else {
            self.stage.set(Stage::Asked);
            frame::next(move || focus::on(&yes_id(id)));
        }
    }

    fn id(self) -> Option<MessageId> {
        self.row
            .read_untracked()
            .message()
            .map(|message| message.id)
    }

    fn delete(self, id: MessageId) {
        self.stage.set(Stage::Sent);
        // What was pressed goes; the row stays.
        self.focus_row();
        spawn_local(async move {
            match api::messages::delete_message(id).await {
                // The event tells it, to this page as to all.
                Ok(()) => self.stage.set(Stage::None),
                Err(error) => self.stage.set(Stage::Failed(error)),
            }
        });
    }

    fn leave(self) {
        self.stage.set(Stage::None);
        self.focus_row();
    }

    fn focus_row(self) {
        let key = self.row.read_untracked().key;
        focus::on_edge(&format!("[data-row=\"{key}\"]"), false);
    }
}

/// The question, and what went wrong.
#[component]
pub fn DeletionQuestion(
    /// What it asks about.
    deletion: Deletion,
) -> impl IntoView {
    let t = use_locale();
    move || {
        // First of all: what is not stored yet has no id, and is asked about later.
        let stage = deletion.stage.get();
        let id = deletion.id()?;
        let is_sent = stage == Stage::Sent;
        let (words, yes, is_failed) = match stage {
            Stage::None => return None,
            Stage::Asked | Stage::Sent => {
                (text!(t, timeline.delete_ask), text!(t, state.delete), false)
            }
            Stage::Failed(error) => (errors::sentence(t, &error), text!(t, state.retry), true),
        };
        let on_key = move |ev: KeyboardEvent| {
            if ev.key() == "Escape" {
                ev.stop_propagation();
                deletion.leave();
            }
        };
        let question = view! {
            <div
                class="message-note"
                role="group"
                aria-label=words.clone()
                data-refused=is_failed.then_some("")
                on:keydown=on_key
            >
                <span role=is_failed.then_some("alert")>{words.clone()}</span>
                <button
                    type="button"
                    class="link-button"
                    id=yes_id(id)
                    disabled=is_sent
                    on:click=move |_| deletion.delete(id)
                >
                    {yes}
                </button>
                <button type="button" class="link-button" on:click=move |_| deletion.leave()>
                    {text!(t, app.cancel)}
                </button>
            </div>
        };
        Some(question.into_any())
    }
}

fn is_possible(chat: Chat, message: Option<&Message>) -> Option<()> {
    let message = message.filter(|message| message.is_countable() && !message.is_deleted())?;
    let user = chat.user()?;
    let now = chat.minute.get();
    let lists = chat.lists.read();
    let room = lists.rooms.get(&message.room_id)?;
    let actor = Actor {
        id: user.id,
        role: user.role,
    };
    let may = |action| may(actor, action, &room.facts(now)).is_ok();
    let window_ms = i64::from(chat.limits().edit_ms);
    let is_in_time = now.ms_since(message.created_at) <= window_ms;
    let is_own = message.sender.id == user.id && is_in_time;
    (is_own && may(Action::DeleteOwn) || may(Action::DeleteOthers)).then_some(())
}

fn yes_id(id: MessageId) -> String {
    format!("delete-{id}")
}
