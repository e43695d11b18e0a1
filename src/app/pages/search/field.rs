//! Where one types what is searched.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::asked::{SEARCH, path, words};
use crate::{
    app::{
        i18n::{text, use_locale},
        keys::SEARCH_FIELD,
        parts::query_field::QueryField,
    },
    browser::focus,
    model::SearchQuery,
};

/// The field with its button.
#[component]
pub fn SearchField(
    /// What the address asks.
    asked: Memo<SearchQuery>,
) -> impl IntoView {
    let t = use_locale();
    let navigate = use_navigate();
    let go = move |text: String| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        let asked = asked.get_untracked();
        navigate(&path(&SearchQuery { text, ..asked }), options);
    };
    let others = Signal::derive(move || {
        let mut words = words(&asked.read());
        words.retain(|(name, _)| *name != "q");
        words
    });
    Effect::new(move |_| {
        // On touch the keyboard would cover the page.
        if asked.read_untracked().text.is_empty() && !focus::is_touch() {
            focus::on(SEARCH_FIELD);
        }
    });
    view! {
        <QueryField
            id=SEARCH_FIELD
            action=SEARCH
            label=text!(t, search.label)
            submit=text!(t, search.submit)
            text=Signal::derive(move || asked.get().text)
            others
            go
        />
    }
}
