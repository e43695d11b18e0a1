//! The timeline of a room: its rows, its history above, the way back to its end.
//!
//! The scroller is laid out from its end, so it opens there without a script and stays there by itself; everything else
//! that moves it is in `browser::scroll`.

use leptos::prelude::*;

use super::{
    badge::capped,
    icon::Icon,
    message_row::MessageRow,
    status::Empty,
    tab_stop::{TabStop, walk},
};
use crate::{
    app::{
        dates, errors,
        i18n::{text, use_locale},
        state::{Chat, Older, RoomView, room::timeline_id},
    },
    browser::{
        frame,
        scroll::{self, Place},
        timer,
    },
    model::{RoomKind, Timestamp, Zone},
};

/// Nearer than this to the end counts as being there.
const AT_END_PX: i32 = 50;
/// History is asked for so many screens before its start is reached.
const SCREENS_AHEAD: i32 = 2;
/// So many pages of history are fetched at most to return to a former place.
const RETURN_PAGES: u32 = 20;
/// So long the message that the reader came for is shown as such.
const FOUND_MS: u32 = 2_000;
/// The attribute that names a row.
const ROW: &str = "data-row";

/// The rows, oldest first, standing at the end.
#[component]
pub fn Timeline(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
    /// Shown where nothing has been written yet: a title and a line.
    empty: (String, String),
) -> impl IntoView {
    let t = use_locale();
    let id = timeline_id(view.id);
    let zone = StoredValue::new(view.zone.clone());
    let rows = RwSignal::from(view.rows.clone());
    let is_empty = Memo::new(move |_| rows.read().is_empty());
    let tab_stop = TabStop::of(&view);
    let walk = walk(&view);
    let top = RwSignal::new(None);
    let found = RwSignal::from(view.found.clone());
    let seeks = found.get_untracked().is_some();
    let former = StoredValue::new(chat.place(view.id).filter(|_| !seeks));
    let scrolled = scrolled(chat, view.clone(), top, former);
    Effect::new({
        let (id, scrolled) = (id.clone(), scrolled.clone());
        move |_| {
            if former.with_value(Option::is_none) && !seeks {
                scroll::to_third(&id, ".new-line");
            }
            frame::next(scrolled.clone());
        }
    });
    return_to(chat, view.clone(), former);
    seek(view.clone());
    view! {
        <div class="timeline-frame">
            <div class="timeline" id=id tabindex="-1" on:scroll=move |_| scrolled()>
                <div class="timeline-inner">
                    <HistoryStart chat view=view.clone() is_empty />
                    <Show when=move || is_empty.get()>
                        <Empty icon="message" title=empty.0.clone() text=empty.1.clone() />
                    </Show>
                    <ol
                        class="messages"
                        role="list"
                        data-region=""
                        aria-label=text!(t, timeline.label)
                        on:keydown=walk
                    >
                        <For each=move || rows.get() key=|(key, _)| *key let((_, row))>
                            <MessageRow chat row zone tab_stop found />
                        </For>
                    </ol>
                    <HistoryEnd chat view=view.clone() />
                </div>
            </div>
            <StickyDay chat view=view.clone() zone top />
            <JumpToLatest chat view />
        </div>
    }
}

/// Goes back to where the reader stood when they left the room; what is not loaded yet is fetched, as far as it takes.
fn return_to(chat: Chat, view: RoomView, former: StoredValue<Option<Place>>) {
    let id = timeline_id(view.id);
    let rows = RwSignal::from(view.rows.clone());
    let pages = StoredValue::new(0);
    Effect::new(move |_| {
        rows.track();
        let Some(place) = former.get_value() else {
            return;
        };
        pages.update_value(|pages| *pages += 1);
        let is_too_far = pages.get_value() > RETURN_PAGES || !view.has_older.get_untracked();
        if scroll::to_place(&id, ROW, &place) || is_too_far {
            former.set_value(None);
        } else {
            chat.load_older(view.id);
        }
    });
}

/// What follows from where the reader has scrolled to.
fn scrolled(
    chat: Chat,
    view: RoomView,
    top: RwSignal<Option<Timestamp>>,
    former: StoredValue<Option<Place>>,
) -> impl Fn() + Clone + Send + Sync + 'static {
    let id = timeline_id(view.id);
    move || {
        let Some(position) = scroll::position(&id) else {
            return;
        };
        let is_part = view.has_newer.get_untracked();
        let is_at_end = position.to_end <= AT_END_PX && !is_part;
        view.set_at_end(is_at_end);
        if !is_at_end {
            let place = scroll::at_top(&id, ROW);
            top.set(
                place
                    .as_ref()
                    .and_then(|place| view.written_at(place.value.parse().ok()?)),
            );
            chat.keep_place(view.id, place);
        } else if former.with_value(Option::is_none) {
            chat.keep_place(view.id, None);
        }
        let is_near_start = position.to_start < position.height.saturating_mul(SCREENS_AHEAD);
        if is_near_start && view.older.get_untracked() == Older::Idle {
            chat.load_older(view.id);
        }
        let is_near_end = position.to_end < position.height.saturating_mul(SCREENS_AHEAD);
        if is_part && is_near_end && view.newer.get_untracked() == Older::Idle {
            chat.load_newer(view.id);
        }
    }
}

/// Goes to the message that the reader came for, once it is drawn, and shows for a while which it is.
fn seek(view: RoomView) {
    let id = timeline_id(view.id);
    let rows = RwSignal::from(view.rows.clone());
    let is_reached = StoredValue::new(false);
    Effect::new(move |_| {
        rows.track();
        let Some(message_id) = view.found.get() else {
            return;
        };
        if is_reached.get_value() {
            return;
        }
        let Some(key) = view.key_of(message_id) else {
            return;
        };
        is_reached.set_value(true);
        scroll::to_third(&id, &format!("[{ROW}=\"{key}\"]"));
        let found = view.found.clone();
        timer::after(FOUND_MS, move || {
            if found.get_untracked() == Some(message_id) {
                found.set(None);
            }
        });
    });
}

/// The day of the first visible message, while the reader is in the history.
#[component]
fn StickyDay(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
    /// When the first visible message was written.
    top: RwSignal<Option<Timestamp>>,
) -> impl IntoView {
    let t = use_locale();
    let at_end = RwSignal::from(view.at_end.clone());
    let day = Memo::new(move |_| {
        let at = top.get().filter(|_| !at_end.get())?;
        Some(zone.with_value(|zone| dates::day_heading(t, zone, at, chat.minute.get())))
    });
    // The rows say their days themselves.
    move || {
        day.get()
            .map(|day| view! { <p class="sticky-day" aria-hidden="true">{day}</p> })
    }
}

/// Above the oldest row: the start of the history, or how the loading of more of it stands.
#[component]
fn HistoryStart(
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
fn HistoryEnd(
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
fn JumpToLatest(
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
