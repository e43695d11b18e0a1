//! What can be done with a stored message: a small bar at the row in which the pointer or the focus is.

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
    task::spawn_local,
};

use super::icon::Icon;
use crate::{
    api,
    app::{
        errors,
        i18n::{Locale, text, use_locale},
        state::Chat,
    },
    browser::{focus, frame},
    model::{
        Message, MessageId, WireError,
        permission::{Action, Actor, may},
    },
    sync::Row,
};

/// How the deletion of a message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deletion {
    /// Nobody wants it.
    None,
    /// The reader is asked whether that is meant.
    Asked,
    /// Under way.
    Sent,
    /// It did not work.
    Failed(WireError),
}

/// The bar, and what it asks.
#[component]
pub fn MessageActions(
    /// The chat.
    chat: Chat,
    /// The row.
    row: RwSignal<Row>,
) -> impl IntoView {
    let t = use_locale();
    let deletion = RwSignal::new(Deletion::None);
    let deletable = Memo::new(move |_| deletable(chat, row.read().message()));
    let key = row.read_untracked().key;
    let delete = move |id: MessageId| {
        deletion.set(Deletion::Sent);
        // The bar goes; the row stays.
        focus::on_edge(&format!("[data-row=\"{key}\"]"), false);
        spawn_local(async move {
            match api::messages::delete_message(id).await {
                // The event tells it, to this page as to all.
                Ok(()) => deletion.set(Deletion::None),
                Err(error) => deletion.set(Deletion::Failed(error)),
            }
        });
    };
    // Who holds Shift knows what they do.
    let ask = move |ev: MouseEvent, id| {
        if ev.shift_key() {
            delete(id);
        } else {
            deletion.set(Deletion::Asked);
            frame::next(move || focus::on(&question_id(id)));
        }
    };
    move || {
        deletable.get().map(|id| {
            view! {
                <div class="message-actions">
                    <button
                        type="button"
                        class="icon-button"
                        id=button_id(id)
                        aria-label=text!(t, state.delete)
                        title=text!(t, state.delete)
                        on:click=move |ev| ask(ev, id)
                    >
                        <Icon name="trash" />
                    </button>
                </div>
                {move || question(t, deletion, id, delete)}
            }
        })
    }
}

fn question(
    t: Locale,
    deletion: RwSignal<Deletion>,
    id: MessageId,
    delete: impl Fn(MessageId) + Copy + Send + Sync + 'static,
) -> Option<AnyView> {
    let leave = move || {
        deletion.set(Deletion::None);
        // Once the button is there again.
        frame::next(move || focus::on(&button_id(id)));
    };
    let (words, yes, is_failed) = match deletion.get() {
        Deletion::None => return None,
        Deletion::Asked | Deletion::Sent => {
            (text!(t, timeline.delete_ask), text!(t, state.delete), false)
        }
        Deletion::Failed(error) => (errors::sentence(t, &error), text!(t, state.retry), true),
    };
    let is_sent = deletion.get() == Deletion::Sent;
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() == "Escape" {
            ev.stop_propagation();
            leave();
        }
    };
    let row = view! {
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
                class="link-button danger"
                id=question_id(id)
                disabled=is_sent
                on:click=move |_| delete(id)
            >
                {yes}
            </button>
            <button type="button" class="link-button" on:click=move |_| leave()>
                {text!(t, app.cancel)}
            </button>
        </div>
    };
    Some(row.into_any())
}

/// The message, if the reader may delete it now.
fn deletable(chat: Chat, message: Option<&Message>) -> Option<MessageId> {
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
    let is_own = message.sender.id == user.id;
    let window_ms = i64::from(chat.limits().edit_ms);
    let is_in_time = now.ms_since(message.created_at) <= window_ms;
    let is_theirs = is_own && is_in_time && may(Action::DeleteOwn);
    (is_theirs || may(Action::DeleteOthers)).then_some(message.id)
}

fn button_id(id: MessageId) -> String {
    format!("delete-{id}")
}

fn question_id(id: MessageId) -> String {
    format!("delete-{id}-yes")
}
