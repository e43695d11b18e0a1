//! A message as safe HTML, for clients that show what they are given: text, line breaks and links, nothing else.
//!
//! Our own pages never use it; they build elements from the same spans.

use crate::model::text::{Span, spans};

/// The safe rendering of `content`.
pub fn html(content: &str) -> String {
    let mut html = String::with_capacity(content.len());
    for span in spans(content) {
        match span {
            Span::Text(text) => escape(&text, &mut html),
            Span::Link { href, text } => {
                html.push_str("<a href=\"");
                escape(&href, &mut html);
                html.push_str("\" rel=\"noopener noreferrer nofollow\">");
                escape(&text, &mut html);
                html.push_str("</a>");
            }
        }
    }
    html
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' => html.push_str("<br>"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_text() {
        let written = "<img src=x onerror='alert(1)'>\n\"&amp;\" javascript:alert(1)";
        let shown = "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;<br>&quot;&amp;amp;&quot; javascript:alert(1)";
        assert_eq!(html(written), shown);
    }

    #[test]
    fn a_link_is_one_and_cannot_leave_its_attribute() {
        let shown = html("see http://a.example/?x=1&y=\"onmouseover=\"alert(1)");
        let link =
            "see <a href=\"http://a.example/?x=1&amp;y=\" rel=\"noopener noreferrer nofollow\">";
        assert!(shown.starts_with(link), "{shown}");
        let (_, rest) = shown.split_once("</a>").unwrap();
        assert!(!rest.contains(['"', '<', '>']), "{shown}");
    }
}
