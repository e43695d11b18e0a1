//! Sessions: what their owner is shown of them, and which program a device says that it is.

use serde::{Deserialize, Serialize};

use super::{SessionId, Timestamp, word::words};

/// Longest name of a device's program that is kept, in characters.
pub const USER_AGENT_CHARS: usize = 200;

/// What holds the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// A browser, by a cookie.
    Browser,
    /// A program, by a pair of tokens.
    Token,
}

words!(SessionKind { Browser = "browser", Token = "token" });

/// A session, as its owner is shown it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct OwnSession {
    /// The session.
    pub id: SessionId,
    /// What holds it.
    pub kind: SessionKind,
    /// What the device called itself when it signed in; may be empty.
    pub user_agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, give or take a few minutes.
    pub last_used_at: Timestamp,
    /// Whether it is the one that asks.
    #[cfg_attr(feature = "ssr", sqlx(skip))]
    pub is_current: bool,
}

/// What a device calls itself, made fit to be kept: one line of at most [`USER_AGENT_CHARS`] characters.
pub fn tidy_user_agent(text: &str) -> String {
    let printable = text.chars().filter(|c| !c.is_control());
    printable.take(USER_AGENT_CHARS).collect()
}

/// The browser and the system that a `User-Agent` line means, where they are known ones.
pub fn program_of(user_agent: &str) -> (Option<&'static str>, Option<&'static str>) {
    // In this order: each names those before it as what it is compatible with.
    const BROWSERS: [(&str, &str); 10] = [
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("EdgiOS/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let known = |names: &[(&str, &'static str)]| {
        let mut names = names.iter();
        names
            .find(|(sign, _)| user_agent.contains(sign))
            .map(|(_, name)| *name)
    };
    (known(&BROWSERS), known(&SYSTEMS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_is_one_short_line() {
        assert_eq!(tidy_user_agent("a\r\nb\u{1b}[2J\0"), "ab[2J");
        assert_eq!(tidy_user_agent(&"ä".repeat(500)).chars().count(), 200);
    }

    #[test]
    fn the_common_browsers_are_known() {
        let cases = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                (Some("Edge"), Some("Windows")),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
                (Some("Firefox"), Some("Linux")),
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                (Some("Chrome"), Some("Android")),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                (Some("Safari"), Some("iPhone")),
            ),
            ("python-requests/2.32", (None, None)),
            ("", (None, None)),
        ];
        for (user_agent, expected) in cases {
            assert_eq!(program_of(user_agent), expected, "{user_agent}");
        }
    }
}
