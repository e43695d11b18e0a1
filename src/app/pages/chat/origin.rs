//! The open room together with what it was opened from: a private thread has a message behind it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    api,
    app::{
        i18n::{Locale, text, use_locale},
        parts::room_link::room_name,
        paths::message_path,
        state::Chat,
    },
    model::{Message, MessageId, RoomForMe, RoomId, UserId, WireError, text::excerpt},
    sync::Snapshot,
};

/// What the page asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// The room.
    pub snapshot: Snapshot,
    /// Private threads: the message from which it was opened, where the reader sees it.
    pub origin: Option<Message>,
}

/// A room at its end, or around one of its messages. Of threads alone it is asked twice.
pub async fn open(room_id: RoomId, message_id: Option<MessageId>) -> Result<Opened, WireError> {
    let snapshot = api::room_at(room_id, message_id).await?;
    let origin = match snapshot.room.shared.owner_message {
        // The conversation is there without it, too.
        Some(_) => api::rooms::thread_origin(room_id).await.unwrap_or_default(),
        None => None,
    };
    Ok(Opened { snapshot, origin })
}

/// What is said of the message: a line, its text, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Quote {
    line: String,
    text: String,
    path: String,
}

/// The message above the conversation. It goes with the reader's place in its room, and with the message.
#[component]
pub fn Origin(
    /// The chat.
    chat: Chat,
    /// The message, where the reader saw it.
    origin: Option<Message>,
) -> impl IntoView {
    let t = use_locale();
    let origin = StoredValue::new(origin);
    let id = origin.with_value(|origin| origin.as_ref().map(|message| message.id));
    let is_deleted = Memo::new(move |was: Option<&bool>| {
        let is_now = id.is_some() && chat.deleted.get() == id;
        let was_at_first = || origin.with_value(|it| it.as_ref().is_some_and(Message::is_deleted));
        is_now || was.copied().unwrap_or_else(was_at_first)
    });
    let quote = Memo::new(move |_| {
        let lists = chat.lists.read();
        origin.with_value(|origin| {
            let message = origin.as_ref()?;
            let room = lists.rooms.get(&message.room_id)?;
            let is_blocked = chat.blocked.read().contains(&message.sender.id);
            let text = match (is_deleted.get(), is_blocked) {
                (true, _) => text!(t, timeline.deleted),
                (false, true) => text!(t, block.excerpt),
                (false, false) => excerpt(&message.content),
            };
            Some(quote(t, room, message, text, lists.me))
        })
    });
    view! {
        <div class="thread-origin" data-deleted=move || is_deleted.get().then_some("")>
            {move || match quote.get() {
                Some(Quote { line, text, path }) => {
                    view! {
                        <a href=path>
                            <bdi class="thread-origin-line">{line}</bdi>
                            <span class="thread-origin-text" dir="auto">
                                {text}
                            </span>
                        </a>
                    }
                        .into_any()
                }
                None => view! { <p>{text!(t, room.thread_unseen)}</p> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

fn quote(t: Locale, room: &RoomForMe, message: &Message, text: String, me: UserId) -> Quote {
    let name = room_name(t, room, Some(me));
    Quote {
        line: if message.sender.id == me {
            text!(t, room.thread_of_mine, room = name)
        } else {
            let sender = message.sender.name.clone();
            text!(t, room.thread_of, name = sender, room = name)
        },
        text,
        path: message_path(room, message.id),
    }
}
