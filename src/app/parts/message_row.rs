//! One row of a conversation: what stands above it, the bubble, and how far it has come.

use leptos::prelude::*;

use super::{
    above_row::Above,
    avatar::Avatar,
    icon::Icon,
    message_actions::RowActions,
    message_deletion::{Deletion, DeletionQuestion},
    message_text::MessageText,
    system_row::SystemRow,
    tab_stop::TabStop,
};
use crate::{
    app::{
        dates, errors,
        i18n::{Locale, text, use_locale},
        state::{Chat, room::composer_id},
    },
    browser::{field, frame},
    model::{ClientId, Message, MessageId, Zone},
    sync::{PendingState, Row, RowBody, RowKey, timeline::Receipt},
};

/// A message, or one that is not acknowledged yet: the same element from its first moment on.
#[component]
pub fn MessageRow(
    /// The chat.
    chat: Chat,
    /// The row.
    row: ArcRwSignal<Row>,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
    /// Where Tab leads to.
    tab_stop: TabStop,
    /// The message that the reader came for.
    #[prop(into)]
    found: Signal<Option<MessageId>>,
) -> impl IntoView {
    let t = use_locale();
    let row = RwSignal::from(row);
    let key = row.read_untracked().key;
    let author = author(t, row, chat);
    let body = Memo::new(move |_| row.read().content().to_owned());
    let deletion = Deletion::of(row);
    let is_deleted = Memo::new(move |_| row.read().message().is_some_and(Message::is_deleted));
    // What can be done is worked out for rows that somebody goes to.
    let is_near = RwSignal::new(false);
    let come_near = move || {
        if !is_near.get_untracked() {
            is_near.set(true);
        }
    };
    let sender = row.read_untracked().sender().map(|sender| sender.id);
    let is_blocked = Memo::new(move |_| sender.is_some_and(|id| chat.blocked.read().contains(&id)));
    let starts_group = Memo::new(move |_| row.read().starts_group);
    let is_mine = row.read_untracked().is_mine;
    if row.read_untracked().system().is_some() {
        return view! { <SystemRow chat row zone tab_stop /> }.into_any();
    }
    // For good: nothing that is stored becomes a note, or ceases to be one.
    let is_note = row.read_untracked().is_note();
    view! {
        <li
            class="message"
            data-row=key.to_string()
            tabindex=move || tab_stop.tabindex(key)
            on:focusin=move |_| {
                tab_stop.choose(key);
                come_near();
            }
            on:pointerenter=move |_| come_near()
            data-mine=is_mine.to_string()
            data-note=is_note.to_string()
            data-deleted=move || is_deleted.get().then_some("")
            data-group=move || starts_group.get().to_string()
            data-state=move || state_word(&row.read())
            data-found=move || is_found(found, &row.read()).then_some("")
        >
            <Above chat row zone />
            <div class="message-line">
                <span class="message-avatar">
                    {(!is_mine)
                        .then(|| {
                            view! {
                                <Show when=move || starts_group.get()>
                                    {move || {
                                        row.read()
                                            .sender()
                                            .map(|sender| {
                                                view! { <Avatar id=sender.id name=sender.name.clone() /> }
                                            })
                                    }}
                                </Show>
                            }
                        })}
                </span>
                <div class="bubble-column">
                    <p class="message-author" class:visually-hidden=move || is_mine || !starts_group.get()>
                        <bdi>{author}</bdi>
                    </p>
                    {is_note
                        .then(|| {
                            view! {
                                <p class="note-mark">
                                    <Icon name="lock" />
                                    <span>{text!(t, timeline.note)}</span>
                                </p>
                            }
                        })}
                    <Show when=move || starts_group.get() && row.read().is_question()>
                        <p class="note-mark">
                            <Icon name="lock" />
                            <span>{text!(t, timeline.question)}</span>
                        </p>
                    </Show>
                    <div class="bubble">
                        <Show
                            when=move || !is_deleted.get()
                            fallback=move || view! { <p class="message-gone">{text!(t, timeline.deleted)}</p> }
                        >
                            {move || {
                                if is_blocked.get() {
                                    view! {
                                        <details class="blocked-message">
                                            <summary>{text!(t, block.message)}</summary>
                                            <MessageText content=body />
                                        </details>
                                    }
                                        .into_any()
                                } else {
                                    view! { <MessageText content=body /> }.into_any()
                                }
                            }}
                        </Show>
                        <MessageMeta row zone />
                    </div>
                    <DeletionQuestion deletion />
                    <Refusal chat row />
                </div>
            </div>
            <Show when=move || is_near.get()>
                <RowActions chat row deletion />
            </Show>
        </li>
    }
    .into_any()
}

fn is_found(found: Signal<Option<MessageId>>, row: &Row) -> bool {
    found
        .get()
        .is_some_and(|found| row.message_id() == Some(found))
}

fn author(t: Locale, row: RwSignal<Row>, chat: Chat) -> Memo<String> {
    Memo::new(move |_| {
        let row = row.read();
        match row.sender() {
            Some(sender) if !row.is_mine => sender.name.clone(),
            _ if chat.user().is_none() => String::new(),
            _ => text!(t, timeline.you),
        }
    })
}

/// Time and receipt.
#[component]
fn MessageMeta(
    /// The row.
    row: RwSignal<Row>,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
) -> impl IntoView {
    let t = use_locale();
    let at = Memo::new(move |_| row.read().created_at());
    let receipt = Memo::new(move |_| receipt_of(t, &row.read()));
    view! {
        <span class="message-meta">
            <time
                datetime=move || at.get().rfc3339()
                title=move || zone.with_value(|zone| dates::full(t, zone, at.get()))
            >
                {move || zone.with_value(|zone| zone.clock(at.get()))}
            </time>
            {move || {
                receipt
                    .get()
                    .map(|(icon, words)| {
                        let title = words.clone();
                        view! {
                            <span class="receipt" title=title>
                                <Icon name=icon />
                                <span class="visually-hidden">{words}</span>
                            </span>
                        }
                    })
            }}
        </span>
    }
}

/// The icon of one's own message, and what it means.
fn receipt_of(t: Locale, row: &Row) -> Option<(&'static str, String)> {
    match &row.body {
        RowBody::Message(_, Receipt::None) => None,
        RowBody::Message(_, Receipt::Sent) => Some(("check", text!(t, state.sent))),
        // The same icon: what was read stands out by its colour and its weight.
        RowBody::Message(_, Receipt::Delivered) => Some(("check-check", text!(t, state.delivered))),
        RowBody::Message(_, Receipt::Read) => Some(("check-check", text!(t, state.read))),
        RowBody::Pending(pending) => Some(match pending.state {
            PendingState::Waiting => ("clock", text!(t, state.waiting)),
            PendingState::Sending => ("clock", text!(t, state.sending)),
            PendingState::Refused(_) => ("alert", text!(t, state.refused)),
        }),
    }
}

fn state_word(row: &Row) -> &'static str {
    match &row.body {
        RowBody::Message(_, Receipt::None) => "received",
        RowBody::Message(_, Receipt::Sent) => "sent",
        RowBody::Message(_, Receipt::Delivered) => "delivered",
        RowBody::Message(_, Receipt::Read) => "read",
        RowBody::Pending(pending) => match pending.state {
            PendingState::Waiting => "waiting",
            PendingState::Sending => "sending",
            PendingState::Refused(_) => "refused",
        },
    }
}

/// What can be done with a message of one's own that is not on its way.
#[derive(Clone, PartialEq, Eq)]
enum Stuck {
    Waiting(ClientId),
    Refused(ClientId, String),
}

/// Gives a message up and puts its text back to where it was written: a note's among the notes.
fn edit(chat: Chat, row: &Row, key: ClientId) {
    let RowBody::Pending(pending) = &row.body else {
        return;
    };
    let (room_id, content) = (pending.room_id, pending.content.clone());
    chat.write_for(room_id, pending.audience);
    chat.discard(key);
    // Once the field shows that kind's draft.
    frame::next(move || field::type_before(&composer_id(room_id), &content));
}

fn stuck(t: Locale, row: &Row) -> Option<Stuck> {
    let (RowKey::Mine(key), RowBody::Pending(pending)) = (row.key, &row.body) else {
        return None;
    };
    match &pending.state {
        PendingState::Waiting => Some(Stuck::Waiting(key)),
        PendingState::Sending => None,
        PendingState::Refused(error) => Some(Stuck::Refused(key, errors::sentence(t, error))),
    }
}

/// The reason of a refusal in words, with Retry, Edit and Delete; for one that waits, Edit and "Do not send".
#[component]
fn Refusal(
    /// The chat.
    chat: Chat,
    /// The row.
    row: RwSignal<Row>,
) -> impl IntoView {
    let t = use_locale();
    let stuck = Memo::new(move |_| stuck(t, &row.read()));
    let discard = move |key, label| {
        view! {
            <button type="button" class="link-button" on:click=move |_| chat.discard(key)>
                {label}
            </button>
        }
    };
    let edit = move |key| {
        view! {
            <button
                type="button"
                class="link-button"
                on:click=move |_| edit(chat, &row.get_untracked(), key)
            >
                {text!(t, state.edit)}
            </button>
        }
    };
    move || {
        stuck.get().map(|stuck| match stuck {
            Stuck::Waiting(key) => view! {
                <p class="message-note" data-late="">
                    {edit(key)}
                    {discard(key, text!(t, state.discard))}
                </p>
            }
            .into_any(),
            Stuck::Refused(key, reason) => view! {
                <p class="message-note" data-refused="">
                    <span>{reason}</span>
                    <button type="button" class="link-button" on:click=move |_| chat.retry(key)>
                        {text!(t, state.retry)}
                    </button>
                    {edit(key)}
                    {discard(key, text!(t, state.delete))}
                </p>
            }
            .into_any(),
        })
    }
}
