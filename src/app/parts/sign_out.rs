//! Signing out: a plain form, which first cleans this device and warns about messages that were not sent.

use leptos::{prelude::*, task::spawn_local};

use super::icon::Icon;
use crate::{
    app::{
        i18n::{text, use_locale},
        state::{Chat, drafts},
    },
    browser::dialog,
};

const FORM: &str = "sign-out-form";
const DIALOG: &str = "sign-out-dialog";

/// The button "Sign out". Works without a script too.
#[component]
pub fn SignOutForm(
    /// The chat.
    chat: Chat,
    /// The CSRF token.
    csrf: String,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <form
            id=FORM
            method="post"
            action="/sign-out"
            on:submit=move |ev| {
                ev.prevent_default();
                sign_out(chat);
            }
        >
            <input type="hidden" name="csrf" value=csrf />
            <button type="submit" class="menu-item">
                <Icon name="log-out" />
                {text!(t, header.sign_out)}
            </button>
        </form>
    }
}

/// Names what would be lost, and asks once.
#[component]
pub fn SignOutDialog(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <dialog id=DIALOG class="dialog" aria-labelledby="sign-out-title">
            <h2 id="sign-out-title">{text!(t, sign_out.title)}</h2>
            <p>{move || text!(t, sign_out.text, count = chat.waiting.get())}</p>
            <div class="dialog-actions">
                <button type="button" class="button" autofocus on:click=move |_| dialog::close(DIALOG)>
                    {text!(t, sign_out.cancel)}
                </button>
                <button type="button" class="button danger" on:click=move |_| leave()>
                    {text!(t, sign_out.confirm)}
                </button>
            </div>
        </dialog>
    }
}

/// Signs this device out; asks first where that would lose something.
pub fn sign_out(chat: Chat) {
    if chat.waiting.get_untracked() > 0 {
        dialog::show(DIALOG);
    } else {
        leave();
    }
}

/// School computers are shared: nothing of a person stays behind.
fn leave() {
    spawn_local(async {
        drafts::wipe().await;
        dialog::submit(FORM);
    });
}
