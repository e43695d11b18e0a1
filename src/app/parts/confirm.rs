//! Asking once before something is lost, naming what.

use leptos::prelude::*;

use crate::{
    app::i18n::{text, use_locale},
    browser::dialog,
};

const DIALOG: &str = "confirm-dialog";

/// A question, and what follows from yes.
#[derive(Clone)]
struct Question {
    title: String,
    text: String,
    yes: String,
    act: Callback<()>,
}

/// The page's one question at a time.
#[derive(Clone, Copy)]
pub struct Confirm(RwSignal<Option<Question>>);

impl Default for Confirm {
    fn default() -> Self {
        Self(RwSignal::new(None))
    }
}

impl Confirm {
    /// Asks; `yes` is the word on the button, `act` what it does.
    pub fn ask(
        self,
        title: String,
        text: String,
        yes: String,
        act: impl Fn() + Send + Sync + 'static,
    ) {
        let act = Callback::new(move |()| act());
        self.0.set(Some(Question {
            title,
            text,
            yes,
            act,
        }));
        dialog::show(DIALOG);
    }

    fn part(self, part: impl Fn(&Question) -> String) -> String {
        self.0.read().as_ref().map(part).unwrap_or_default()
    }
}

/// The dialog of [`Confirm`]: one on a page.
#[component]
pub fn ConfirmDialog(
    /// What it asks.
    confirm: Confirm,
) -> impl IntoView {
    let t = use_locale();
    let yes = move |_| {
        dialog::close(DIALOG);
        if let Some(question) = confirm.0.get_untracked() {
            question.act.run(());
        }
    };
    view! {
        <dialog id=DIALOG class="dialog" aria-labelledby="confirm-title">
            <h2 id="confirm-title" dir="auto">
                {move || confirm.part(|question| question.title.clone())}
            </h2>
            <p dir="auto">{move || confirm.part(|question| question.text.clone())}</p>
            <div class="dialog-actions">
                <button type="button" class="button" autofocus on:click=move |_| dialog::close(DIALOG)>
                    {text!(t, app.cancel)}
                </button>
                <button type="button" class="button danger" on:click=yes>
                    {move || confirm.part(|question| question.yes.clone())}
                </button>
            </div>
        </dialog>
    }
    .into_any()
}
