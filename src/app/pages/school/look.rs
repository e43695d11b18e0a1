//! The school's name and its colour.

use leptos::{html, prelude::*, task::spawn_local};

use super::{Said, Told};
use crate::{
    api,
    app::{
        i18n::{text, use_locale},
        parts::form_field::FieldProblem,
    },
    browser::page,
    model::{
        WireError,
        school::{SCHOOL_NAME_CHARS, checked_accent, checked_name},
    },
};

const NAME: &str = "school-name";
const ACCENT: &str = "school-accent";

/// The form. What is saved is seen on the whole page, so that is loaded anew.
#[component]
pub fn LookForm(
    /// The name; empty: as the settings file says.
    name: String,
    /// The colour; empty: as it comes.
    accent: String,
) -> impl IntoView {
    let t = use_locale();
    let said = Said::new();
    let (name_field, accent_field) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        let (Some(name), Some(accent)) = (name_field.get_untracked(), accent_field.get_untracked())
        else {
            return;
        };
        let (name, accent) = (name.value(), accent.value());
        said.begin();
        if let Err(error) = check(&name, &accent) {
            said.end::<()>(Err(error), String::new());
            return;
        }
        spawn_local(async move {
            let saved = api::school::set_look(name, accent).await;
            if said.end(saved, text!(t, school.saved)).is_some() {
                page::reload();
            }
        });
    };
    let bad_name = said.of("name", text!(t, school.bad_name, count = SCHOOL_NAME_CHARS));
    let bad_accent = said.of("accent", text!(t, school.bad_accent));
    view! {
        <form class="card" aria-labelledby="look-heading" method="post" novalidate on:submit=submit>
            <h2 id="look-heading">{text!(t, school.look)}</h2>
            <p>{text!(t, school.look_text)}</p>
            <div class="form-row">
                <label for=NAME>{text!(t, school.name)}</label>
                <input
                    node_ref=name_field
                    id=NAME
                    class="input"
                    dir="auto"
                    autocomplete="off"
                    value=name
                    aria-invalid=move || bad_name.get().map(|_| "true")
                    aria-describedby="school-name-problem school-name-hint"
                />
                <FieldProblem name=NAME problem=bad_name />
                <p id="school-name-hint" class="field-hint">
                    {text!(t, school.name_hint)}
                </p>
            </div>
            <div class="form-row">
                <label for=ACCENT>{text!(t, school.accent)}</label>
                <input
                    node_ref=accent_field
                    id=ACCENT
                    class="input"
                    dir="ltr"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    value=accent
                    aria-invalid=move || bad_accent.get().map(|_| "true")
                    aria-describedby="school-accent-problem school-accent-hint"
                />
                <FieldProblem name=ACCENT problem=bad_accent />
                <p id="school-accent-hint" class="field-hint">
                    {text!(t, school.accent_hint)}
                </p>
            </div>
            <button type="submit" class="button primary" disabled=move || said.is_busy.get()>
                {text!(t, school.save)}
            </button>
            <Told said />
        </form>
    }
    .into_any()
}

fn check(name: &str, accent: &str) -> Result<(), WireError> {
    checked_name(name)?;
    checked_accent(accent).map(drop)
}
