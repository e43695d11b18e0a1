//! What stands above a row of a conversation.

use leptos::prelude::*;

use crate::{
    app::{
        dates,
        i18n::{text, use_locale},
        state::Chat,
    },
    model::Zone,
    sync::Row,
};

/// The day and the line "New messages", where they stand above this row.
#[component]
pub fn Above(
    /// The chat.
    chat: Chat,
    /// The row.
    row: RwSignal<Row>,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
) -> impl IntoView {
    let t = use_locale();
    let day_start = Memo::new(move |_| row.read().day.map(|_| row.read().created_at()));
    let is_first_unread = Memo::new(move |_| row.read().is_first_unread);
    view! {
        {move || {
            day_start
                .get()
                .map(|at| {
                    let heading = move || {
                        zone.with_value(|zone| dates::day_heading(t, zone, at, chat.minute.get()))
                    };
                    view! {
                        <div class="day-line">
                            <span>{heading}</span>
                        </div>
                    }
                })
        }}
        <Show when=move || is_first_unread.get()>
            <div class="new-line">
                <span>{text!(t, timeline.new)}</span>
            </div>
        </Show>
    }
}
