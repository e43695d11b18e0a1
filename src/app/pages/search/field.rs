//! Where one types: what was typed is searched after a pause, Enter searches now. A plain form without a script.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::asked::{SEARCH, path, words};
use crate::{
    app::{
        i18n::{text, use_locale},
        keys::SEARCH_FIELD,
        parts::icon::Icon,
    },
    browser::{focus, timer},
    model::{SearchQuery, limits::SEARCH_CHARS},
};

/// Between the last letter and the question.
const PAUSE_MS: u32 = 300;

/// The field with its button.
#[component]
pub fn SearchField(
    /// What the address asks.
    asked: Memo<SearchQuery>,
) -> impl IntoView {
    let t = use_locale();
    let typed = RwSignal::new(asked.get_untracked().text);
    // What this field has asked for itself; anything else came from elsewhere, by Back or by a link.
    let sent = StoredValue::new(typed.get_untracked());
    let navigate = use_navigate();
    let go = Callback::new(move |()| {
        let text = typed.get_untracked();
        let now = asked.get_untracked();
        if now.text == text {
            return;
        }
        sent.set_value(text.clone());
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&path(&SearchQuery { text, ..now }), options);
    });
    Effect::new(move |_| {
        let text = asked.get().text;
        if sent.get_value() != text {
            sent.set_value(text.clone());
            typed.set(text);
        }
    });
    Effect::new(move |_| {
        // On touch the keyboard would cover the page.
        if typed.get_untracked().is_empty() && !focus::is_touch() {
            focus::on(SEARCH_FIELD);
        }
    });
    let letters = StoredValue::new(0_u32);
    let on_type = move |text: String| {
        typed.set(text);
        letters.update_value(|letters| *letters = letters.wrapping_add(1));
        let at = letters.get_value();
        timer::after(PAUSE_MS, move || {
            if letters.try_get_value() == Some(at) {
                go.run(());
            }
        });
    };
    view! {
        <form
            class="search-form"
            role="search"
            method="get"
            action=SEARCH
            on:submit=move |ev| {
                ev.prevent_default();
                go.run(());
            }
        >
            <input
                id=SEARCH_FIELD
                class="input"
                type="search"
                name="q"
                dir="auto"
                autocomplete="off"
                enterkeyhint="search"
                maxlength=SEARCH_CHARS.to_string()
                aria-label=text!(t, search.label)
                placeholder=text!(t, search.label)
                value=typed.get_untracked()
                prop:value=move || typed.get()
                on:input:target=move |ev| on_type(ev.target().value())
            />
            {move || {
                words(&asked.get())
                    .into_iter()
                    .filter(|(name, _)| *name != "q")
                    .map(|(name, word)| view! { <input type="hidden" name=name value=word /> })
                    .collect_view()
            }}
            <button type="submit" class="button primary">
                <Icon name="search" />
                {text!(t, search.submit)}
            </button>
        </form>
    }
    .into_any()
}
