//! What is written in a message; a long one is folded until its reader wants all of it.

use leptos::prelude::*;

use super::text_spans::TextSpans;
use crate::app::i18n::{text, use_locale};

/// A folded text shows so many lines; `style/parts/message.css` cuts at the same.
const SHOWN_LINES: usize = 25;
/// Folding less than this away would save nothing.
const WORTH_LINES: usize = 5;
/// Columns of a bubble's line.
const LINE: usize = 60;
/// The same on a phone.
const NARROW_LINE: usize = 32;

/// The text, folded where it is long.
#[component]
pub fn MessageText(
    /// What was written.
    content: Memo<String>,
) -> impl IntoView {
    let t = use_locale();
    let is_long = Memo::new(move |_| length(&content.read()));
    let is_whole = RwSignal::new(false);
    let folded = move || is_long.get().filter(|_| !is_whole.get());
    let label = move || {
        if is_whole.get() {
            text!(t, timeline.less)
        } else {
            text!(t, timeline.more)
        }
    };
    view! {
        <div class="message-text" dir="auto" data-folded=folded>
            {move || view! { <TextSpans content=content.get() /> }}
        </div>
        <Show when=move || is_long.get().is_some()>
            <button
                type="button"
                class="link-button message-fold"
                data-where=move || is_long.get()
                aria-expanded=move || is_whole.get().to_string()
                on:click=move |_| is_whole.update(|is_whole| *is_whole = !*is_whole)
            >
                {label}
            </button>
        </Show>
    }
}

/// Where a text is long: everywhere, or on phones alone.
fn length(content: &str) -> Option<&'static str> {
    if is_long(content, LINE) {
        Some("wide")
    } else if is_long(content, NARROW_LINE) {
        Some("narrow")
    } else {
        None
    }
}

fn is_long(content: &str, line: usize) -> bool {
    let lines = content
        .lines()
        .map(|text| text.chars().map(columns).sum::<usize>() / line + 1);
    lines.sum::<usize>() > SHOWN_LINES + WORTH_LINES
}

/// Letters of the East take about twice the room.
fn columns(letter: char) -> usize {
    if letter < '\u{1100}' { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_text_is_long_by_its_lines_however_they_come_about() {
        assert_eq!(length(""), None);
        assert_eq!(length(&"line\n".repeat(30)), None);
        assert_eq!(length(&"line\n".repeat(31)), Some("wide"));
        assert_eq!(length(&"x".repeat(1_900)), Some("wide"));
        assert_eq!(length(&"x".repeat(1_700)), Some("narrow"));
        assert_eq!(length(&"x".repeat(900)), None);
        assert_eq!(length(&"語".repeat(900)), Some("wide"));
        assert_eq!(length(&"語".repeat(500)), Some("narrow"));
    }
}
