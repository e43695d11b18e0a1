//! What was typed, and how well a name answers it.

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Rooms and people.
    Any,
    /// Rooms alone, after `#`.
    Rooms,
    /// People alone, after `@`.
    People,
    /// Messages, after `?`.
    Messages,
}

/// The kind, and what stands behind its sign.
pub fn asked(text: &str) -> (Kind, &str) {
    let text = text.trim_start();
    let mut chars = text.chars();
    let kind = match chars.next() {
        Some('#') => Kind::Rooms,
        Some('@') => Kind::People,
        Some('?' | '؟') => Kind::Messages,
        _ => return (Kind::Any, text.trim_end()),
    };
    (kind, chars.as_str().trim())
}

/// How well a name answers what was typed: the lower, the better; none: not at all. At the beginning of the name, at the
/// beginning of a word, inside one, or with other letters between.
pub fn fit(typed: &str, name: &str) -> Option<u8> {
    let (typed, name) = (typed.to_lowercase(), name.to_lowercase());
    if name.starts_with(&typed) {
        return Some(0);
    }
    let starts_word = |at: usize| {
        let before = name.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric())
    };
    let mut places = name.match_indices(&typed).map(|(at, _)| at).peekable();
    if places.peek().is_some() {
        return Some(if places.any(starts_word) { 1 } else { 2 });
    }
    let mut letters = name.chars();
    let is_spread = typed
        .chars()
        .filter(|c| !c.is_whitespace())
        .all(|wanted| letters.any(|letter| letter == wanted));
    is_spread.then_some(3)
}

/// The best `most` of them, in the order of how well they fit; among equals what is unread first, then as they came.
pub fn best<T>(
    typed: &str,
    all: impl IntoIterator<Item = T>,
    most: usize,
    name: impl Fn(&T) -> String,
    is_unread: impl Fn(&T) -> bool,
) -> Vec<T> {
    let mut fitting: Vec<(u8, bool, T)> = all
        .into_iter()
        .filter_map(|one| Some((fit(typed, &name(&one))?, !is_unread(&one), one)))
        .collect();
    // Nothing typed: everything fits alike, and the last come first.
    if !typed.is_empty() {
        fitting.sort_by_key(|(fit, is_read, _)| (*fit, *is_read));
    }
    fitting.truncate(most);
    fitting.into_iter().map(|(.., one)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_says_what_is_looked_for() {
        assert_eq!(asked(" math "), (Kind::Any, "math"));
        assert_eq!(asked("# math"), (Kind::Rooms, "math"));
        assert_eq!(asked("@ana"), (Kind::People, "ana"));
        assert_eq!(asked("? exam room"), (Kind::Messages, "exam room"));
        assert_eq!(asked("؟ امتحان"), (Kind::Messages, "امتحان"));
        assert_eq!(asked(""), (Kind::Any, ""));
    }

    #[test]
    fn beginnings_fit_best_and_letters_may_stand_apart() {
        assert_eq!(fit("", "Algebra"), Some(0));
        assert_eq!(fit("alg", "Algebra"), Some(0));
        assert_eq!(fit("fri", "Chess on Friday"), Some(1));
        assert_eq!(fit("bra", "Algebra"), Some(2));
        assert_eq!(fit("chfr", "Chess on Friday"), Some(3));
        assert_eq!(fit("frch", "Chess on Friday"), None);
        assert_eq!(fit("ÄPF", "äpfel"), Some(0));
    }

    #[test]
    fn the_best_come_first_and_the_unread_among_equals() {
        let rooms = [("Old maths", false), ("Maths 7", false), ("Maths 8", true)];
        let best = |typed: &str, most| -> Vec<&str> {
            let found = best(typed, rooms, most, |room| room.0.to_owned(), |room| room.1);
            found.into_iter().map(|room| room.0).collect()
        };
        assert_eq!(best("maths", 9), ["Maths 8", "Maths 7", "Old maths"]);
        assert_eq!(best("maths", 1), ["Maths 8"]);
        // Nothing typed: as they came.
        assert_eq!(best("", 9), ["Old maths", "Maths 7", "Maths 8"]);
        assert!(best("physics", 9).is_empty());
    }
}
