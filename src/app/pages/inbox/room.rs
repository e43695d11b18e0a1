//! The open conversation, or what stands in its place.

use leptos::prelude::*;

use super::RoomResource;
use crate::{
    app::{
        errors,
        i18n::{Locale, text, use_locale},
        parts::{
            avatar::Avatar,
            conversation::Conversation,
            icon::Icon,
            room_link::room_name,
            status::{Empty, Failed, Skeleton},
            top_bar::role_name,
        },
        respond,
        state::{Chat, RoomView, reading},
    },
    model::{UserId, WireError},
};

/// The right column.
#[component]
pub fn RoomPane(
    /// The chat.
    chat: Chat,
    /// The chosen room's snapshot.
    snapshot: RoomResource,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <section class="inbox-room" aria-label=text!(t, inbox.unknown)>
            <Suspense fallback=|| view! { <Skeleton lines=6 /> }>
                {move || Suspend::new(async move {
                    match snapshot.await {
                        None => view! { <NothingChosen /> }.into_any(),
                        Some(Ok(snapshot)) => match chat.open(snapshot) {
                            Some(view) => view! { <OpenRoom chat view /> }.into_any(),
                            None => view! { <NothingChosen /> }.into_any(),
                        },
                        Some(Err(error)) => {
                            respond::set_status(error.status());
                            failed(t, snapshot, &error)
                        }
                    }
                })}
            </Suspense>
        </section>
    }
}

#[component]
fn NothingChosen() -> impl IntoView {
    let t = use_locale();
    view! {
        <Empty icon="messages" title=text!(t, inbox.pick_title) text=text!(t, inbox.pick_text) />
    }
}

fn failed(t: Locale, snapshot: RoomResource, error: &WireError) -> AnyView {
    if *error == WireError::NotFound {
        return view! {
            <Empty icon="messages" title=text!(t, app.not_found_title) text=text!(t, app.not_found_text) />
        }
        .into_any();
    }
    let message = errors::sentence(t, error);
    view! { <Failed message on_retry=move |()| snapshot.refetch() /> }.into_any()
}

/// A conversation with its head: who it is with, and on a phone the way back.
#[component]
fn OpenRoom(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
) -> impl IntoView {
    let t = use_locale();
    let room_id = view.id;
    Effect::new(move |_| reading::show(chat, room_id));
    on_cleanup(move || chat.leave(room_id));
    let room = view.room.get_untracked();
    let name = room_name(t, &room);
    let person = room.shared.user.as_ref();
    let role = person.map(|person| role_name(t, person.role));
    let id = person.map_or(UserId(room_id.0), |person| person.id);
    let empty = (text!(t, timeline.empty), String::new());
    view! {
        <header class="room-head">
            <a class="icon-button back" href="/admin/chat" aria-label=text!(t, inbox.back)>
                <Icon name="back" />
            </a>
            <Avatar id name=name.clone() />
            <div class="room-head-text">
                <h2 dir="auto">{name}</h2>
                <p>{role}</p>
            </div>
        </header>
        <Conversation chat view empty autofocus=true />
    }
}
