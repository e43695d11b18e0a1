//! What somebody searches, and whether a text has it.

use std::ops::Range;

use super::{
    letters,
    terms::{Unit, cut, pairs, units},
};
use crate::model::{MarkedPart, limits::SEARCH_TERMS};

/// From so many letters on the last word may be the beginning of one: it may still be written.
const PREFIX_CHARS: usize = 3;

/// Words and runs of letters, all of which a text must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Word(String),
    Beginning(String),
    Run(String),
}

/// What the index is asked for: a term, or what terms begin with. In no term are blanks, quotes or signs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The term.
    pub text: String,
    /// Whether it is a beginning.
    pub is_prefix: bool,
}

impl Wanted {
    /// Nothing is wanted where the text has neither letters nor digits.
    pub fn of(text: &str) -> Option<Self> {
        let letters = letters(text);
        let mut parts = Vec::new();
        for unit in units(&letters) {
            let is_open = unit.at.end == letters.len();
            let part = Part::of(unit, is_open);
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        (!parts.is_empty()).then_some(Self { parts })
    }

    /// Terms that every text has which has what is wanted; at most [`SEARCH_TERMS`], the longest.
    pub fn terms(&self) -> Vec<Term> {
        let mut terms: Vec<Term> = self.parts.iter().flat_map(Part::terms).collect();
        terms.sort_by_key(|term| std::cmp::Reverse(term.text.chars().count()));
        terms.dedup();
        terms.truncate(SEARCH_TERMS);
        terms
    }

    /// The text in parts, with what was found marked; none where it has not all of what is wanted.
    pub fn found_in(&self, text: &str) -> Option<Vec<MarkedPart>> {
        let letters = letters(text);
        let units = units(&letters);
        let mut places = Vec::new();
        for part in &self.parts {
            let before = places.len();
            units.iter().for_each(|unit| part.places(unit, &mut places));
            if places.len() == before {
                return None;
            }
        }
        let in_text = |place: Range<usize>| {
            let (first, last) = (letters.get(place.start)?, letters.get(place.end - 1)?);
            Some(first.from.start..last.from.end)
        };
        Some(marked(
            text,
            places.into_iter().filter_map(in_text).collect(),
        ))
    }
}

impl Part {
    fn of(unit: Unit, is_open: bool) -> Self {
        if unit.is_run {
            Self::Run(unit.text)
        } else if is_open && unit.text.chars().count() >= PREFIX_CHARS {
            Self::Beginning(unit.text)
        } else {
            Self::Word(unit.text)
        }
    }

    fn terms(&self) -> Vec<Term> {
        let whole = |text: &str, is_prefix| {
            vec![Term {
                text: cut(text),
                is_prefix,
            }]
        };
        match self {
            Self::Word(word) => whole(word, false),
            Self::Beginning(word) => whole(word, true),
            Self::Run(run) if run.chars().nth(1).is_none() => whole(run, true),
            Self::Run(run) => pairs(run)
                .map(|text| Term {
                    text,
                    is_prefix: false,
                })
                .collect(),
        }
    }

    /// Where it stands in a unit, by its letters.
    fn places(&self, unit: &Unit, places: &mut Vec<Range<usize>>) {
        let start = unit.at.start;
        match self {
            Self::Word(word) if !unit.is_run && *word == unit.text => {
                places.push(unit.at.clone());
            }
            Self::Beginning(word) if !unit.is_run && unit.text.starts_with(word) => {
                places.push(start..start + word.chars().count());
            }
            Self::Run(run) if unit.is_run => {
                for (byte, _) in unit.text.match_indices(run.as_str()) {
                    let before = unit.text.get(..byte).unwrap_or_default().chars().count();
                    places.push(start + before..start + before + run.chars().count());
                }
            }
            _ => {}
        }
    }
}

/// The text cut at these places, which may overlap.
fn marked(text: &str, mut places: Vec<Range<usize>>) -> Vec<MarkedPart> {
    places.sort_by_key(|place| (place.start, place.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for place in places {
        match joined.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => joined.push(place),
        }
    }
    let (mut parts, mut at) = (Vec::new(), 0);
    for place in joined {
        push_part(&mut parts, text.get(at..place.start), false);
        push_part(&mut parts, text.get(place.clone()), true);
        at = place.end;
    }
    push_part(&mut parts, text.get(at..), false);
    parts
}

fn push_part(parts: &mut Vec<MarkedPart>, text: Option<&str>, is_match: bool) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        parts.push(MarkedPart {
            text: text.to_owned(),
            is_match,
        });
    }
}
