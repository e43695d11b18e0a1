//! A whole conversation: timeline, typing line and composer. The widget and the inbox both hold one.

use leptos::prelude::*;

use super::{
    canned::Names, closed::Closed, composer::Composer, course, timeline::Timeline,
    typing_line::TypingLine,
};
use crate::{
    app::{
        i18n::use_locale,
        state::{Chat, RoomView},
    },
    model::CannedReply,
};

/// A room as one reads and writes in it.
#[component]
pub fn Conversation(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
    /// Shown where nothing has been written yet: a title and a line.
    empty: (String, String),
    /// Whether the keyboard goes into the field at once.
    #[prop(default = false)]
    autofocus: bool,
    /// Whether the reader writes internal notes too.
    #[prop(default = false)]
    has_notes: bool,
    /// Texts that are kept ready for it, and the names that go into them.
    #[prop(default = None)]
    canned: Option<(RwSignal<Vec<CannedReply>>, Names)>,
) -> impl IntoView {
    let room_id = view.id;
    let t = use_locale();
    let typing = RwSignal::from(view.typing.clone());
    let room = RwSignal::from(view.room.clone());
    let whom = Signal::derive(move || course::whom(t, chat, &room.read()));
    let is_closed = Memo::new(move |_| room.read().is_closed);
    let canned = StoredValue::new(canned);
    view! {
        <div class="conversation">
            <Timeline chat view empty />
            <TypingLine names=typing />
            <Show
                when=move || !is_closed.get()
                fallback=move || view! { <Closed chat room /> }
            >
                <Composer chat room_id autofocus has_notes canned=canned.get_value() whom />
            </Show>
        </div>
    }
}
