//! One result: who wrote it, where and when, and the words that were searched. It opens in its context.

use leptos::{either::Either, prelude::*};

use super::{excerpt::excerpt, last::LastSearch, results::Found};
use crate::{
    app::{
        dates,
        i18n::{text, use_locale},
        parts::{avatar::Avatar, icon::Icon, room_link::room_name},
        paths::message_path,
        state::Chat,
    },
    model::{FoundMessage, MessageId, Zone},
};

/// The id of a result on the page.
pub fn hit_id(id: MessageId) -> String {
    format!("hit-{id}")
}

/// A result.
#[component]
pub fn Hit(
    /// The chat.
    chat: Chat,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
    /// What was found.
    found: Found,
    /// The last search.
    last: LastSearch,
    /// The result.
    hit: FoundMessage,
) -> impl IntoView {
    let t = use_locale();
    let me = chat.user().map(|user| user.id);
    let FoundMessage { message, parts } = hit;
    let (id, at) = (message.id, message.created_at);
    let room = untrack(|| found.room(message.room_id));
    let href = room.as_ref().map_or_else(
        || format!("/chat/{}/{id}", message.room_id),
        |room| message_path(room, id),
    );
    let place = room.map(|room| room_name(t, &room, me));
    let author = if me == Some(message.sender.id) {
        text!(t, timeline.you)
    } else {
        message.sender.name.clone()
    };
    let is_note = message.is_note();
    let words = excerpt(&parts).into_iter().map(|part| {
        if part.is_match {
            Either::Left(view! { <mark>{part.text}</mark> })
        } else {
            Either::Right(part.text)
        }
    });
    view! {
        <a id=hit_id(id) class="search-hit" href=href on:click=move |_| last.open(id)>
            <Avatar id=message.sender.id name=message.sender.name />
            <span class="search-hit-head">
                <bdi class="search-hit-author">{author}</bdi>
                <span class="search-hit-place">
                    {is_note.then(|| view! { <Icon name="lock" /> })}
                    {is_note.then(|| format!("{} · ", text!(t, timeline.note)))}
                    <bdi>{place}</bdi>
                </span>
                <time
                    datetime=at.rfc3339()
                    title=zone.with_value(|zone| dates::full(t, zone, at))
                >
                    {move || zone.with_value(|zone| dates::list_time(t, zone, at, chat.minute.get()))}
                </time>
            </span>
            <span class="search-hit-text" dir="auto">
                {words.collect_view()}
            </span>
        </a>
    }
    .into_any()
}
