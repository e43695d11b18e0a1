//! From text to value, one function a type. Errors are the rest of a sentence about the setting, made to be read by
//! the person who wrote it.

use std::{net::SocketAddr, ops::RangeInclusive, path::PathBuf, str::FromStr};

use ipnet::IpNet;
use secrecy::SecretString;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use super::suggest;

/// The languages that the interface is there in, as BCP 47 tags.
pub const LANGUAGES: [&str; 3] = ["en", "de", "ar"];

const DEFAULT_BURST: u32 = 40;
/// A quiet connection is still one after this many seconds, at most.
const SECONDS: RangeInclusive<u32> = 1..=3600;
const MS_PER_SECOND: u32 = 1000;
/// One message must fit a socket frame, also as four bytes a character.
const MESSAGE_CHARS: RangeInclusive<usize> = 1..=20_000;
const SCHOOL_NAME_CHARS: usize = 100;
const DATABASES: [&str; 3] = ["sqlite://", "postgres://", "postgresql://"];
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// How much one user may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageRate {
    /// Messages a minute; 0: no limit.
    pub per_minute: u32,
    /// Messages at once.
    pub burst: u32,
}

/// Whether people may make accounts for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Whoever comes may make a student's account.
    Open,
    /// Accounts are made by the school alone.
    Closed,
}

impl Registration {
    /// Whether whoever comes may make an account.
    pub fn is_open(self) -> bool {
        self == Self::Open
    }
}

pub(super) fn registration(text: &str) -> Result<Registration, String> {
    match text {
        "open" => Ok(Registration::Open),
        "closed" => Ok(Registration::Closed),
        _ => Err(format!("{text:?} is not open or closed")),
    }
}

pub(super) fn addr(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("{text:?} is not an address with a port, such as 127.0.0.1:3000 or [::]:3000")
    })
}

pub(super) fn folder(text: &str) -> Result<PathBuf, String> {
    if text.contains('\0') {
        return Err("holds a NUL character".to_owned());
    }
    Ok(PathBuf::from(text))
}

pub(super) fn optional_file(text: &str) -> Result<Option<PathBuf>, String> {
    match text {
        "" => Ok(None),
        text => folder(text).map(Some),
    }
}

/// Never repeats the text: it may hold a password.
pub(super) fn database_url(text: &str) -> Result<SecretString, String> {
    let rest = DATABASES
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    match rest {
        None => Err("must start with sqlite:// or postgres://".to_owned()),
        Some("") => Err("names no database after its scheme".to_owned()),
        Some(_) => Ok(SecretString::from(text)),
    }
}

pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    list(text, |item| {
        let address = item.parse::<std::net::IpAddr>().map(IpNet::from);
        item.parse::<IpNet>().or(address).map_err(|_| {
            format!("{item:?} is not an address or a network, such as 10.0.0.5 or 10.0.0.0/8")
        })
    })
}

/// `120` or `120/40`: messages a minute, and how many of them at once. Alone, bursts are 40, or a minute's worth where
/// that is fewer.
pub(super) fn message_rate(text: &str) -> Result<MessageRate, String> {
    let problem =
        || format!("{text:?} is not a number of messages a minute, such as 120 or 120/40");
    let (per_minute, burst) = match text.split_once('/') {
        Some((per_minute, burst)) => (per_minute, Some(burst)),
        None => (text, None),
    };
    let per_minute: u32 = per_minute.trim().parse().map_err(|_| problem())?;
    let burst = match burst {
        Some(burst) => burst.trim().parse().map_err(|_| problem())?,
        None => per_minute.min(DEFAULT_BURST),
    };
    if per_minute > 0 && burst == 0 {
        return Err("with bursts of 0 nothing could be sent; 0 alone means no limit".to_owned());
    }
    Ok(MessageRate { per_minute, burst })
}

pub(super) fn message_chars(text: &str) -> Result<usize, String> {
    within(text, &MESSAGE_CHARS)
}

pub(super) fn seconds_as_ms(text: &str) -> Result<u32, String> {
    Ok(within(text, &SECONDS)?.saturating_mul(MS_PER_SECOND))
}

pub(super) fn switch(text: &str) -> Result<bool, String> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}

pub(super) fn school_name(text: &str) -> Result<String, String> {
    line(text, SCHOOL_NAME_CHARS)
}

/// One line of at most `most` characters.
pub(super) fn line(text: &str, most: usize) -> Result<String, String> {
    if text.contains(char::is_control) || text.chars().count() > most {
        return Err(format!("must be one line of at most {most} characters"));
    }
    Ok(text.to_owned())
}

/// One of [`LANGUAGES`].
///
/// Errors: a sentence that names them.
pub fn language(text: &str) -> Result<String, String> {
    if LANGUAGES.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} is not one of {}", LANGUAGES.join(", ")))
}

/// A time zone that the bundled IANA database knows, in that database's spelling.
///
/// Errors: a sentence with a close name, if there is one.
pub fn time_zone(text: &str) -> Result<String, String> {
    let database = jiff::tz::db();
    let zone = database.get(text).ok().filter(|zone| !zone.is_unknown());
    if let Some(name) = zone.as_ref().and_then(|zone| zone.iana_name()) {
        return Ok(name.to_owned());
    }
    let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
    let hint = suggest::hint(text, names.iter().map(String::as_str));
    Err(format!(
        "{text:?} is not a time zone such as Europe/Berlin{hint}"
    ))
}

/// Directives for `EnvFilter`. A single word that is nearly a level is refused: it would silence everything.
pub(super) fn log_filter(text: &str) -> Result<String, String> {
    for word in text.split(',').map(str::trim) {
        let is_level = LevelFilter::from_str(word).is_ok();
        if !is_level && let Some(level) = suggest::closest(word, LEVELS.into_iter()) {
            return Err(format!("{word:?} is not a level; did you mean {level}?"));
        }
    }
    match EnvFilter::builder().parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("{text:?} cannot be read: {error}")),
    }
}

/// Items with commas between; every one that is wrong is told.
pub(super) fn list<T>(
    text: &str,
    item: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let mut values = Vec::new();
    let mut problems = Vec::new();
    for part in text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        match item(part) {
            Ok(value) => values.push(value),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(problems.join("; "))
    }
}

fn within<T>(text: &str, range: &RangeInclusive<T>) -> Result<T, String>
where
    T: FromStr + PartialOrd + std::fmt::Display,
{
    text.parse()
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            format!("{text:?} is not a whole number from {least} to {most}")
        })
}
