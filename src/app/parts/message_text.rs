//! What is written in a message; a long one is folded until its reader wants all of it.

use leptos::prelude::*;

use super::text_spans::TextSpans;
use crate::app::i18n::{text, use_locale};

/// A folded text shows so many lines; `style/parts/message.css` cuts at the same.
const SHOWN_LINES: usize = 25;
/// Folding less than this away would save nothing.
const WORTH_LINES: usize = 5;
/// Letters that about fill a line of a bubble.
const LINE_CHARS: usize = 60;

/// The text, folded where it is long.
#[component]
pub fn MessageText(
    /// What was written.
    content: Memo<String>,
) -> impl IntoView {
    let t = use_locale();
    let is_long = Memo::new(move |_| is_long(&content.read()));
    let is_whole = RwSignal::new(false);
    let is_folded = move || is_long.get() && !is_whole.get();
    let label = move || {
        if is_whole.get() {
            text!(t, timeline.less)
        } else {
            text!(t, timeline.more)
        }
    };
    view! {
        <div class="message-text" dir="auto" data-folded=move || is_folded().then_some("")>
            {move || view! { <TextSpans content=content.get() /> }}
        </div>
        <Show when=move || is_long.get()>
            <button
                type="button"
                class="link-button message-fold"
                aria-expanded=move || is_whole.get().to_string()
                on:click=move |_| is_whole.update(|is_whole| *is_whole = !*is_whole)
            >
                {label}
            </button>
        </Show>
    }
}

fn is_long(content: &str) -> bool {
    let lines = content
        .lines()
        .map(|line| line.chars().count() / LINE_CHARS + 1);
    lines.sum::<usize>() > SHOWN_LINES + WORTH_LINES
}

#[cfg(test)]
mod tests {
    use super::is_long;

    #[test]
    fn a_text_is_long_by_its_lines_however_they_come_about() {
        assert!(!is_long(""));
        assert!(!is_long(&"line\n".repeat(30)));
        assert!(is_long(&"line\n".repeat(31)));
        assert!(!is_long(&"x".repeat(1_700)));
        assert!(is_long(&"x".repeat(1_900)));
    }
}
