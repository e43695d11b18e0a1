//! The open conversation, or what stands in its place.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    RoomResource,
    filter::Filter,
    lookers::Lookers,
    person::{ABOUT, PERSON, PersonPanel},
    triage::TriageBar,
};
use crate::{
    app::{
        errors,
        i18n::{Locale, text, use_locale},
        parts::{
            avatar::Avatar,
            canned::Names,
            conversation::Conversation,
            desk::desk_of,
            icon::Icon,
            presence::PresenceLine,
            room_link::room_name,
            status::{Empty, Failed, Skeleton},
            top_bar::role_name,
        },
        respond,
        state::{Chat, RoomView, reading},
    },
    model::{CannedReply, UserId, WireError},
};

/// The right column.
#[component]
pub fn RoomPane(
    /// The chat.
    chat: Chat,
    /// The chosen room's snapshot.
    snapshot: RoomResource,
    /// Texts that are kept ready.
    canned: RwSignal<Vec<CannedReply>>,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <section class="inbox-room" aria-label=text!(t, inbox.unknown)>
            <Suspense fallback=|| view! { <Skeleton lines=6 /> }>
                {move || Suspend::new(async move {
                    match snapshot.await {
                        None => view! { <NothingChosen /> }.into_any(),
                        Some(Ok(snapshot)) => match chat.open(snapshot) {
                            Some(view) => view! { <OpenRoom chat view canned /> }.into_any(),
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
    /// Texts that are kept ready.
    canned: RwSignal<Vec<CannedReply>>,
) -> impl IntoView {
    let t = use_locale();
    let room_id = view.id;
    Effect::new(move |_| reading::show(chat, room_id));
    on_cleanup(move || chat.leave(room_id));
    let room = view.room.get_untracked();
    let name = room_name(t, &room, None);
    let person = room.shared.user.as_ref();
    let role = person.map(|person| role_name(t, person.role));
    let desk = desk_of(t, chat, &room).map(|desk| view! { " · " <bdi>{desk}</bdi> });
    let id = person.map_or(UserId(room_id.0), |person| person.id);
    let line = person.map(|person| {
        let id = person.id;
        view! {
            <PresenceLine chat id />
        }
    });
    let empty = (text!(t, timeline.empty), String::new());
    let is_open = RwSignal::new(false);
    let looking = RwSignal::from(view.looking.clone());
    let asked = use_query_map();
    let back = move || format!("/admin/chat{}", Filter::of_query(&asked.read()).query());
    let names = Names {
        them: name.clone(),
        me: chat.user().map(|user| user.name).unwrap_or_default(),
    };
    let here = RwSignal::new(Vec::new());
    let at = room.shared.desk.clone();
    Effect::new(move |_| {
        let mut replies = canned.get();
        replies.retain(|reply| Some(&reply.desk) == at.as_ref());
        here.set(replies);
    });
    let canned = Some((here, names));
    let about = text!(t, inbox.about, name = name.clone());
    view! {
        <header class="room-head">
            <a class="icon-button back" href=back aria-label=text!(t, inbox.back)>
                <Icon name="back" />
            </a>
            <Avatar id name=name.clone() />
            <div class="room-head-text">
                <h2 dir="auto">{name}</h2>
                <p>{role} {desk} {line}</p>
            </div>
            <button
                id=ABOUT
                type="button"
                class="icon-button about"
                aria-label=about.clone()
                title=about
                aria-expanded=move || is_open.get().to_string()
                aria-controls=PERSON
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                <Icon name="info" />
            </button>
            <TriageBar view=view.clone() />
        </header>
        <Lookers names=looking />
        <div class="room-body">
            <Conversation chat view=view.clone() empty autofocus=true has_notes=true canned />
            <PersonPanel chat room_id zone=view.zone is_open />
        </div>
    }
}
