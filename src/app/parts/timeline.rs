//! The timeline of a room: its rows, its history above, the way back to its end.
//!
//! The scroller is laid out from its end, so it opens there without a script and stays there by itself; everything else
//! that moves it is in `browser::scroll`.

use leptos::prelude::*;

use super::{
    message_row::MessageRow,
    status::Empty,
    tab_stop::{TabStop, walk},
    timeline_ends::{HistoryEnd, HistoryStart, JumpToLatest},
};
use crate::{
    app::{
        dates,
        i18n::{text, use_locale},
        state::{Chat, Older, RoomView, room::timeline_id},
    },
    browser::{
        frame,
        scroll::{self, Place},
        timer,
    },
    model::{MessageId, Timestamp, Zone},
};

/// Nearer than this to the end counts as being there.
const AT_END_PX: i32 = 50;
/// History is asked for so many screens before its start is reached.
const SCREENS_AHEAD: i32 = 2;
/// So many pages of history are fetched at most to return to a former place.
const RETURN_PAGES: u32 = 20;
/// So long the message that the reader came for is shown as such.
const FOUND_MS: u32 = 2_000;
/// So many frames the page has to be there, before the reader is left where they are.
const SEEK_FRAMES: u32 = 60;
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
    let is_sought = StoredValue::new(seeks);
    let scrolled = scrolled(chat, view.clone(), top, (former, is_sought));
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
    seek(view.clone(), is_sought);
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
    (former, is_sought): (StoredValue<Option<Place>>, StoredValue<bool>),
) -> impl Fn() + Clone + Send + Sync + 'static {
    let id = timeline_id(view.id);
    move || {
        // Where it stands meanwhile is nobody's choice.
        if is_sought.try_get_value().unwrap_or_default() {
            return;
        }
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
            // Whoever came for one message returns to where they read before.
            if !is_part {
                chat.keep_place(view.id, place);
            }
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

/// Goes to the message that the reader came for, once it is drawn, and shows for a while which it is. `is_sought`: until
/// then.
fn seek(view: RoomView, is_sought: StoredValue<bool>) {
    let rows = RwSignal::from(view.rows.clone());
    Effect::new(move |_| {
        rows.track();
        let Some(message_id) = view.found.get() else {
            return;
        };
        if !is_sought.get_value() {
            return;
        }
        match view.key_of(message_id) {
            Some(key) => {
                let row = format!("[{ROW}=\"{key}\"]");
                go_to(view.clone(), message_id, row, is_sought, SEEK_FRAMES);
            }
            // It is not there: whoever came for it is at the end.
            None => is_sought.set_value(false),
        }
    });
}

/// The rows may be there before the page that shows them.
fn go_to(
    view: RoomView,
    message_id: MessageId,
    row: String,
    is_sought: StoredValue<bool>,
    frames: u32,
) {
    if !scroll::to_third(&timeline_id(view.id), &row) && frames > 0 {
        frame::next(move || go_to(view, message_id, row, is_sought, frames - 1));
        return;
    }
    is_sought.try_set_value(false);
    let found = view.found;
    timer::after(FOUND_MS, move || {
        if found.get_untracked() == Some(message_id) {
            found.set(None);
        }
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
