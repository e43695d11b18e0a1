//! The open room, or what stands in its place.

use leptos::prelude::*;

use super::{
    RoomResource,
    about::{RoomMenu, kind_name},
    members::{MEMBERS, MembersPanel},
    origin::{Opened, Origin},
};
use crate::{
    app::{
        errors,
        i18n::{Locale, text, use_locale},
        parts::{
            avatar::Avatar,
            badge::Badge,
            confirm::Confirm,
            conversation::Conversation,
            course::{course_name, is_for_questions},
            icon::Icon,
            presence::PresenceLine,
            room_link::{RoomMark, kind_icon, room_name},
            search_link::SearchRoomLink,
            status::{Empty, Failed, Skeleton},
        },
        respond,
        state::{Chat, RoomView, reading},
    },
    model::{Message, MessageId, RoomForMe, WireError},
};

/// The right column.
#[component]
pub fn RoomPane(
    /// The chat.
    chat: Chat,
    /// The message that is looked for in it.
    message_id: Memo<Option<MessageId>>,
    /// The chosen room's snapshot.
    snapshot: RoomResource,
    /// Asks before something is lost.
    confirm: Confirm,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <section class="inbox-room" aria-label=text!(t, chat.open)>
            <Suspense fallback=|| view! { <Skeleton lines=6 /> }>
                {move || Suspend::new(async move {
                    match snapshot.await {
                        None => view! { <NothingChosen /> }.into_any(),
                        Some(Ok(Opened { snapshot, origin })) => match chat.open(snapshot) {
                            Some(view) => {
                                let view = view.looking_for(message_id.get_untracked());
                                view! { <OpenRoom chat view origin confirm /> }.into_any()
                            }
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
    .into_any()
}

#[component]
fn NothingChosen() -> impl IntoView {
    let t = use_locale();
    view! { <Empty icon="messages" title=text!(t, chat.pick_title) text=text!(t, chat.pick_text) /> }
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

/// A room with its head, its conversation and its members. Where it ceases to be the reader's, that is said instead.
#[component]
fn OpenRoom(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
    /// Private threads: the message from which it was opened.
    origin: Option<Message>,
    /// Asks before something is lost.
    confirm: Confirm,
) -> impl IntoView {
    let t = use_locale();
    let room_id = view.id;
    chat.hold(room_id);
    Effect::new(move |_| reading::show(chat, room_id));
    on_cleanup(move || chat.leave(room_id));
    let is_gone = Memo::new(move |_| chat.gone.get() == Some(room_id));
    // Whoever comes back by another way starts anew.
    on_cleanup(move || chat.gone.set(None));
    let (view, origin) = (StoredValue::new(view), StoredValue::new(origin));
    view! {
        <Show
            when=move || !is_gone.get()
            fallback=move || {
                view! {
                    <Empty icon="lock" title=text!(t, chat.gone_title) text=text!(t, chat.gone_text) />
                }
            }
        >
            <Inside chat view=view.get_value() origin=origin.get_value() confirm />
        </Show>
    }
    .into_any()
}

#[component]
fn Inside(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
    /// Private threads: the message from which it was opened.
    origin: Option<Message>,
    /// Asks before something is lost.
    confirm: Confirm,
) -> impl IntoView {
    let t = use_locale();
    let room_id = view.id;
    let room = RwSignal::from(view.room.clone());
    let is_open = RwSignal::new(false);
    let is_personal = room.read_untracked().is_personal();
    let has_origin = room.read_untracked().shared.owner_message.is_some();
    let empty = (text!(t, timeline.empty), String::new());
    let panel = view.clone();
    view! {
        <RoomHead chat room is_open confirm />
        <ReadOnly room />
        {has_origin.then(|| view! { <Origin chat origin /> })}
        <div class="room-body">
            <Conversation chat view=view.clone() empty autofocus=true />
            {(!is_personal)
                .then(|| view! { <MembersPanel chat room_id view=panel is_open confirm /> })}
        </div>
    }
    .into_any()
}

#[component]
fn RoomHead(
    /// The chat.
    chat: Chat,
    /// The room as the reader has it.
    room: RwSignal<RoomForMe>,
    /// Whether the members are shown.
    is_open: RwSignal<bool>,
    /// Asks before something is lost.
    confirm: Confirm,
) -> impl IntoView {
    let t = use_locale();
    let me = chat.user().map(|user| user.id);
    let shared = room.read_untracked().shared.clone();
    let is_group = shared.kind.is_group();
    let name = Memo::new(move |_| room_name(t, &room.read(), me));
    let about = move || about(t, &room.read());
    let pending = Memo::new(move |_| room.read().pending_count);
    let other = shared.other(me.unwrap_or_default()).map(|card| card.id);
    view! {
        <header class="room-head">
            <a class="icon-button back" href="/chat" aria-label=text!(t, chat.back)>
                <Icon name="back" />
            </a>
            {match kind_icon(shared.kind) {
                Some(icon) => view! { <RoomMark icon /> }.into_any(),
                None => {
                    let id = other.unwrap_or_default();
                    view! { <Avatar id name=name.get_untracked() /> }.into_any()
                }
            }}
            <div class="room-head-text">
                <h2 dir="auto">{name}</h2>
                <p dir="auto">
                    {about}
                    {other
                        .map(|id| {
                            view! {
                                <PresenceLine chat id />
                            }
                        })}
                </p>
            </div>
            <SearchRoomLink room_id=shared.id />
            {is_group
                .then(|| {
                    let label = move || match pending.get() {
                        0 => text!(t, room.members_title),
                        count => text!(t, room.members_pending, count = count),
                    };
                    view! {
                        <button
                            type="button"
                            class="icon-button"
                            aria-label=label
                            title=label
                            aria-expanded=move || is_open.get().to_string()
                            aria-controls=MEMBERS
                            on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
                        >
                            <Icon name="users" />
                            <Badge count=pending />
                        </button>
                    }
                })}
            <RoomMenu chat room confirm />
        </header>
    }
    .into_any()
}

/// What it is and how many are in it, or what is said of it.
fn about(t: Locale, room: &RoomForMe) -> String {
    if room.is_personal() {
        return kind_name(t, room.shared.kind);
    }
    let mut parts = vec![match &room.shared.course {
        Some(course) => course_name(t, course),
        None => kind_name(t, room.shared.kind),
    }];
    parts.push(text!(t, room.size, count = room.member_count));
    if is_for_questions(room) {
        parts.push(text!(t, room.question_mode));
    }
    if !room.shared.description.is_empty() {
        parts.push(room.shared.description.clone());
    }
    parts.join(" · ")
}

/// Why nothing can be written, where that is so.
#[component]
fn ReadOnly(
    /// The room as the reader has it.
    room: RwSignal<RoomForMe>,
) -> impl IntoView {
    let t = use_locale();
    let why = Memo::new(move |_| {
        let room = room.read();
        if room.shared.is_archived {
            Some(text!(t, error.archived))
        } else if room.muted_until.is_some() {
            Some(text!(t, error.muted))
        } else {
            None
        }
    });
    move || {
        why.get()
            .map(|why| view! { <p class="room-note" role="status">{why}</p> })
    }
}
