//! Fields of forms: label, field, hint, and beside it what is wrong.

use leptos::{html, prelude::*};

use super::icon::Icon;
use crate::app::i18n::{text, use_locale};

/// The ids of what describes a field, for `aria-describedby`.
fn described_by(id: &str, has_hint: bool, has_problem: bool) -> Option<String> {
    let parts = [
        has_problem.then(|| format!("{id}-problem")),
        has_hint.then(|| format!("{id}-hint")),
    ];
    let ids: Vec<String> = parts.into_iter().flatten().collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// A line of text.
#[component]
pub fn TextField(
    /// Its id, and its name in the form.
    name: &'static str,
    /// What it is.
    label: String,
    /// What it says at first.
    #[prop(default = String::new())]
    value: String,
    /// `text` or `email`.
    #[prop(default = "text")]
    kind: &'static str,
    /// The word by which browsers fill it in.
    autocomplete: &'static str,
    /// What may be in it.
    #[prop(default = None)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(default = None)]
    problem: Option<String>,
    /// Whether it may stay empty.
    #[prop(default = false)]
    optional: bool,
    /// Whether it is a name to sign in by: no capitals, no corrections.
    #[prop(default = false)]
    is_word: bool,
) -> impl IntoView {
    let described = described_by(name, hint.is_some(), problem.is_some());
    let is_invalid = problem.is_some().then_some("true");
    view! {
        <div class="form-row">
            <label for=name>{label}</label>
            <input
                id=name
                class="input"
                name=name
                type=kind
                dir="auto"
                value=value
                autocomplete=autocomplete
                autocapitalize=is_word.then_some("none")
                spellcheck=is_word.then_some("false")
                aria-invalid=is_invalid
                aria-describedby=described
                required=!optional
            />
            <FieldProblem name problem=Signal::stored(problem) />
            <FieldHint name hint />
        </div>
    }
}

/// A password, with a button to see it once the page is alive.
#[component]
pub fn PasswordField(
    /// Its id, and its name in the form.
    #[prop(default = "password")]
    name: &'static str,
    /// What it is.
    label: String,
    /// The word by which browsers fill it in.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
    /// What may be in it.
    #[prop(default = None)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    problem: Signal<Option<String>>,
    /// The field, for whoever reads it.
    #[prop(optional)]
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let t = use_locale();
    let is_shown = RwSignal::new(false);
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let button_label = move || {
        if is_shown.get() {
            text!(t, sign_in.hide_password)
        } else {
            text!(t, sign_in.show_password)
        }
    };
    let has_hint = hint.is_some();
    view! {
        <div class="form-row">
            <label for=name>{label}</label>
            <div class="input-with-button">
                <input
                    node_ref=node_ref
                    id=name
                    class="input"
                    name=name
                    type=move || if is_shown.get() { "text" } else { "password" }
                    autocomplete=autocomplete
                    aria-invalid=move || problem.get().map(|_| "true")
                    aria-describedby=move || described_by(name, has_hint, problem.get().is_some())
                    required
                />
                <Show when=move || is_alive.get()>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=button_label
                        title=button_label
                        on:click=move |_| is_shown.update(|shown| *shown = !*shown)
                    >
                        {move || {
                            if is_shown.get() {
                                view! { <Icon name="eye-off" /> }
                            } else {
                                view! { <Icon name="eye" /> }
                            }
                        }}
                    </button>
                </Show>
            </div>
            <FieldProblem name problem />
            <FieldHint name hint />
        </div>
    }
}

/// What is wrong with a field, beside it.
#[component]
pub fn FieldProblem(
    /// The field.
    name: &'static str,
    /// What is wrong with it.
    problem: Signal<Option<String>>,
) -> impl IntoView {
    move || {
        problem.get().map(|sentence| {
            view! {
                <p id=format!("{name}-problem") class="field-problem">
                    <Icon name="alert" />
                    <span>{sentence}</span>
                </p>
            }
        })
    }
}

#[component]
fn FieldHint(
    /// The field.
    name: &'static str,
    /// What may be in it.
    hint: Option<String>,
) -> impl IntoView {
    hint.map(|hint| view! { <p id=format!("{name}-hint") class="field-hint">{hint}</p> })
}

/// What is wrong with a form as a whole; said to screen readers as soon as it is there.
#[component]
pub fn FormError(
    /// What is wrong.
    sentence: String,
) -> impl IntoView {
    view! {
        <p class="form-error" role="alert">
            <Icon name="alert" />
            <span>{sentence}</span>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::described_by;

    #[test]
    fn a_problem_is_read_before_the_hint() {
        assert_eq!(
            described_by("name", true, true).as_deref(),
            Some("name-problem name-hint")
        );
        assert_eq!(described_by("name", false, false), None);
    }
}
