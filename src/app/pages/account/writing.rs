//! How one writes on this device: which key sends.

use leptos::prelude::*;

use crate::app::{
    i18n::{text, use_locale},
    state::{
        Chat,
        send_key::{self, SEND_KEYS, SendKey},
    },
};

/// The choice. It is the device's own, so it is there once the page is alive.
#[component]
pub fn Writing(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let chosen = RwSignal::new(None);
    Effect::new(move |_| chosen.set(Some(send_key::read(chat))));
    let name = move |key| match key {
        SendKey::Enter => (
            text!(t, account.enter_sends),
            text!(t, account.enter_sends_text),
        ),
        SendKey::CtrlEnter => (
            text!(t, account.ctrl_sends),
            text!(t, account.ctrl_sends_text),
        ),
    };
    let radio = move |key: SendKey| {
        let (label, hint) = name(key);
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="send-key"
                    value=key.as_str()
                    disabled=move || chosen.get().is_none()
                    prop:checked=move || chosen.get() == Some(key)
                    on:change=move |_| {
                        chosen.set(Some(key));
                        send_key::keep(chat, key);
                    }
                />
                <span>
                    {label} <span class="choice-hint">{hint}</span>
                </span>
            </label>
        }
    };
    view! {
        <section class="card" aria-labelledby="writing-heading">
            <h2 id="writing-heading">{text!(t, account.writing)}</h2>
            <p>{text!(t, account.writing_text)}</p>
            <fieldset class="choices">
                <legend class="visually-hidden">{text!(t, account.send_key)}</legend>
                {SEND_KEYS.map(radio).collect_view()}
            </fieldset>
        </section>
    }
}
