//! Where settings are read from: one file's text and the variables, taken once so that tests can give both.

use std::{
    collections::BTreeMap,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// The settings file where none is named.
const DEFAULT_FILE: &str = "Leptos.toml";

/// The raw material of the settings.
#[derive(Clone, Debug)]
pub struct Source {
    /// The settings file's path, for messages.
    pub(super) path: PathBuf,
    /// Its text; none: it is not there and need not be. An error: why it cannot be read.
    pub(super) file: Result<Option<String>, String>,
    /// The variables that begin with `QUAD_`.
    pub(super) env: BTreeMap<String, String>,
    /// The names of those whose value is not UTF-8.
    pub(super) not_text: Vec<String>,
}

impl Source {
    /// This process's variables, and the file that `QUAD_CONFIG` names (else `Leptos.toml`, where it exists).
    pub fn from_environment() -> Self {
        Self::with_config(None)
    }

    /// As [`Source::from_environment`], but `config` goes before `QUAD_CONFIG`.
    pub fn with_config(config: Option<PathBuf>) -> Self {
        let (env, not_text) = variables();
        let named = config.or_else(|| {
            env.get("QUAD_CONFIG")
                .filter(|path| !path.is_empty())
                .map(PathBuf::from)
        });
        let is_named = named.is_some();
        let path = named.unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
        Self {
            file: read(&path, is_named),
            path,
            env,
            not_text,
        }
    }

    /// What a test gives: the text of a `Leptos.toml`, if there is to be one, and variables.
    pub fn given<'a>(
        file: Option<&str>,
        env: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        Self {
            path: PathBuf::from(DEFAULT_FILE),
            file: Ok(file.map(str::to_owned)),
            env: env
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            not_text: Vec::new(),
        }
    }
}

fn read(path: &Path, must_be_there: bool) -> Result<Option<String>, String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound && !must_be_there => Ok(None),
        Err(error) => Err(format!("cannot be read: {error}")),
    }
}

fn variables() -> (BTreeMap<String, String>, Vec<String>) {
    let mut env = BTreeMap::new();
    let mut not_text = Vec::new();
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with("QUAD_")) else {
            continue;
        };
        match value.into_string() {
            Ok(value) => drop(env.insert(name.to_owned(), value)),
            Err(_) => not_text.push(name.to_owned()),
        }
    }
    (env, not_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_named_must_be_there() {
        let nowhere = Path::new("no-such-folder/Leptos.toml");
        assert_eq!(read(nowhere, false), Ok(None));
        assert!(
            read(nowhere, true)
                .unwrap_err()
                .starts_with("cannot be read")
        );
    }
}
