//! Why a command did not do what it was asked to, as one message for the terminal.

use std::fmt::Write;

use crate::{
    model::WireError,
    server::{
        StartError, backup::BackupError, demo::DemoError, load::LoadError, settings::Mistakes,
    },
};

/// Why a command failed. The process ends with status 1.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The settings are not valid.
    #[error(transparent)]
    Settings(#[from] Mistakes),
    /// The database or the server cannot be started.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A use case refused.
    #[error("{}", sentence(.0))]
    Refused(#[from] WireError),
    /// The demo cannot be made.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// A backup was not made, or not restored.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// Nothing could be measured.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Said in words.
    #[error("{0}")]
    Said(String),
}

/// The sentence, and where fields are wrong, each of them.
fn sentence(error: &WireError) -> String {
    let mut text = error.to_string();
    if let WireError::Invalid { fields } = error {
        for (field, problems) in fields {
            let _ = write!(text, "\n  - {field}: {}", problems.join(" "));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_field_is_named() {
        let failure = Failure::from(WireError::field("username", "At most 64 characters."));
        assert!(
            failure
                .to_string()
                .ends_with("\n  - username: At most 64 characters.")
        );
    }
}
