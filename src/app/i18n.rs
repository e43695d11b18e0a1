//! The one catalogue of texts: `locales/*.json`, compiled in.
//!
//! A text is asked for by its key and the page's language, without a context provider: `text!(t, composer.send)`,
//! `text!(t, typing.one, name = name)`. [`use_locale`] reads the language once, when a component is made; event
//! handlers capture it, since they run outside of the reactive tree.

use leptos::prelude::*;

use super::prefs::Prefs;

#[expect(
    missing_docs,
    unused_imports,
    dead_code,
    clippy::expect_used,
    clippy::new_ret_no_self,
    clippy::wrong_self_convention,
    reason = "generated from the catalogue"
)]
mod catalogue {
    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}

pub use catalogue::i18n::Locale;

/// A text of the catalogue as a `String`.
macro_rules! text {
    ($locale:expr, $($key_and_values:tt)+) => {
        ::std::string::ToString::to_string(&::leptos_i18n::td_string!($locale, $($key_and_values)+))
    };
}
pub(crate) use text;

/// The language of the page being made.
pub fn use_locale() -> Locale {
    use_context::<Prefs>().map_or(Locale::en, |prefs| locale_of(&prefs.language))
}

/// The nearest language the catalogue has: by the primary subtag, else English.
pub fn locale_of(language: &str) -> Locale {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    match primary.to_ascii_lowercase().as_str() {
        "de" => Locale::de,
        "ar" => Locale::ar,
        _ => Locale::en,
    }
}

/// The language's BCP 47 tag, for `<html lang>`.
pub fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en",
        Locale::de => "de",
        Locale::ar => "ar",
    }
}

/// The direction of its writing, for `<html dir>`.
pub fn direction(locale: Locale) -> &'static str {
    match locale {
        Locale::ar => "rtl",
        Locale::en | Locale::de => "ltr",
    }
}

/// What a language is called; its tag where the catalogue has no name for it.
pub fn language_name(t: Locale, tag: &str) -> String {
    match tag.split(['-', '_']).next() {
        Some("en") => text!(t, language.en),
        Some("de") => text!(t, language.de),
        Some("ar") => text!(t, language.ar),
        _ => tag.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_a_name_in_the_readers_language() {
        assert_eq!(language_name(Locale::en, "de"), "German");
        assert_eq!(language_name(Locale::de, "de-AT"), "Deutsch");
        assert_eq!(language_name(Locale::ar, "ar"), "العربية");
        assert_eq!(language_name(Locale::en, "tlh"), "tlh");
        for tag in [Locale::en, Locale::de, Locale::ar].map(tag) {
            assert_ne!(language_name(Locale::en, tag), tag);
        }
    }

    #[test]
    fn a_language_is_found_by_its_primary_subtag() {
        assert_eq!(locale_of("de-AT"), Locale::de);
        assert_eq!(locale_of("AR"), Locale::ar);
        assert_eq!(locale_of("tlh"), Locale::en);
        assert_eq!(locale_of(""), Locale::en);
    }
}
