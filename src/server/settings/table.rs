//! The one list of settings: loading, `quad settings check` and the command line's help all go by it.

/// A setting as one may write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key below `[quad]` in the settings file, with dots between tables.
    pub name: &'static str,
    /// Its environment variable.
    pub env: &'static str,
    /// What holds without either; empty: not set.
    pub default: &'static str,
    /// One line that says what it does, in which unit.
    pub about: &'static str,
}

macro_rules! settings {
    ($($id:ident = $name:literal, $env:literal, $default:literal, $about:literal;)+) => {
        $(
            #[doc = concat!("`", $name, "` below `[quad]`, or `", $env, "`.")]
            pub const $id: Setting = Setting { name: $name, env: $env, default: $default, about: $about };
        )+

        /// Every setting, in the order in which people are shown them.
        pub const ALL: &[Setting] = &[$($id),+];
    };
}

settings! {
    ADDR = "addr", "QUAD_ADDR", "127.0.0.1:3000",
        "Address and port to listen on.";
    PUBLIC_URL = "public_url", "QUAD_PUBLIC_URL", "",
        "The address people open, such as https://chat.example.org; with https, cookies are Secure.";
    ALLOWED_ORIGINS = "allowed_origins", "QUAD_ALLOWED_ORIGINS", "",
        "Further origins whose pages may use this server, with commas between.";
    TRUSTED_PROXIES = "trusted_proxies", "QUAD_TRUSTED_PROXIES", "",
        "Addresses or networks of proxies whose forwarding headers are believed, with commas between.";
    DATA_DIR = "data_dir", "QUAD_DATA_DIR", "data",
        "The folder for files, secrets and, unless told otherwise, the database.";
    JWT_SECRET_FILE = "jwt_secret_file", "QUAD_JWT_SECRET_FILE", "",
        "A file whose text signs access tokens, at least 32 characters; by default one is made in data_dir.";
    REGISTRATION = "registration", "QUAD_REGISTRATION", "closed",
        "Whether people may make a student's account for themselves: open or closed.";
    DATABASE_URL = "database.url", "QUAD_DATABASE_URL", "sqlite://data/quad.db",
        "sqlite://… or postgres://…; by default quad.db in data_dir. A password in it belongs in the variable only.";
    MESSAGE_RATE = "message_rate", "QUAD_MESSAGE_RATE", "120/40",
        "Messages a minute and user, and after a slash how many at once (else 40, or fewer); 0: no limit.";
    MESSAGE_CHARS = "limits.message_chars", "QUAD_LIMITS_MESSAGE_CHARS", "1000",
        "Longest message, in characters (1 to 20000).";
    EDIT_SECONDS = "limits.edit_seconds", "QUAD_LIMITS_EDIT_SECONDS", "300",
        "How long one may delete a message of one's own, in seconds.";
    TYPING_SECONDS = "limits.typing_seconds", "QUAD_LIMITS_TYPING_SECONDS", "3",
        "How long a typing sign is shown, in seconds.";
    HEARTBEAT_SECONDS = "limits.heartbeat_seconds", "QUAD_LIMITS_HEARTBEAT_SECONDS", "30",
        "A quiet connection gives a sign of life this often, in seconds.";
    TIMEOUT_SECONDS = "limits.timeout_seconds", "QUAD_LIMITS_TIMEOUT_SECONDS", "60",
        "A connection silent for this long is closed, in seconds; more than the heartbeat.";
    SCHOOL_NAME = "school.name", "QUAD_SCHOOL_NAME", "Quad",
        "The school's name, as the pages show it.";
    SCHOOL_LANGUAGE = "school.language", "QUAD_SCHOOL_LANGUAGE", "en",
        "Language of new accounts: en, de or ar.";
    SCHOOL_TIME_ZONE = "school.time_zone", "QUAD_SCHOOL_TIME_ZONE", "UTC",
        "Time zone of new accounts, such as Europe/Berlin.";
    LOG_FILTER = "log.filter", "QUAD_LOG", "info",
        "What is logged: a level, or directives such as info,quad=debug.";
    LOG_JSON = "log.json", "QUAD_LOG_JSON", "false",
        "Log one JSON object a line: true or false.";
}

/// Variables that begin with `QUAD_` and are not settings: where the settings file is, and what builds and tests use.
const OTHER_VARIABLES: [&str; 3] = ["QUAD_CONFIG", "QUAD_CACHE", "QUAD_CHROMIUM"];

/// Whether a variable with this name may be there.
pub(super) fn knows_variable(name: &str) -> bool {
    name.starts_with("QUAD_TEST_")
        || OTHER_VARIABLES.contains(&name)
        || ALL.iter().any(|setting| setting.env == name)
}
