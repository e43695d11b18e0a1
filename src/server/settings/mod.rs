//! The server's settings: read once at start, checked whole, then passed on as a plain struct.
//!
//! Three layers, the later wins: the defaults in [`table`], the settings file (`Leptos.toml`, or what `QUAD_CONFIG`
//! names), the `QUAD_*` variables. An empty value counts as absent in every layer. Every mistake of every layer is
//! reported at once, an unknown name included, and the server refuses to start: a setting that is silently ignored is
//! found out on the worst day.
//!
//! To add a setting: a row in [`table`], a field in [`Settings`], a line in [`Settings::load`] with its reader from
//! `parse`, and its default with one line of explanation in `Leptos.toml` (a test compares the two). Desks are tables of
//! their own, any number of them, in the file alone: `desks`.
//!
//! Owns: names, defaults, precedence, validation, masking. Must not know: anything else of the server.

mod desks;
mod file;
mod hours;
mod layers;
mod leptos_options;
mod mistake;
mod origin;
pub mod parse;
pub mod report;
mod secret;
mod source;
mod suggest;
pub mod table;
#[cfg(test)]
mod tests;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use ipnet::IpNet;
use leptos::config::LeptosOptions;
use secrecy::SecretString;

use self::layers::Layers;
pub use self::{
    mistake::{Mistake, Mistakes, Origin},
    origin::PublicUrl,
    parse::{MessageRate, Registration},
    source::Source,
};
use crate::model::{Desks, Limits};

/// Everything the server is told from outside. Each field's name, variable and default stand in [`table`].
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the server listens.
    pub addr: SocketAddr,
    /// The database: `sqlite://…` or `postgres://…`. May hold a password.
    pub database_url: SecretString,
    /// The folder of files and of the secrets made at first start.
    pub data_dir: PathBuf,
    /// The file whose text signs access tokens; none: one that is made in the data folder.
    pub jwt_secret_file: Option<PathBuf>,
    /// Whether people may make accounts for themselves.
    pub registration: Registration,
    /// The origin that browsers see; none: whatever `Host` says.
    pub public_url: Option<PublicUrl>,
    /// Further origins whose pages may talk to this server, normalised.
    pub allowed_origins: Vec<String>,
    /// Proxies whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How much one user may send.
    pub message_rate: MessageRate,
    /// Limits that the client knows as well.
    pub limits: Limits,
    /// The school.
    pub school: SchoolSettings,
    /// Whom support conversations are with.
    pub desks: Arc<Desks>,
    /// What is logged, and how.
    pub log: LogSettings,
    /// What Leptos reads from the same file; its `site_addr` is [`Settings::addr`].
    pub leptos: LeptosOptions,
}

/// What is the school's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolSettings {
    /// Its name, as the pages show it.
    pub name: String,
    /// BCP 47 tag; new accounts start with it.
    pub language: String,
    /// IANA name; new accounts start with it.
    pub time_zone: String,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// Directives of `tracing_subscriber`'s `EnvFilter`, such as `info,quad=debug`.
    pub filter: String,
    /// One JSON object a line instead of text.
    pub json: bool,
}

impl Settings {
    /// Reads and checks all layers.
    ///
    /// Errors: every mistake found, not only the first.
    pub fn load(source: &Source) -> Result<Self, Mistakes> {
        let mut layers = Layers::read(source);
        let settings = read(&mut layers);
        match settings {
            Some(settings) if layers.mistakes.is_empty() => Ok(settings),
            _ => Err(Mistakes(layers.mistakes)),
        }
    }
}

/// Reads every setting before giving up on any, so that all mistakes are found.
fn read(layers: &mut Layers<'_>) -> Option<Settings> {
    let addr = layers.get(&table::ADDR, parse::addr);
    let data_dir = layers.get(&table::DATA_DIR, parse::folder);
    let jwt_secret_file = layers.get(&table::JWT_SECRET_FILE, parse::optional_file);
    let registration = layers.get(&table::REGISTRATION, parse::registration);
    let database_url = layers.get(&table::DATABASE_URL, parse::database_url);
    let public_url = layers.get(&table::PUBLIC_URL, origin::optional);
    let allowed_origins = layers.get(&table::ALLOWED_ORIGINS, origin::list);
    let trusted_proxies = layers.get(&table::TRUSTED_PROXIES, parse::networks);
    let message_rate = layers.get(&table::MESSAGE_RATE, parse::message_rate);
    let limits = limits(layers);
    let school = school(layers);
    let log = log(layers);
    let leptos = layers.leptos();
    let addr = addr?;
    let mut leptos = leptos?;
    leptos.site_addr = addr;
    Some(Settings {
        addr,
        database_url: database_url?,
        data_dir: data_dir?,
        jwt_secret_file: jwt_secret_file?,
        registration: registration?,
        public_url: public_url?,
        allowed_origins: allowed_origins?,
        trusted_proxies: trusted_proxies?,
        message_rate: message_rate?,
        limits: limits?,
        school: school?,
        desks: Arc::new(layers.desks().clone()),
        log: log?,
        leptos,
    })
}

fn limits(layers: &mut Layers<'_>) -> Option<Limits> {
    let message_chars = layers.get(&table::MESSAGE_CHARS, parse::message_chars);
    let edit_ms = layers.get(&table::EDIT_SECONDS, parse::seconds_as_ms);
    let typing_ms = layers.get(&table::TYPING_SECONDS, parse::seconds_as_ms);
    let heartbeat_ms = layers.get(&table::HEARTBEAT_SECONDS, parse::seconds_as_ms);
    let timeout_ms = layers.get(&table::TIMEOUT_SECONDS, parse::seconds_as_ms);
    if let (Some(heartbeat_ms), Some(timeout_ms)) = (heartbeat_ms, timeout_ms)
        && timeout_ms <= heartbeat_ms
    {
        layers.mistake(
            &table::TIMEOUT_SECONDS,
            "must be more than limits.heartbeat_seconds, or every quiet connection would be closed",
        );
    }
    Some(Limits {
        message_chars: message_chars?,
        edit_ms: edit_ms?,
        typing_ms: typing_ms?,
        heartbeat_ms: heartbeat_ms?,
        timeout_ms: timeout_ms?,
    })
}

fn school(layers: &mut Layers<'_>) -> Option<SchoolSettings> {
    let name = layers.get(&table::SCHOOL_NAME, parse::school_name);
    let language = layers.get(&table::SCHOOL_LANGUAGE, parse::language);
    let time_zone = layers.get(&table::SCHOOL_TIME_ZONE, parse::time_zone);
    Some(SchoolSettings {
        name: name?,
        language: language?,
        time_zone: time_zone?,
    })
}

fn log(layers: &mut Layers<'_>) -> Option<LogSettings> {
    let filter = layers.get(&table::LOG_FILTER, parse::log_filter);
    let json = layers.get(&table::LOG_JSON, parse::switch);
    Some(LogSettings {
        filter: filter?,
        json: json?,
    })
}
