//! A link that was made: shown once, to be copied.

use leptos::prelude::*;

use super::Desk;
use crate::{
    app::{
        dates,
        i18n::{text, use_locale},
    },
    browser::{clipboard, dialog, page},
};

const DIALOG: &str = "password-link";
const FIELD: &str = "password-link-field";

/// Shows the dialog.
pub(super) fn show() {
    dialog::show(DIALOG);
}

/// The dialog with the link that was made last.
#[component]
pub(super) fn LinkDialog(
    /// What the page's parts share.
    desk: Desk,
) -> impl IntoView {
    let t = use_locale();
    let is_copied = RwSignal::new(false);
    let title = move || {
        let made = desk.made.get();
        made.map(|made| text!(t, accounts.link_title, name = made.name))
    };
    let lead = move || {
        desk.made.get().map(|made| {
            let until = dates::full(t, &desk.zone.get_value(), made.link.expires_at);
            text!(t, accounts.link_text, time = until)
        })
    };
    let address = move || {
        let made = desk.made.get();
        made.map(|made| format!("{}{}", page::origin(), made.link.path))
    };
    // Whoever comes to the computer next does not find it here.
    let forget = move |_| {
        desk.made.set(None);
        is_copied.set(false);
    };
    view! {
        <dialog id=DIALOG class="dialog" aria-labelledby="password-link-title" on:close=forget>
            <h2 id="password-link-title" dir="auto">
                {title}
            </h2>
            <p>{lead}</p>
            <div class="form-row">
                <label for=FIELD>{text!(t, accounts.link)}</label>
                <input id=FIELD class="input" readonly dir="ltr" prop:value=move || address().unwrap_or_default() />
            </div>
            <p class="form-done" role="status">
                {move || is_copied.get().then(|| text!(t, accounts.copied))}
            </p>
            <div class="dialog-actions">
                <button
                    type="button"
                    class="button"
                    on:click=move |_| is_copied.set(clipboard::copy_field(FIELD))
                >
                    {text!(t, accounts.copy)}
                </button>
                <button type="button" class="button primary" on:click=move |_| dialog::close(DIALOG)>
                    {text!(t, accounts.link_done)}
                </button>
            </div>
        </dialog>
    }
    .into_any()
}
