//! A room's card: what it is, and the way in.

use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use super::Found;
use crate::{
    api,
    app::{
        i18n::{text, use_locale},
        parts::{
            course::course_name,
            room_link::{RoomMark, kind_icon},
        },
        state::Chat,
    },
    model::{RoomCard, RoomId, RoomKind, WireError, member::NOTE_CHARS},
};

/// The way in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    Join,
    Ask,
    Asked,
    Full,
    Banned,
    Course,
    Closed,
}

fn way(card: &RoomCard, is_mine: bool) -> Way {
    match card.shared.kind {
        _ if is_mine => Way::Open,
        _ if card.is_banned => Way::Banned,
        _ if card.shared.is_archived => Way::Closed,
        _ if card.has_pending_request => Way::Asked,
        _ if card.is_full() => Way::Full,
        RoomKind::Public => Way::Join,
        RoomKind::Private if card.shared.is_listed => Way::Ask,
        RoomKind::Course => Way::Course,
        _ => Way::Closed,
    }
}

/// One of the rooms there are.
#[component]
pub fn CardRow(
    /// The chat.
    chat: Chat,
    /// What is seen of it.
    card: RoomCard,
    /// The page's state.
    found: Found,
) -> impl IntoView {
    let t = use_locale();
    let room_id = card.shared.id;
    let icon = kind_icon(card.shared.kind).unwrap_or("hash");
    // Let in meanwhile, by somebody who decides.
    let is_mine = Memo::new(move |_| chat.lists.read().rooms.contains_key(&room_id));
    let about = match &card.host {
        Some(host) => text!(
            t,
            rooms.about,
            host = host.name.clone(),
            count = card.member_count
        ),
        None => text!(t, room.size, count = card.member_count),
    };
    let course = card.shared.course.as_ref().map(|it| course_name(t, it));
    let name = card.shared.name.clone();
    let label = name.clone();
    let description = card.shared.description.clone();
    let has_description = !description.is_empty();
    view! {
        <article class="card card-row" aria-label=label>
            <RoomMark icon />
            <div class="card-row-text">
                <h2 dir="auto">{name}</h2>
                <p class="card-row-about" dir="auto">
                    {about}
                </p>
                {course.map(|course| view! { <p class="card-row-about" dir="auto">{course}</p> })}
                {has_description.then(|| view! { <p dir="auto">{description}</p> })}
            </div>
            <div class="card-row-way">
                {move || {
                    let card = card.clone();
                    view! { <WayIn way=way(&card, is_mine.get()) card found /> }
                }}
            </div>
        </article>
    }
}

#[component]
fn WayIn(
    /// Which.
    way: Way,
    /// The room.
    card: RoomCard,
    /// The page's state.
    found: Found,
) -> impl IntoView {
    let t = use_locale();
    let room_id = card.shared.id;
    let name = card.shared.name.clone();
    let said = |words: String| view! { <p class="card-row-state">{words}</p> }.into_any();
    match way {
        Way::Open => {
            let label = text!(t, rooms.open_of, name = name);
            view! {
                <a class="button" href=format!("/chat/{room_id}") aria-label=label>
                    {text!(t, rooms.open)}
                </a>
            }
            .into_any()
        }
        Way::Join => view! { <Join room_id name found /> }.into_any(),
        Way::Ask => view! { <Ask room_id name found /> }.into_any(),
        Way::Asked => said(text!(t, rooms.asked)),
        Way::Full => said(text!(t, rooms.full)),
        Way::Banned => said(text!(t, rooms.banned)),
        Way::Course => said(text!(t, error.follows_course)),
        Way::Closed => said(text!(t, rooms.closed)),
    }
}

#[component]
fn Join(
    /// The room.
    room_id: RoomId,
    /// Its name.
    name: String,
    /// The page's state.
    found: Found,
) -> impl IntoView {
    let t = use_locale();
    let navigate = use_navigate();
    let join = move |_| {
        // A copy of its own: the event that makes the room the reader's takes this button away before the answer comes.
        let navigate = navigate.clone();
        spawn_local(async move {
            match api::rooms::join_room(room_id).await {
                Ok(()) => navigate(&format!("/chat/{room_id}"), Default::default()),
                Err(error) => refused(found, error),
            }
        });
    };
    let label = text!(t, rooms.join_of, name = name);
    view! {
        <button type="button" class="button primary" aria-label=label on:click=join>
            {text!(t, rooms.join)}
        </button>
    }
}

/// What is shown may be old: it is asked for again.
fn refused(found: Found, error: WireError) {
    found.look(1);
    found.problem.set(Some(error));
}

#[component]
fn Ask(
    /// The room.
    room_id: RoomId,
    /// Its name.
    name: String,
    /// The page's state.
    found: Found,
) -> impl IntoView {
    let t = use_locale();
    let note = NodeRef::<html::Input>::new();
    let ask = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        let note = note.get_untracked().map(|note| note.value());
        spawn_local(async move {
            match api::rooms::ask_to_join(room_id, note.unwrap_or_default()).await {
                Ok(()) => found.look(1),
                Err(error) => refused(found, error),
            }
        });
    };
    let label = text!(t, rooms.ask_of, name = name);
    let note_id = format!("note-{room_id}");
    view! {
        <details class="ask">
            <summary class="button" aria-label=label>
                {text!(t, rooms.ask)}
            </summary>
            <form on:submit=ask>
                <label for=note_id.clone()>{text!(t, rooms.note)}</label>
                <input
                    node_ref=note
                    id=note_id
                    class="input"
                    dir="auto"
                    autocomplete="off"
                    maxlength=NOTE_CHARS.to_string()
                />
                <button type="submit" class="button primary">
                    {text!(t, rooms.send_request)}
                </button>
            </form>
        </details>
    }
}
