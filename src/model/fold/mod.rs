//! What search compares by: a text without what people leave out or write in another way.
//!
//! Compatibility forms become plain ones (full width, ligatures, circled digits), marks go (é, ё, Arabic harakat,
//! Hebrew points), letters become small, and letters that no normal form takes apart but that people write plainly
//! do too (ß, ł, ø, đ). Kept are marks that make another word: the vowels of Indic scripts and Thai, the voicing of
//! Kana. Each piece of the text is folded by itself, so that a place in the folded text is one in the text.
//!
//! [`fold`] is for names, `terms::units` for what is indexed of a message, [`Wanted`] for what is searched.
//! Folding is no identity: two sign-in names may fold to the same, and accounts are never told apart by it.
//! A change of these rules needs a new [`VERSION`].

mod terms;
#[cfg(test)]
mod tests;
mod wanted;

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

pub use terms::index_terms;
pub use wanted::{Term, Wanted};

/// Of these rules: what is kept folded is folded anew where it was folded by others.
pub const VERSION: &str = "1";

/// A text as it is compared.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for cluster in clusters(text) {
        fold_cluster(text.get(cluster).unwrap_or_default(), |c| folded.push(c));
    }
    folded
}

/// A folded letter, and the piece of the text that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Letter {
    folded: char,
    from: Range<usize>,
}

/// The same as [`fold`], letter by letter.
fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len());
    for cluster in clusters(text) {
        let piece = text.get(cluster.clone()).unwrap_or_default();
        fold_cluster(piece, |folded| {
            letters.push(Letter {
                folded,
                from: cluster.clone(),
            });
        });
    }
    letters
}

/// The pieces of a text that are folded together: a letter with its marks, a syllable with its parts.
fn clusters(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = rest.next()?;
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = rest.next_if(|(_, c)| belongs_to_the_one_before(*c)) {
            end = at + c.len_utf8();
        }
        Some(start..end)
    })
}

fn belongs_to_the_one_before(c: char) -> bool {
    // Vowels and finals of Hangul; the marks of narrow Katakana.
    matches!(c, '\u{1160}'..='\u{11ff}' | '\u{ff9e}' | '\u{ff9f}')
        || canonical_combining_class(c) != 0
}

fn fold_cluster(cluster: &str, mut push: impl FnMut(char)) {
    if let (Some(c), true) = (cluster.chars().next(), cluster.len() == 1) {
        return push(c.to_ascii_lowercase());
    }
    let plain = cluster.nfkd().filter(|c| !is_left_out(*c));
    if cluster.nfkd().any(is_part_of_syllable) {
        plain.nfc().for_each(push);
    } else {
        plain
            .flat_map(char::to_lowercase)
            .filter(|c| !is_left_out(*c))
            .for_each(|c| push_plainly(c, &mut push));
    }
}

/// The voicing of Kana, the parts of Hangul: these are put together again.
fn is_part_of_syllable(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309a}' | '\u{1100}'..='\u{11ff}')
}

/// Marks that people leave out, and what shows nothing.
fn is_left_out(c: char) -> bool {
    match canonical_combining_class(c) {
        // 10 to 36: the points of Hebrew, Arabic and Syriac. From 200: what stands over and under other letters.
        10..=36 | 200.. => return true,
        _ => {}
    }
    matches!(c,
        // Soft hyphen, tatweel, Mongolian and other variation selectors, joiners, directions, byte order mark.
        '\u{ad}' | '\u{640}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn push_plainly(c: char, push: &mut impl FnMut(char)) {
    let plain = match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ŋ' => "n",
        'ς' => "σ",
        // Arabic: alef wasla, alef maqsura and Persian yeh, Persian kaf, teh marbuta.
        '\u{671}' => "\u{627}",
        '\u{649}' | '\u{6cc}' => "\u{64a}",
        '\u{6a9}' => "\u{643}",
        '\u{629}' => "\u{647}",
        _ => return push(digit(c)),
    };
    plain.chars().for_each(push);
}

/// Arabic and Persian, Devanagari and Bengali digits as the common ones.
fn digit(c: char) -> char {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{9e6}'..='\u{9ef}' => 0x9e6,
        _ => return c,
    };
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}
