//! The settings as a whole: precedence, every mistake at once, and what people are shown.

use std::path::Path;

use secrecy::ExposeSecret;

use super::{report::report, *};
use crate::model::{Desk, Desks};

fn load<'a>(file: &str, env: impl IntoIterator<Item = (&'a str, &'a str)>) -> Settings {
    Settings::load(&Source::given(Some(file), env)).unwrap()
}

fn mistakes<'a>(file: &str, env: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    Settings::load(&Source::given(Some(file), env))
        .unwrap_err()
        .to_string()
}

#[test]
fn without_a_file_and_variables_the_defaults_hold() {
    let settings = Settings::load(&Source::given(None, [])).unwrap();
    assert_eq!(settings.addr.to_string(), "127.0.0.1:3000");
    assert_eq!(
        settings.database_url.expose_secret(),
        table::DATABASE_URL.default
    );
    assert_eq!(settings.data_dir, Path::new("data"));
    assert_eq!(settings.public_url, None);
    assert_eq!(settings.jwt_secret_file, None);
    assert_eq!(settings.registration, Registration::Closed);
    assert!(settings.allowed_origins.is_empty() && settings.trusted_proxies.is_empty());
    assert_eq!(
        (
            settings.message_rate.per_minute,
            settings.message_rate.burst
        ),
        (120, 40)
    );
    assert_eq!(settings.limits, Limits::default());
    assert_eq!(settings.school.name, "Quad");
    assert_eq!(settings.school.time_zone, "UTC");
    assert_eq!(
        (settings.log.filter.as_str(), settings.log.json),
        ("info", false)
    );
    assert_eq!(settings.leptos.site_addr, settings.addr);
    assert_eq!(*settings.desks, Desks::default());
}

#[test]
fn desks_stand_in_the_file_and_in_the_report() {
    let file = "[quad.desks.faculty]\ntitle = 'Teachers'\nroles = ['teacher']\npeople = 'head'";
    let settings = load(file, []);
    let faculty = settings.desks.get(&Desk("faculty".into())).unwrap();
    assert_eq!(
        (faculty.title.as_str(), faculty.people.len()),
        ("Teachers", 1)
    );
    let shown = report(&Source::given(Some(file), []));
    assert!(shown.contains("desks.faculty"), "{shown}");
    assert!(shown.contains("answered by teacher, head"), "{shown}");
}

#[test]
fn the_example_of_a_desk_in_the_settings_file_is_one() {
    let text = include_str!("../../../Leptos.toml");
    let example = text.split("\n# [quad.desks.faculty]").nth(1).unwrap();
    let lines = example
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with('#'));
    let lines: Vec<_> = lines.map(|line| line.trim_start_matches("# ")).collect();
    let settings = load(&format!("[quad.desks.faculty]\n{}", lines.join("\n")), []);
    let faculty = settings.desks.get(&Desk("faculty".into())).unwrap();
    assert_eq!(faculty.hours.spans().len(), 9);
}

#[test]
fn a_variable_goes_before_the_file_and_the_file_before_the_default() {
    let file = "[quad]\naddr = '0.0.0.0:1'\nmessage_rate = 60\n[quad.school]\nname = 'Hill'";
    let settings = load(
        file,
        [("QUAD_ADDR", "0.0.0.0:2"), ("QUAD_MESSAGE_RATE", "")],
    );
    assert_eq!(settings.addr.port(), 2);
    assert_eq!(
        settings.message_rate.per_minute, 60,
        "an empty variable is none"
    );
    assert_eq!(settings.school.name, "Hill");
    assert_eq!(settings.school.language, "en");
    assert_eq!(settings.leptos.site_addr.port(), 2);
}

#[test]
fn every_setting_can_be_given_in_the_file() {
    let settings = load(
        "[quad]
         addr = '[::]:8080'
         public_url = 'https://Chat.example.org/'
         allowed_origins = ['https://a.example', 'https://b.example:443']
         trusted_proxies = ['10.0.0.0/8', '::1']
         data_dir = '/srv/quad'
         message_rate = '30/10'
         jwt_secret_file = '/run/secrets/jwt'
         registration = 'open'
         [quad.database]
         url = 'postgres://quad@db/quad'
         [quad.limits]
         message_chars = 500
         typing_seconds = 5
         heartbeat_seconds = 10
         timeout_seconds = 25
         [quad.school]
         name = 'Hill School'
         language = 'de'
         time_zone = 'europe/berlin'
         [quad.log]
         filter = 'warn,quad=debug'
         json = true",
        [],
    );
    assert_eq!(
        settings.public_url,
        Some(PublicUrl {
            origin: "https://chat.example.org".into(),
            is_https: true
        })
    );
    assert_eq!(
        settings.allowed_origins,
        ["https://a.example", "https://b.example"]
    );
    let proxies: Vec<String> = settings
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(proxies, ["10.0.0.0/8", "::1/128"]);
    assert_eq!(
        settings.message_rate,
        MessageRate {
            per_minute: 30,
            burst: 10
        }
    );
    assert_eq!(
        settings.database_url.expose_secret(),
        "postgres://quad@db/quad"
    );
    assert_eq!(
        (settings.limits.message_chars, settings.limits.timeout_ms),
        (500, 25_000)
    );
    assert_eq!(
        settings.jwt_secret_file.as_deref(),
        Some(Path::new("/run/secrets/jwt"))
    );
    assert!(settings.registration.is_open());
    assert_eq!(settings.school.time_zone, "Europe/Berlin");
    assert!(settings.log.json);
}

#[test]
fn every_setting_can_be_given_by_its_variable() {
    let env = table::ALL
        .iter()
        .map(|setting| (setting.env, setting.default));
    Settings::load(&Source::given(None, env)).unwrap();
    let shown = report(&Source::given(None, [("QUAD_LIMITS_MESSAGE_CHARS", "7")]));
    assert!(shown.contains("from QUAD_LIMITS_MESSAGE_CHARS"));
}

#[test]
fn every_mistake_is_told_at_once() {
    let file = "[quad]
        addr = 'here'
        colour = 'blue'
        heartbeat_seconds = 5
        data_dir = 1979-05-27
        [quad.limits]
        message_chars = 0
        typing_seconds = 1.5
        heartbeat_seconds = 60
        [quad.school]
        language = 'english'
        time_zone = 'Europe/Berlim'
        [quad.log]
        filter = 'inof'
        json = 'perhaps'
        [desks.faculty]
        [quad.desks.office]
        title = 'Office'
        roles = ['teachers']
        [limits]
        [package.metadata.leptos]
        reload-port = 'soon'";
    let env = [
        ("QUAD_DATABASE_URL", "mysql://quad:s3cret@db"),
        ("QUAD_PUBLIC_URL", "chat.example.org"),
        ("QUAD_ALLOWED_ORIGINS", "https://a.example/x"),
        ("QUAD_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("QUAD_MESSAGE_RATE", "120/0"),
        ("QUAD_REGISTRATION", "yes"),
        ("QUAD_ADRR", "127.0.0.1:1"),
        ("QUAD_TEST_ANYTHING", "1"),
        ("QUAD_CACHE", "1"),
    ];
    let told = mistakes(file, env);
    for part in [
        "addr (Leptos.toml): \"here\"",
        "colour (Leptos.toml): there is no such setting",
        "did you mean limits.heartbeat_seconds?",
        "data_dir (Leptos.toml): must be text",
        "limits.message_chars (Leptos.toml)",
        "limits.typing_seconds (Leptos.toml)",
        "limits.timeout_seconds (default): must be more",
        "school.language",
        "did you mean Europe/Berlin?",
        "did you mean info?",
        "log.json",
        "did you mean [quad.desks]?",
        "desks.office.roles (Leptos.toml): \"teachers\" is not a role; did you mean teacher?",
        "did you mean [quad.limits]?",
        "package.metadata.leptos",
        "database.url (QUAD_DATABASE_URL): must start with",
        "public_url (QUAD_PUBLIC_URL)",
        "allowed_origins (QUAD_ALLOWED_ORIGINS)",
        "trusted_proxies (QUAD_TRUSTED_PROXIES)",
        "message_rate (QUAD_MESSAGE_RATE)",
        "registration (QUAD_REGISTRATION)",
        "QUAD_ADRR: there is no such setting; did you mean QUAD_ADDR?",
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
    assert!(!told.contains("s3cret"));
    assert_eq!(told.lines().count(), 1 + 22, "{told}");
}

#[test]
fn a_timeout_must_outlast_the_heartbeat() {
    let told = mistakes("", [("QUAD_LIMITS_TIMEOUT_SECONDS", "30")]);
    assert!(
        told.contains("limits.timeout_seconds (QUAD_LIMITS_TIMEOUT_SECONDS)"),
        "{told}"
    );
}

#[test]
fn a_file_that_is_not_toml_is_told_with_its_line() {
    let told = mistakes("[quad]\naddr = \n", []);
    assert!(told.contains("Leptos.toml: line 2"), "{told}");
}

#[test]
fn the_settings_file_holds_no_password() {
    let told = mistakes(
        "[quad.database]\nurl = 'postgres://quad:s3cret@db/quad'",
        [],
    );
    assert!(told.contains("give the URL in QUAD_DATABASE_URL"), "{told}");
    assert!(!told.contains("s3cret"));
}

#[test]
fn the_database_stands_in_the_data_folder_unless_told_otherwise() {
    let settings = load("", [("QUAD_DATA_DIR", "/srv/quad/")]);
    assert_eq!(
        settings.database_url.expose_secret(),
        "sqlite:///srv/quad/quad.db"
    );
}

#[test]
fn a_rate_alone_never_allows_more_at_once_than_in_a_minute() {
    for (written, per_minute, burst) in [
        ("600", 600, 40),
        ("5", 5, 5),
        ("0", 0, 0),
        ("10 / 20", 10, 20),
    ] {
        let rate = load("", [("QUAD_MESSAGE_RATE", written)]).message_rate;
        assert_eq!(rate, MessageRate { per_minute, burst });
    }
}

#[test]
fn the_report_shows_where_each_value_is_from_and_hides_passwords() {
    let source = Source::given(
        Some("[quad]\naddr = 'here'"),
        [("QUAD_DATABASE_URL", "postgres://quad:s3cret@db/quad")],
    );
    let shown = report(&source);
    assert!(shown.contains("postgres://quad:***@db/quad"), "{shown}");
    assert!(
        shown.contains("from Leptos.toml") && shown.contains("(not set)"),
        "{shown}"
    );
    assert!(!shown.contains("s3cret"));
    assert_eq!(shown.lines().count(), 2 + table::ALL.len());
    let kept = format!(
        "{:?}",
        load("", [("QUAD_DATABASE_URL", "postgres://q:s3cret@db/q")])
    );
    assert!(!kept.contains("s3cret"));
}

#[test]
fn the_settings_file_in_the_repository_lists_every_setting_with_its_default() {
    let text = include_str!("../../../Leptos.toml");
    let defaults = text.replace("\n#: ", "\n");
    assert_ne!(defaults, text);
    for file in [text, &defaults] {
        let settings = load(file, []);
        assert_eq!(settings.limits, Limits::default());
        assert_eq!(settings.leptos.reload_port, 3001);
    }
    let shown = report(&Source::given(Some(&defaults), []));
    let unset = Settings::load(&Source::given(None, [])).unwrap();
    let set = load(&defaults, []);
    assert_eq!(set.addr, unset.addr);
    assert_eq!(set.message_rate, unset.message_rate);
    assert_eq!(set.registration, unset.registration);
    assert_eq!(set.school, unset.school);
    assert_eq!(set.log, unset.log);
    assert_eq!(set.data_dir, unset.data_dir);
    assert_eq!(
        set.database_url.expose_secret(),
        unset.database_url.expose_secret()
    );
    let given = shown
        .lines()
        .filter(|line| line.ends_with("from Leptos.toml"))
        .count();
    let optional = table::ALL
        .iter()
        .filter(|setting| setting.default.is_empty())
        .count();
    assert_eq!(given + optional, table::ALL.len(), "{shown}");
}
