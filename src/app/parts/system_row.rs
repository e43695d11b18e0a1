//! What Quad itself tells in a conversation.

use leptos::prelude::*;

use super::{above_row::Above, tab_stop::TabStop};
use crate::{
    app::{dates, i18n::use_locale, state::Chat, system},
    model::Zone,
    sync::Row,
};

/// What Quad itself tells: one line, of nobody's.
#[component]
pub fn SystemRow(
    /// The chat.
    chat: Chat,
    /// The row.
    row: RwSignal<Row>,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
    /// Where Tab leads to.
    tab_stop: TabStop,
) -> impl IntoView {
    let t = use_locale();
    let key = row.read_untracked().key;
    let told = move || {
        let row = row.read();
        let actor = row.sender().map_or("", |sender| sender.name.as_str());
        row.system().map(|note| system::sentence(t, note, actor))
    };
    let at = Memo::new(move |_| row.read().created_at());
    view! {
        <li
            class="message told"
            data-row=key.to_string()
            tabindex=move || tab_stop.tabindex(key)
            on:focusin=move |_| tab_stop.choose(key)
        >
            <Above chat row zone />
            <p class="told-line">
                <bdi>{told}</bdi>
                " "
                <time
                    datetime=move || at.get().rfc3339()
                    title=move || zone.with_value(|zone| dates::full(t, zone, at.get()))
                >
                    {move || zone.with_value(|zone| zone.clock(at.get()))}
                </time>
            </p>
        </li>
    }
}
