//! What is said in the demo: short exchanges, written as texts, one file a subject or a language.
//!
//! `== name` begins an exchange. `S` and `A` begin a line of the student and of whoever answers; `~` lets it go on
//! another day. ` | ` separates versions of a line: an exchange takes the same version of each, so that they fit. Words
//! in braces are filled in ([`super::slots`]), `\n` is a new line, `#` begins a comment.

use super::talks::Side;

const ENGLISH: [&str; 6] = [
    include_str!("texts/account.txt"),
    include_str!("texts/campus.txt"),
    include_str!("texts/courses.txt"),
    include_str!("texts/exams.txt"),
    include_str!("texts/fees.txt"),
    include_str!("texts/library.txt"),
];

const OTHERS: [(&str, &str); 10] = [
    ("ar", include_str!("texts/ar.txt")),
    ("de", include_str!("texts/de.txt")),
    ("es", include_str!("texts/es.txt")),
    ("fr", include_str!("texts/fr.txt")),
    ("hi", include_str!("texts/hi.txt")),
    ("ja", include_str!("texts/ja.txt")),
    ("pt", include_str!("texts/pt.txt")),
    ("tr", include_str!("texts/tr.txt")),
    ("uk", include_str!("texts/uk.txt")),
    ("zh", include_str!("texts/zh.txt")),
];

const FIRST: &str = include_str!("texts/first.txt");

/// The language of most exchanges.
pub(super) const EN: &str = "en";

/// An exchange: a question, what came of it, and mostly thanks.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) name: &'static str,
    /// The language that it is in.
    pub(super) language: &'static str,
    pub(super) parts: Vec<Part>,
}

/// A line of an exchange.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) side: Side,
    /// Whether it is said on another day than the one before.
    pub(super) is_next_day: bool,
    versions: Vec<&'static str>,
}

impl Part {
    /// What is said in that version of the exchange.
    pub(super) fn version(&self, version: usize) -> &'static str {
        let at = version % self.versions.len().max(1);
        self.versions.get(at).copied().unwrap_or_default()
    }
}

/// The exchanges in English, or those of another language.
pub(super) fn in_language(language: &str) -> Vec<Script> {
    if language == EN {
        let texts = ENGLISH.iter();
        return texts.flat_map(|text| parse(EN, text)).collect();
    }
    let own = OTHERS.iter().find(|(other, _)| *other == language);
    own.map(|(language, text)| parse(language, text))
        .unwrap_or_default()
}

/// An exchange of those that are written for one person.
pub(super) fn named(name: &str) -> Option<Script> {
    parse(EN, FIRST)
        .into_iter()
        .find(|script| script.name == name)
}

fn parse(language: &'static str, text: &'static str) -> Vec<Script> {
    let mut scripts: Vec<Script> = Vec::new();
    let mut is_next_day = false;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("== ") {
            let parts = Vec::new();
            scripts.push(Script {
                name,
                language,
                parts,
            });
        } else if line == "~" {
            is_next_day = true;
        } else if let (Some((side, said)), Some(script)) = (said(line), scripts.last_mut()) {
            script.parts.push(Part {
                side,
                is_next_day: std::mem::take(&mut is_next_day),
                versions: said.split(" | ").collect(),
            });
        }
    }
    scripts
}

fn said(line: &'static str) -> Option<(Side, &'static str)> {
    match line.split_once(' ')? {
        ("S", said) => Some((Side::Student, said)),
        ("A", said) => Some((Side::Agent, said)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_of_the_texts_is_understood() {
        let texts = ENGLISH.iter().chain(OTHERS.iter().map(|(_, text)| text));
        for text in texts.chain([&FIRST]) {
            let kept = text
                .lines()
                .filter(|line| said(line).is_some() && !line.starts_with('#'));
            let parts: usize = parse(EN, text)
                .iter()
                .map(|script| script.parts.len())
                .sum();
            assert_eq!(parts, kept.count());
            for line in text.lines().filter(|line| said(line).is_none()) {
                let is_mark = line.starts_with("== ") || line.starts_with("# ");
                assert!(is_mark || line.is_empty() || line == "~", "{line:?}");
            }
        }
    }

    #[test]
    fn an_exchange_is_a_question_and_an_answer() {
        let others = OTHERS.iter().map(|(language, _)| *language);
        let mut names = BTreeSet::new();
        for script in others.chain([EN]).flat_map(in_language) {
            let sides: Vec<Side> = script.parts.iter().map(|part| part.side).collect();
            assert_eq!(sides.first(), Some(&Side::Student), "{}", script.name);
            assert!(sides.contains(&Side::Agent), "{}", script.name);
            assert!((3..=10).contains(&sides.len()), "{}", script.name);
            assert!(!script.parts[0].is_next_day);
            assert!(names.insert((script.language, script.name)));
        }
        assert!(in_language(EN).len() > 50);
        assert!(in_language("tlh").is_empty());
    }
}
