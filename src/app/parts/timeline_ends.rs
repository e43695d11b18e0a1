//! The two ends of a timeline: what is loaded of the history, how the loading of more stands, and the way to the latest.

use leptos::prelude::*;

use super::{badge::capped, icon::Icon};
use crate::{
    app::{
        errors,
        i18n::{text, use_locale},
        state::{Chat, Older, RoomView, room::timeline_id},
    },
    browser::{frame, scroll},
    model::RoomKind,
};

/// Above the oldest row: the start of the history, or how the loading of more of it stands.
#[component]
pub fn HistoryStart(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
    /// Whether nothing has been written yet.
    #[prop(into)]
    is_empty: Signal<bool>,
) -> impl IntoView {
    let t = use_locale();
    let room_id = view.id;
    let (older, has_older) = (view.older.clone(), view.has_older.clone());
    let start = start_sentence(chat, &view);
    let load = move |_| chat.load_older(room_id);
    move || {
        if !has_older.get() {
            let start = start.clone();
            return (!is_empty.get())
                .then(|| view! { <p class="history-start">{start}</p> }.into_any());
        }
        Some(match older.get() {
            Older::Idle => view! {
                <p class="history-start">
                    <button type="button" class="link-button" on:click=load>
                        {text!(t, timeline.older)}
                    </button>
                </p>
            }
            .into_any(),
            Older::Loading => {
                view! { <p class="history-start">{text!(t, timeline.loading_older)}</p> }.into_any()
            }
            Older::Failed(error) => view! {
                <p class="history-start" role="alert">
                    {text!(t, timeline.older_failed)} " " {errors::sentence(t, &error)} " "
                    <button type="button" class="link-button" on:click=load>
                        {text!(t, app.retry)}
                    </button>
                </p>
            }
            .into_any(),
        })
    }
}

fn start_sentence(chat: Chat, view: &RoomView) -> String {
    let t = use_locale();
    let me = chat.user().map(|user| user.id);
    let room = view.room.read_untracked();
    match (room.shared.kind, &room.shared.user) {
        (RoomKind::Support, Some(person)) if me == Some(person.id) => {
            text!(t, timeline.start_support)
        }
        (_, Some(person)) => text!(t, timeline.start, name = person.name.clone()),
        (_, None) => text!(t, timeline.start, name = room.shared.name.clone()),
    }
}

/// Below the newest row of an older part: how the loading of what follows stands.
#[component]
pub fn HistoryEnd(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
) -> impl IntoView {
    let t = use_locale();
    let room_id = view.id;
    let load = move |_| chat.load_newer(room_id);
    move || {
        view.has_newer.get().then(|| match view.newer.get() {
            Older::Idle => view! {
                <p class="history-start">
                    <button type="button" class="link-button" on:click=load>
                        {text!(t, timeline.newer)}
                    </button>
                </p>
            }
            .into_any(),
            Older::Loading => {
                view! { <p class="history-start">{text!(t, timeline.loading_newer)}</p> }.into_any()
            }
            Older::Failed(error) => view! {
                <p class="history-start" role="alert">
                    {text!(t, timeline.newer_failed)} " " {errors::sentence(t, &error)} " "
                    <button type="button" class="link-button" on:click=load>
                        {text!(t, app.retry)}
                    </button>
                </p>
            }
            .into_any(),
        })
    }
}

/// The way back to the end, with how many messages came meanwhile. Where an older part is shown, the end is loaded.
#[component]
pub fn JumpToLatest(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
) -> impl IntoView {
    let t = use_locale();
    let id = StoredValue::new(timeline_id(view.id));
    let at_end = RwSignal::from(view.at_end.clone());
    let arrived = RwSignal::from(view.arrived.clone());
    let has_newer = RwSignal::from(view.has_newer.clone());
    let room_id = view.id;
    let wants_end = RwSignal::new(false);
    let jump = move |_| {
        wants_end.set(true);
        chat.load_latest(room_id);
    };
    Effect::new(move |_| {
        if wants_end.get() && !has_newer.get() {
            wants_end.set(false);
            frame::next(move || scroll::to_end(&id.get_value()));
        }
    });
    view! {
        <Show when=move || !at_end.get()>
            <button
                type="button"
                class="jump"
                aria-label=text!(t, timeline.jump)
                title=text!(t, timeline.jump)
                on:click=jump
            >
                <Icon name="arrow-down" />
                <Show when=move || arrived.get() != 0>
                    <span class="badge" aria-hidden="true">
                        {move || capped(i64::from(arrived.get()))}
                    </span>
                </Show>
            </button>
        </Show>
    }
}
