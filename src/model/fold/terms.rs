//! A folded text in units: words where words stand apart, runs of letters where they do not (Chinese, Japanese, Korean,
//! Thai and its neighbours). A run is indexed by its overlapping pairs, so that any part of it is found.

use std::{collections::BTreeSet, ops::Range};

use unicode_normalization::char::canonical_combining_class;

use super::{Letter, letters};

/// Of a longer word so much is indexed.
const TERM_CHARS: usize = 40;

/// What stands between separators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) text: String,
    /// Whether its words do not stand apart.
    pub(super) is_run: bool,
    /// Where its letters stand in the list of all.
    pub(super) at: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Separator,
    Word,
    Run,
}

/// The units of a text, in their order.
pub(super) fn units(letters: &[Letter]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut last = Kind::Separator;
    for (at, letter) in letters.iter().enumerate() {
        let kind = kind(letter.folded, last);
        match units.last_mut() {
            _ if kind == Kind::Separator => {}
            Some(unit) if kind == last => {
                unit.text.push(letter.folded);
                unit.at.end = at + 1;
            }
            _ => units.push(Unit {
                text: letter.folded.to_string(),
                is_run: kind == Kind::Run,
                at: at..at + 1,
            }),
        }
        last = kind;
    }
    units
}

/// A mark is what its letter is.
fn kind(c: char, last: Kind) -> Kind {
    if c.is_ascii() {
        return if c.is_ascii_alphanumeric() {
            Kind::Word
        } else {
            Kind::Separator
        };
    }
    if is_written_in_runs(c) {
        Kind::Run
    } else if canonical_combining_class(c) != 0 && last != Kind::Separator {
        last
    } else if c.is_alphanumeric() {
        Kind::Word
    } else {
        Kind::Separator
    }
}

/// Thai, Lao, Tibetan and Burmese; Khmer; Kana and Bopomofo; Han; Hangul.
fn is_written_in_runs(c: char) -> bool {
    let in_block = matches!(u32::from(c),
        0xe00..=0x109f | 0x1100..=0x11ff | 0x1780..=0x17ff | 0x3005..=0x3007 | 0x3040..=0x31ff | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0x20000..=0x323af);
    in_block && (c.is_alphanumeric() || canonical_combining_class(c) != 0 || is_thai_sign(c))
}

/// Signs over Thai letters that are neither letters nor marks of a class.
fn is_thai_sign(c: char) -> bool {
    matches!(c, '\u{e46}'..='\u{e4e}')
}

/// What a message is found by: its words, and the pairs of its runs, each once.
pub fn index_terms(text: &str) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for unit in units(&letters(text)) {
        if unit.is_run {
            // The last letter by itself, so that each begins a term.
            terms.extend(pairs(&unit.text));
            terms.extend(unit.text.chars().last().map(String::from));
        } else {
            terms.insert(cut(&unit.text));
        }
    }
    terms
}

pub(super) fn cut(word: &str) -> String {
    word.chars().take(TERM_CHARS).collect()
}

pub(super) fn pairs(run: &str) -> impl Iterator<Item = String> {
    let seconds = run.chars().skip(1);
    run.chars()
        .zip(seconds)
        .map(|(first, second)| [first, second].iter().collect())
}
