//! A field whose text stands in the address: what was typed counts after a pause, Enter counts now. A plain form without a
//! script.

use leptos::prelude::*;

use super::icon::Icon;
use crate::{browser::timer, model::limits::SEARCH_CHARS};

/// Between the last letter and the question.
const PAUSE_MS: u32 = 300;

/// The field with its button.
#[component]
pub fn QueryField(
    /// The field's id.
    id: &'static str,
    /// The page that answers.
    action: &'static str,
    /// What is looked for, in words.
    label: String,
    /// What the button does.
    submit: String,
    /// The text of the address.
    #[prop(into)]
    text: Signal<String>,
    /// What else the address says, by name.
    #[prop(into)]
    others: Signal<Vec<(&'static str, String)>>,
    /// Goes to the address with that text.
    #[prop(into)]
    go: Callback<String>,
) -> impl IntoView {
    let typed = RwSignal::new(text.get_untracked());
    // What this field has asked for itself; anything else came from elsewhere, by Back or by a link.
    let sent = StoredValue::new(typed.get_untracked());
    let send = move || {
        let now = typed.get_untracked();
        if text.get_untracked() != now {
            sent.set_value(now.clone());
            go.run(now);
        }
    };
    Effect::new(move |_| {
        let text = text.get();
        if sent.get_value() != text {
            sent.set_value(text.clone());
            typed.set(text);
        }
    });
    let letters = StoredValue::new(0_u32);
    let on_type = move |text: String| {
        typed.set(text);
        letters.update_value(|letters| *letters = letters.wrapping_add(1));
        let at = letters.get_value();
        timer::after(PAUSE_MS, move || {
            if letters.try_get_value() == Some(at) {
                send();
            }
        });
    };
    view! {
        <form
            class="query-form"
            role="search"
            method="get"
            action=action
            on:submit=move |ev| {
                ev.prevent_default();
                send();
            }
        >
            <input
                id=id
                class="input"
                type="search"
                name="q"
                dir="auto"
                autocomplete="off"
                enterkeyhint="search"
                maxlength=SEARCH_CHARS.to_string()
                aria-label=label.clone()
                placeholder=label
                value=typed.get_untracked()
                prop:value=move || typed.get()
                on:input:target=move |ev| on_type(ev.target().value())
            />
            {move || {
                others
                    .get()
                    .into_iter()
                    .map(|(name, word)| view! { <input type="hidden" name=name value=word /> })
                    .collect_view()
            }}
            <button type="submit" class="button primary">
                <Icon name="search" />
                {submit}
            </button>
        </form>
    }
    .into_any()
}
