//! PostgreSQL's own programs, and how they are told where the database is: by their environment alone, since everybody
//! on a machine may read a command line.

use std::{io, process::Stdio};

use tokio::process::Command;
use url::Url;

use super::BackupError;

/// Longest complaint that is passed on, in characters.
const COMPLAINT: usize = 2000;

/// A program, told of the database at `url`. It asks for nothing at a terminal and ends with this one.
pub(super) fn program(name: &'static str, url: &str) -> Command {
    let mut command = Command::new(name);
    command
        .envs(environment(url))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Runs it to its end and answers what it wrote to standard output.
pub(super) async fn run(name: &'static str, mut command: Command) -> Result<Vec<u8>, BackupError> {
    let ended = command
        .output()
        .await
        .map_err(|error| start(name, &error))?;
    if ended.status.success() {
        Ok(ended.stdout)
    } else {
        Err(failed(name, &ended.stderr))
    }
}

/// Why it could not even be started.
pub(super) fn start(name: &'static str, error: &io::Error) -> BackupError {
    if error.kind() == io::ErrorKind::NotFound {
        BackupError::NoProgram(name)
    } else {
        failed(name, error.to_string().as_bytes())
    }
}

/// What it complained of.
pub(super) fn failed(program: &'static str, said: &[u8]) -> BackupError {
    let said = String::from_utf8_lossy(said);
    let said = said.trim().chars().take(COMPLAINT).collect();
    BackupError::Program { program, said }
}

/// The variables of libpq that say what `url` says to the server.
fn environment(url: &str) -> Vec<(&'static str, String)> {
    let Ok(url) = Url::parse(url) else {
        return Vec::new();
    };
    let host = url.host_str().map(decoded);
    let port = url.port().map(|port| port.to_string());
    let mut variables = vec![
        ("PGHOST", host.unwrap_or_default()),
        ("PGPORT", port.unwrap_or_default()),
        ("PGUSER", decoded(url.username())),
        (
            "PGPASSWORD",
            url.password().map(decoded).unwrap_or_default(),
        ),
        ("PGDATABASE", decoded(url.path().trim_start_matches('/'))),
        ("PGAPPNAME", "quad backup".to_owned()),
    ];
    for (key, value) in url.query_pairs() {
        let name = match &*key {
            "host" | "hostaddr" => "PGHOST",
            "port" => "PGPORT",
            "user" => "PGUSER",
            "password" => "PGPASSWORD",
            "dbname" => "PGDATABASE",
            "sslmode" | "ssl-mode" => "PGSSLMODE",
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => "PGSSLROOTCERT",
            "sslcert" | "ssl-cert" => "PGSSLCERT",
            "sslkey" | "ssl-key" => "PGSSLKEY",
            _ => continue,
        };
        variables.push((name, value.into_owned()));
    }
    // An empty one would hide what libpq takes where nothing is said.
    variables.retain(|(_, value)| !value.is_empty());
    variables
}

fn decoded(text: &str) -> String {
    // A form's rules but for the plus, which here is itself.
    let escaped = text.replace('+', "%2B");
    url::form_urlencoded::parse(format!("x={escaped}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_an_address_says_becomes_a_variable() {
        let url = "postgres://ana%40x:p%2Bw+%26%3D@db.example.org:5433/school?sslmode=require&statement-cache-capacity=9";
        let expected = [
            ("PGHOST", "db.example.org"),
            ("PGPORT", "5433"),
            ("PGUSER", "ana@x"),
            ("PGPASSWORD", "p+w+&="),
            ("PGDATABASE", "school"),
            ("PGAPPNAME", "quad backup"),
            ("PGSSLMODE", "require"),
        ];
        assert_eq!(
            environment(url),
            expected.map(|(name, value)| (name, value.to_owned()))
        );
    }

    #[test]
    fn a_socket_s_folder_is_the_host() {
        let variables = environment("postgres://postgres@%2Frun%2Fpostgresql/quad");
        assert!(variables.contains(&("PGHOST", "/run/postgresql".to_owned())));
        assert!(!variables.iter().any(|(name, _)| *name == "PGPASSWORD"));
    }
}
