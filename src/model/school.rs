//! What a school decides about itself in the app: its name, its logo, its colour, and its policy.

use serde::{Deserialize, Serialize};

use super::{Policy, WireError, colour::Colour};

/// Longest name, in characters.
pub const SCHOOL_NAME_CHARS: usize = 100;

/// Largest logo, in bytes.
pub const LOGO_BYTES: usize = 256 * 1024;

/// How the school looks. What is absent is as the settings file says, or as it comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Look {
    /// Its name.
    pub name: Option<String>,
    /// Its colour.
    pub accent: Option<Colour>,
    /// The hash of its logo, which is its name in the address.
    pub logo: Option<String>,
}

/// All of it, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchoolState {
    /// Grows with every change.
    pub rev: i64,
    /// How it looks.
    pub look: Look,
    /// What it allows.
    pub policy: Policy,
}

/// The name as it is kept; none: the settings file's. Errors: `invalid` on `name`.
pub fn checked_name(name: &str) -> Result<Option<String>, WireError> {
    let name = name.trim();
    let is_control = |c: char| c.is_control();
    if name.chars().count() > SCHOOL_NAME_CHARS || name.chars().any(is_control) {
        let problem = format!("At most {SCHOOL_NAME_CHARS} characters, on one line.");
        return Err(WireError::field("name", problem));
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

/// The colour as it is kept; none: as it comes. Errors: `invalid` on `accent`.
pub fn checked_accent(accent: &str) -> Result<Option<Colour>, WireError> {
    let accent = accent.trim();
    if accent.is_empty() {
        return Ok(None);
    }
    let colour = Colour::of(accent);
    let colour = colour.ok_or_else(|| WireError::field("accent", "It is written #rrggbb."))?;
    Ok(Some(colour))
}

/// What kind of picture this is, by its first bytes; none: none that is shown here.
pub fn picture_kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_or_none() {
        assert_eq!(
            checked_name("  Hill School "),
            Ok(Some("Hill School".into()))
        );
        assert_eq!(checked_name("   "), Ok(None));
        assert!(checked_name(&"x".repeat(SCHOOL_NAME_CHARS)).is_ok());
        assert!(checked_name(&"x".repeat(SCHOOL_NAME_CHARS + 1)).is_err());
        assert!(checked_name("two\nlines").is_err());
    }

    #[test]
    fn a_picture_is_known_by_what_is_in_it() {
        assert_eq!(picture_kind(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(picture_kind(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(picture_kind(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [
            &b"<svg xmlns="[..],
            b"RIFF\0\0\0\0WAVE",
            b"GIF89a",
            b"",
            b"\x89PN",
        ] {
            assert_eq!(picture_kind(other), None);
        }
    }
}
