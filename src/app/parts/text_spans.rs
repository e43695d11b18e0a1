//! A message's text as elements: text and links, nothing else.

use leptos::{either::Either, prelude::*};

use crate::model::text::{Span, spans};

/// What somebody wrote. Line breaks are kept by the style sheet.
#[component]
pub fn TextSpans(
    /// As it was written.
    content: String,
) -> impl IntoView {
    spans(&content)
        .into_iter()
        .map(|span| match span {
            Span::Text(text) => Either::Left(text),
            Span::Link { href, text } => Either::Right(view! {
                <a href=href target="_blank" rel="noopener noreferrer nofollow">
                    {text}
                </a>
            }),
        })
        .collect_view()
}
