//! Making the accounts of a file: all of them, or none.

use leptos::{prelude::*, task::spawn_local};

use super::{Desk, faults, imported::Links};
use crate::{
    api,
    app::{
        errors,
        i18n::{Locale, text, use_locale},
        parts::{form_field::FormError, icon::Icon},
    },
    browser::{
        dialog, focus,
        upload::{self, Chosen},
    },
    model::{
        WireError,
        keeping::{ImportAnswer, Newcomer},
        limits::IMPORT_BYTES,
        roster::Mistake,
    },
};

const DIALOG: &str = "import-people";
const FIELD: &str = "import-people-file";
const HINT: &str = "import-people-hint";

/// How large a file may be, in MiB.
const MIB: usize = IMPORT_BYTES / (1024 * 1024);

/// What was wrong with the file that was chosen last.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wrong {
    /// There is none.
    NoFile,
    /// These lines, and how many more.
    Lines(Vec<Mistake>, usize),
    /// Anything else.
    Error(WireError),
}

/// The button and its dialog.
#[component]
pub(super) fn ImportPeople(
    /// What the page's parts share.
    desk: Desk,
) -> impl IntoView {
    let t = use_locale();
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let wrong = RwSignal::new(None::<Wrong>);
    let people = RwSignal::new(None::<Vec<Newcomer>>);
    let is_busy = RwSignal::new(false);
    // Its answer is the only one that has the links.
    let stay = move |ev: leptos::ev::Event| {
        if is_busy.get_untracked() {
            ev.prevent_default();
        }
    };
    // Whoever comes to the computer next finds neither the links nor the file.
    let forget = move |_| {
        upload::forget_chosen(FIELD);
        wrong.set(None);
        people.set(None);
    };
    view! {
        <button
            type="button"
            class="button"
            disabled=move || !is_alive.get()
            on:click=move |_| dialog::show(DIALOG)
        >
            <Icon name="users" />
            {text!(t, accounts.import)}
        </button>
        <dialog id=DIALOG class="dialog" aria-labelledby="import-people-title" on:cancel=stay on:close=forget>
            <h2 id="import-people-title">{text!(t, accounts.import)}</h2>
            <Show when=move || people.read().is_some() fallback=move || view! { <Form desk wrong people is_busy /> }>
                <Links dialog=DIALOG people=people.get_untracked().unwrap_or_default() />
            </Show>
        </dialog>
    }
    .into_any()
}

#[component]
fn Form(
    /// What the page's parts share.
    desk: Desk,
    /// What was wrong last.
    wrong: RwSignal<Option<Wrong>>,
    /// Who has come.
    people: RwSignal<Option<Vec<Newcomer>>>,
    /// Whether they are on their way.
    is_busy: RwSignal<bool>,
) -> impl IntoView {
    let t = use_locale();
    let leave = move |_| {
        if !is_busy.get_untracked() {
            dialog::close(DIALOG);
        }
    };
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        wrong.set(None);
        is_busy.set(true);
        spawn_local(async move {
            let imported = import().await;
            // The page, or the dialog's form, may have been left meanwhile.
            is_busy.try_set(false);
            match imported {
                Ok(newcomers) => {
                    desk.found.refetch();
                    desk.tell(Ok(text!(t, accounts.imported, count = newcomers.len())));
                    drop(people.try_set(Some(newcomers)));
                }
                Err(Wrong::Error(WireError::Unauthorized)) => {
                    desk.tell(Err(WireError::Unauthorized));
                }
                Err(found) => {
                    drop(wrong.try_set(Some(found)));
                    focus::on(FIELD);
                }
            }
        });
    };
    view! {
        <form class="dialog-form" novalidate on:submit=submit>
            {move || wrong.get().map(|wrong| view! { <WhatIsWrong wrong /> })}
            <div class="form-row">
                <label for=FIELD>{text!(t, accounts.import_file)}</label>
                <input
                    id=FIELD
                    class="input"
                    type="file"
                    accept=".csv,text/csv"
                    aria-invalid=move || wrong.read().as_ref().map(|_| "true")
                    aria-describedby=HINT
                />
                <p id=HINT class="field-hint">
                    {text!(t, accounts.import_hint, size = MIB)}
                </p>
            </div>
            <div class="dialog-actions">
                <button
                    type="button"
                    class="button"
                    aria-disabled=move || is_busy.get().then_some("true")
                    on:click=leave
                >
                    {text!(t, app.cancel)}
                </button>
                <button
                    type="submit"
                    class="button primary"
                    aria-disabled=move || is_busy.get().then_some("true")
                >
                    {text!(t, accounts.import_submit)}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// Sends the file that is chosen. What is too large is not sent.
async fn import() -> Result<Vec<Newcomer>, Wrong> {
    let csv = match upload::read_chosen(FIELD, IMPORT_BYTES).await {
        Chosen::Text(text) => text,
        Chosen::Nothing => return Err(Wrong::NoFile),
        Chosen::TooLarge => return Err(Wrong::Error(WireError::TooLarge)),
    };
    match api::accounts::import_people(csv).await {
        Ok(ImportAnswer::Done { people }) => Ok(people),
        Ok(ImportAnswer::Mistaken { mistakes, more }) => Err(Wrong::Lines(mistakes, more)),
        Err(error) => Err(Wrong::Error(error)),
    }
}

#[component]
fn WhatIsWrong(
    /// What it is.
    wrong: Wrong,
) -> impl IntoView {
    let t = use_locale();
    let sentence = sentence(t, &wrong);
    let (mistakes, more) = match wrong {
        Wrong::Lines(mistakes, more) => (mistakes, more),
        _ => (Vec::new(), 0),
    };
    view! {
        <FormError sentence />
        {(!mistakes.is_empty())
            .then(|| {
                let lines = mistakes.into_iter();
                let lines = lines.map(|mistake| view! { <Line mistake /> }).collect_view();
                view! {
                    <ul class="import-mistakes" role="list" aria-label=text!(t, accounts.import_mistakes)>
                        {lines}
                        {(more > 0).then(|| view! { <li>{text!(t, accounts.import_more, count = more)}</li> })}
                    </ul>
                }
            })}
    }
    .into_any()
}

#[component]
fn Line(
    /// What is wrong where.
    mistake: Mistake,
) -> impl IntoView {
    let t = use_locale();
    let Mistake { line, fault } = mistake;
    let column = fault.column().map(|column| format!("{column}: "));
    view! {
        <li>
            <span>{text!(t, accounts.import_line, line = line)}</span>
            " "
            <bdi>{column}</bdi>
            <bdi>{faults::sentence(t, fault)}</bdi>
        </li>
    }
}

fn sentence(t: Locale, wrong: &Wrong) -> String {
    match wrong {
        Wrong::NoFile => text!(t, accounts.import_choose),
        Wrong::Lines(..) => text!(t, accounts.import_nobody),
        Wrong::Error(WireError::TooLarge) => text!(t, accounts.import_large, size = MIB),
        Wrong::Error(error) => errors::sentence(t, error),
    }
}
