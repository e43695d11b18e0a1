//! The three states that every view has beside its content: loading, empty, error.

use leptos::prelude::*;

use super::icon::Icon;
use crate::app::i18n::{text, use_locale};

/// Grey lines in place of what is coming; the style sheet shows them after 150 ms only.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 4)]
    lines: usize,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{text!(t, app.loading)}</span>
            {(0..lines).map(|_| view! { <span class="skeleton-line"></span> }).collect_view()}
        </div>
    }
}

/// Says that there is nothing yet, and what to do.
#[component]
pub fn Empty(
    /// The icon's id.
    icon: &'static str,
    /// What is not there.
    title: String,
    /// What to do.
    text: String,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon">
                <Icon name=icon />
            </span>
            <p class="empty-title">{title}</p>
            <p class="empty-text">{text}</p>
        </div>
    }
}

/// Says what went wrong, with a way to try again.
#[component]
pub fn Failed(
    /// What went wrong.
    message: String,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <div class="failed" role="alert">
            <Icon name="alert" />
            <p>{message}</p>
            <button type="button" class="button" on:click=move |_| on_retry.run(())>
                <Icon name="retry" />
                {text!(t, app.retry)}
            </button>
        </div>
    }
}
