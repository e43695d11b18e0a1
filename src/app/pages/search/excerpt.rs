//! What a result shows of a long message: the words around the first hit.

use crate::model::MarkedPart;

/// So much stands before the first hit.
const LEAD_CHARS: usize = 60;
/// So much is shown in all.
const MOST_CHARS: usize = 280;
const ELLIPSIS: char = '…';

/// The parts that are shown, with the hits in them.
pub fn excerpt(parts: &[MarkedPart]) -> Vec<MarkedPart> {
    let before = parts.iter().take_while(|part| !part.is_match);
    let lead: usize = before.map(|part| part.text.chars().count()).sum();
    let mut skip = lead.saturating_sub(LEAD_CHARS);
    let mut left = MOST_CHARS;
    let is_cut = skip > 0;
    let mut shown: Vec<MarkedPart> = Vec::new();
    for part in parts {
        let count = part.text.chars().count();
        if skip >= count {
            skip -= count;
            continue;
        }
        let mut text: String = part.text.chars().skip(skip).take(left).collect();
        if is_cut && shown.is_empty() {
            text.insert(0, ELLIPSIS);
        }
        let is_short = count - skip > left;
        left = left.saturating_sub(count - skip);
        skip = 0;
        if is_short {
            text.push(ELLIPSIS);
        }
        shown.push(MarkedPart {
            text,
            is_match: part.is_match,
        });
        if is_short {
            break;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str, is_match: bool) -> MarkedPart {
        MarkedPart {
            text: text.to_owned(),
            is_match,
        }
    }

    #[test]
    fn a_short_message_is_shown_as_it_is() {
        let parts = [part("the ", false), part("exam", true), part(" is", false)];
        assert_eq!(excerpt(&parts), parts);
        assert_eq!(excerpt(&[]), []);
    }

    #[test]
    fn a_long_one_is_cut_around_its_first_hit() {
        let parts = [
            part(&"ä".repeat(500), false),
            part("exam", true),
            part(&"z".repeat(500), false),
            part("exam", true),
        ];
        let shown = excerpt(&parts);
        assert_eq!(shown.len(), 3);
        assert_eq!(shown[0].text, format!("…{}", "ä".repeat(LEAD_CHARS)));
        assert_eq!(shown[1], parts[1]);
        let rest = MOST_CHARS - LEAD_CHARS - 4;
        assert_eq!(shown[2].text, format!("{}…", "z".repeat(rest)));
    }

    #[test]
    fn what_just_fits_is_not_said_to_go_on() {
        let parts = [part("exam", true), part(&"z".repeat(MOST_CHARS - 4), false)];
        assert_eq!(excerpt(&parts), parts);
    }
}
