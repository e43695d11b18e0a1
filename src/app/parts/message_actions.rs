//! What one may do with a message: a bar of buttons that comes with the pointer or the focus.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use super::{icon::Icon, message_deletion::Deletion, thread::reply_in_private};
use crate::{
    api,
    app::{
        errors,
        i18n::{Locale, text, use_locale},
        paths::message_path,
        state::Chat,
    },
    browser::page,
    model::{Message, RoomForMe, UserCard},
    sync::{Row, RowBody},
};

/// One of them.
#[derive(Clone)]
pub struct MessageAction {
    /// The icon of its button.
    pub icon: &'static str,
    /// What it does, in words.
    pub label: String,
    /// Does it; told whether Shift is held.
    pub run: Callback<bool>,
}

/// The bar of a row; nothing while the message is not stored.
#[component]
pub fn RowActions(
    /// The chat.
    chat: Chat,
    /// The row.
    row: RwSignal<Row>,
    /// Its deletion.
    deletion: Deletion,
) -> impl IntoView {
    let t = use_locale();
    let deletable = Memo::new(move |_| deletion.is_possible(chat));
    let is_stored = Memo::new(move |_| row.read().message_id().is_some());
    let is_deleted = Memo::new(move |_| row.read().message().is_some_and(Message::is_deleted));
    move || {
        is_stored.get().then(|| {
            let actions = vec![copy_link(t, chat, row)];
            let actions = actions.into_iter().chain(chat_with(t, chat, row));
            let actions = actions.chain(answer(t, chat, row, is_deleted));
            let delete = deletable.get().then(|| delete(t, deletion));
            let actions = actions.chain(delete).collect();
            view! { <MessageActions actions /> }
        })
    }
}

/// The bar itself. The timeline is one stop of Tab: the right arrow leads from a row into its bar.
#[component]
pub fn MessageActions(
    /// What may be done.
    actions: Vec<MessageAction>,
) -> impl IntoView {
    let t = use_locale();
    let buttons = actions.into_iter().map(|action| {
        let label = action.label;
        view! {
            <button
                type="button"
                class="icon-button"
                tabindex="-1"
                aria-label=label.clone()
                title=label
                on:click=move |ev| action.run.run(ev.shift_key())
            >
                <Icon name=action.icon />
            </button>
        }
    });
    view! {
        <div class="message-actions" role="group" aria-label=text!(t, message.actions)>
            {buttons.collect_view()}
        </div>
    }
    .into_any()
}

fn copy_link(t: Locale, chat: Chat, row: RwSignal<Row>) -> MessageAction {
    let run = Callback::new(move |_| {
        let path = message_of(&row.read_untracked()).and_then(|message| link(chat, message));
        let Some(path) = path else {
            return;
        };
        page::copy_address(&path, move |is_copied| {
            chat.announcement.set(if is_copied {
                text!(t, message.copied)
            } else {
                text!(t, message.not_copied)
            });
        });
    });
    MessageAction {
        icon: "link",
        label: text!(t, message.copy_link),
        run,
    }
}

/// Asks first, but not whoever holds Shift.
fn delete(t: Locale, deletion: Deletion) -> MessageAction {
    MessageAction {
        icon: "trash",
        label: text!(t, state.delete),
        run: Callback::new(move |is_sure| deletion.ask(is_sure)),
    }
}

/// In rooms of many: the way to a room with the sender alone.
fn chat_with(t: Locale, chat: Chat, row: RwSignal<Row>) -> Option<MessageAction> {
    let sender = untrack(|| other_in_group(chat, &row.read()))?;
    let navigate = use_navigate();
    let user_id = sender.id;
    let run = Callback::new(move |_| {
        let navigate = navigate.clone();
        spawn_local(async move {
            match api::rooms::open_direct(user_id).await {
                Ok(room_id) => navigate(&format!("/chat/{room_id}"), Default::default()),
                Err(error) => chat.announcement.set(errors::sentence(t, &error)),
            }
        });
    });
    Some(MessageAction {
        icon: "message",
        label: text!(t, directory.chat_with, name = sender.name),
        run,
    })
}

/// In rooms of many: the way to a thread with the sender about this message, while there is something to answer.
fn answer(
    t: Locale,
    chat: Chat,
    row: RwSignal<Row>,
    is_deleted: Memo<bool>,
) -> Option<MessageAction> {
    if is_deleted.get() {
        return None;
    }
    untrack(|| {
        let row = row.read();
        other_in_group(chat, &row)?;
        reply_in_private(t, chat, message_of(&row)?)
    })
}

fn other_in_group(chat: Chat, row: &Row) -> Option<UserCard> {
    let message = message_of(row)?;
    let room = chat.lists.read().rooms.get(&message.room_id).cloned()?;
    (room.shared.kind.is_group() && !row.is_mine).then(|| message.sender.clone())
}

fn message_of(row: &Row) -> Option<&Message> {
    match &row.body {
        RowBody::Message(message, _) => Some(message),
        RowBody::Pending(_) => None,
    }
}

fn link(chat: Chat, message: &Message) -> Option<String> {
    let lists = chat.lists.read_untracked();
    let room: &RoomForMe = lists.rooms.get(&message.room_id)?;
    Some(message_path(room, message.id))
}
