//! Message text: what may be sent, its excerpt, and the safe tree it is shown as.
//!
//! Nothing here makes HTML. The tree holds text and links with an allowed scheme; the page builds elements from it, so
//! there is nothing to escape and nothing to forget.

use linkify::{LinkFinder, LinkKind};

use super::WireError;

/// Longest excerpt in lists and quotes, in Unicode scalar values.
const EXCERPT_CHARS: usize = 120;

/// Checks what somebody wants to send and answers it trimmed.
///
/// Refused with `invalid` on `content`: nothing but white space, more than `max_chars` scalar values, a NUL (which
/// PostgreSQL cannot store).
pub fn check_content(content: &str, max_chars: usize) -> Result<String, WireError> {
    let content = content.trim();
    if content.is_empty() {
        return Err(WireError::field("content", "Write something first."));
    }
    if content.contains('\0') {
        return Err(WireError::field(
            "content",
            "This text holds a character that cannot be stored.",
        ));
    }
    if content.chars().count() > max_chars {
        return Err(WireError::field(
            "content",
            format!("At most {max_chars} characters."),
        ));
    }
    Ok(content.to_owned())
}

/// Checks a text that belongs to something (a description, a note) and answers it trimmed.
///
/// Refused with `invalid` on `field`: fewer than `least` or more than `most` scalar values, a NUL.
pub fn check_line_or_more(
    field: &str,
    text: &str,
    least: usize,
    most: usize,
) -> Result<String, WireError> {
    let text = text.trim();
    let length = text.chars().count();
    if length < least {
        return Err(WireError::field(field, "This is missing."));
    }
    if length > most {
        return Err(WireError::field(
            field,
            format!("At most {most} characters."),
        ));
    }
    if text.contains('\0') {
        let problem = "This text holds a character that cannot be stored.";
        return Err(WireError::field(field, problem));
    }
    Ok(text.to_owned())
}

/// The first line with something in it, cut to 120 characters.
pub fn excerpt(content: &str) -> String {
    let line = content
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let mut chars = line.chars();
    let mut short: String = chars.by_ref().take(EXCERPT_CHARS).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Text as it stands, line breaks included.
    Text(String),
    /// A link: an address that starts with `http://`, `https://` or `mailto:`, and the text to show.
    Link {
        /// Where it leads.
        href: String,
        /// What was written.
        text: String,
    },
}

/// `content` as text and links.
pub fn spans(content: &str) -> Vec<Span> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    finder
        .spans(content)
        .map(|span| {
            let text = span.as_str().to_owned();
            match span.kind().and_then(|kind| href(kind, &text)) {
                Some(href) => Span::Link { href, text },
                None => Span::Text(text),
            }
        })
        .collect()
}

fn href(kind: &LinkKind, text: &str) -> Option<String> {
    match kind {
        LinkKind::Email => Some(format!("mailto:{text}")),
        LinkKind::Url => {
            let scheme = text.split_once("://")?.0.to_ascii_lowercase();
            matches!(scheme.as_str(), "http" | "https").then(|| text.to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_trimmed_and_bounded() {
        assert_eq!(check_content("  hi \n", 1000).unwrap(), "hi");
        assert!(check_content(" \n\t", 1000).is_err());
        assert!(check_content("a\0b", 1000).is_err());
        assert!(check_content("äöü", 3).is_ok());
        assert!(check_content("äöüß", 3).is_err());
    }

    #[test]
    fn an_excerpt_is_the_first_line_with_something_in_it() {
        assert_eq!(excerpt("\n  Hello \nthere"), "Hello");
        assert_eq!(excerpt(&"x".repeat(200)).chars().count(), 121);
    }

    #[test]
    fn links_are_found_and_nothing_else_becomes_one() {
        let spans =
            spans("see https://example.org/a?b=c, or javascript:alert(1) and file:///etc/passwd");
        let links: Vec<_> = spans
            .iter()
            .filter(|span| matches!(span, Span::Link { .. }))
            .collect();
        assert_eq!(links.len(), 1);
        assert_eq!(
            links[0],
            &Span::Link {
                href: "https://example.org/a?b=c".into(),
                text: "https://example.org/a?b=c".into()
            }
        );
    }

    #[test]
    fn the_spans_together_are_the_content() {
        let content = "a@b.example\nhttp://x.example/(y) <script>alert(1)</script> ftp://z.example";
        let text: String = spans(content)
            .into_iter()
            .map(|span| match span {
                Span::Text(text) | Span::Link { text, .. } => text,
            })
            .collect();
        assert_eq!(text, content);
    }
}
