//! What the school tells everybody: above every page of somebody who is signed in.

use leptos::prelude::*;

use super::icon::Icon;
use crate::{
    app::{
        dates,
        i18n::{text, use_locale},
        state::Chat,
    },
    browser::focus,
    model::{Alert, Zone},
};

/// The alerts that stand and are not put away. Said politely when they come; the frame is there before them.
#[component]
pub fn AlertBars(
    /// The chat.
    chat: Chat,
    /// The reader's zone.
    zone: Zone,
) -> impl IntoView {
    let zone = StoredValue::new(zone);
    let shown = Memo::new(move |_| chat.lists.read().alerts.shown(chat.second.get()));
    view! {
        <div class="alerts" role="status">
            <For each=move || shown.get() key=|alert| alert.clone() let(alert)>
                <AlertBar chat zone alert />
            </For>
        </div>
    }
    .into_any()
}

#[component]
fn AlertBar(
    /// The chat.
    chat: Chat,
    /// The reader's zone.
    zone: StoredValue<Zone>,
    /// What is told.
    alert: Alert,
) -> impl IntoView {
    let t = use_locale();
    let id = alert.id;
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let label = text!(t, alert.dismiss_of, text = alert.content.clone());
    let until = alert.until.map(|until| {
        let time = zone.with_value(|zone| dates::full(t, zone, until));
        view! {
            <time class="alert-until" datetime=until.rfc3339()>
                {text!(t, alert.until, time = time)}
            </time>
        }
    });
    view! {
        <div class="alert-bar">
            <Icon name="info" />
            <p>
                <span class="visually-hidden">{text!(t, alert.label)} ": "</span>
                <span class="alert-text" dir="auto">
                    {alert.content}
                </span>
                " "
                {until}
            </p>
            <button
                type="button"
                class="button small"
                aria-label=label
                disabled=move || !is_alive.get()
                on:click=move |_| {
                    chat.dismiss(id);
                    // The button goes with the bar.
                    focus::on("main");
                }
            >
                {text!(t, alert.dismiss)}
            </button>
        </div>
    }
    .into_any()
}
