//! What is not there, or not the reader's to see: the same page, with status 404.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::app::{
    i18n::{text, use_locale},
    respond,
};

/// The page for unknown addresses.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let t = use_locale();
    respond::set_status(404);
    view! {
        <Title text=text!(t, app.not_found_title) />
        <main id="main" class="page narrow centred" tabindex="-1">
            <h1>{text!(t, app.not_found_title)}</h1>
            <p class="lead">{text!(t, app.not_found_text)}</p>
            <p>
                <a class="button primary" href="/">
                    {text!(t, app.back_home)}
                </a>
            </p>
        </main>
    }
}
