//! "Did you mean …?"

/// How many edits still look like a slip, at most, and one edit for so many characters.
const MOST_EDITS: usize = 4;
const CHARS_PER_EDIT: usize = 4;

/// The known word that was most likely meant: the same key in another table, else the one with the fewest slips.
pub(super) fn closest<'a>(
    word: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    known
        .clone()
        .find(|candidate| is_same_key(word, candidate))
        .or_else(|| by_edits(word, known))
}

/// As the end of a problem: `; did you mean x?`, or nothing.
pub(super) fn hint<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    closest(word, known).map_or_else(String::new, |meant| format!("; did you mean {meant}?"))
}

fn by_edits<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = (word.len() / CHARS_PER_EDIT).clamp(1, MOST_EDITS);
    known
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(edits, _)| *edits <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether only the table differs: `heartbeat_seconds`, `QUAD_HEARTBEAT_SECONDS`.
fn is_same_key(word: &str, candidate: &str) -> bool {
    match word.strip_prefix("QUAD_") {
        Some(key) => key.contains('_') && candidate.ends_with(&format!("_{key}")),
        None => word.rsplit('.').next() == candidate.rsplit('.').next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = [
        "addr",
        "limits.heartbeat_seconds",
        "QUAD_ADDR",
        "QUAD_LIMITS_HEARTBEAT_SECONDS",
    ];

    fn meant(word: &str) -> Option<&'static str> {
        closest(word, KNOWN.into_iter())
    }

    #[test]
    fn slips_and_forgotten_tables_are_understood() {
        assert_eq!(meant("adr"), Some("addr"));
        assert_eq!(meant("adrr"), Some("addr"));
        assert_eq!(meant("QUAD_ADRR"), Some("QUAD_ADDR"));
        assert_eq!(meant("heartbeat_seconds"), Some("limits.heartbeat_seconds"));
        assert_eq!(
            meant("limit.heartbeat_seconds"),
            Some("limits.heartbeat_seconds")
        );
        assert_eq!(
            meant("QUAD_HEARTBEAT_SECONDS"),
            Some("QUAD_LIMITS_HEARTBEAT_SECONDS")
        );
        assert_eq!(meant("QUAD_COLOUR_OF_THE_DOOR"), None);
    }
}
