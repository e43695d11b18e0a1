//! What the page is rendered by: language, appearance, and the server's clock.
//!
//! The server provides [`Prefs`] as a context before it renders; the browser reads them back from `<html>`, where the
//! shell wrote them. So both render the same.

use super::i18n;
use crate::{
    browser::page,
    model::{Colour, Timestamp},
};

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// All of them, in the order of the menu.
pub const THEMES: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

/// The cookie that keeps the choice.
pub const THEME_COOKIE: &str = "theme";

impl Theme {
    /// The word in the cookie and in `data-theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that word; any other word is the system's choice.
    pub fn parse(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// What the page is rendered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefs {
    /// BCP 47 tag: the user's language, else the best of `Accept-Language`.
    pub language: String,
    /// From the cookie `theme`.
    pub theme: Theme,
    /// The server's clock when the page was made: what "today" means until the page is alive.
    pub now: Timestamp,
    /// The school's colour, where it has one of its own: for the document around the app alone.
    pub accent: Option<Colour>,
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            language: "en".to_owned(),
            theme: Theme::System,
            now: Timestamp(0),
            accent: None,
        }
    }
}

impl Prefs {
    /// The preferences that the shell wrote into `<html>`.
    pub fn of_page() -> Self {
        let attribute = |name| page::root_attribute(name).unwrap_or_default();
        Self {
            language: attribute("lang"),
            theme: Theme::parse(&attribute("data-theme")),
            now: Timestamp(attribute("data-now").parse().unwrap_or_default()),
            accent: None,
        }
    }

    /// The language of the catalogue that serves this reader.
    pub fn locale(&self) -> i18n::Locale {
        i18n::locale_of(&self.language)
    }
}

/// Shows the page in this theme from now on, and keeps the choice for a year.
pub fn choose(theme: Theme) {
    page::set_root_attribute("data-theme", theme.as_str());
    page::set_cookie(THEME_COOKIE, theme.as_str());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_read_back_from_its_word() {
        for theme in THEMES {
            assert_eq!(Theme::parse(theme.as_str()), theme);
        }
        assert_eq!(Theme::parse("neon"), Theme::System);
    }
}
