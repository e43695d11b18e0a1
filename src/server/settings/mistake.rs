//! What is wrong with the settings, for the person who wrote them.

use std::{fmt, path::PathBuf};

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nowhere: it is Quad's default.
    Default,
    /// In the settings file of this path.
    File(PathBuf),
    /// In the variable of this name.
    Env(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => path.display().fmt(f),
            Self::Env(name) => f.write_str(name),
        }
    }
}

/// One thing that must be corrected before the server starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The setting's name, or the name that was taken for one.
    pub setting: String,
    /// Where it was given.
    pub origin: Origin,
    /// What is wrong, as the rest of a sentence about it. Never holds a secret.
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            setting,
            origin,
            problem,
        } = self;
        if setting.is_empty() {
            write!(f, "{origin}: {problem}")
        } else if *setting == origin.to_string() {
            write!(f, "{setting}: {problem}")
        } else {
            write!(f, "{setting} ({origin}): {problem}")
        }
    }
}

/// Every mistake at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings need correcting:")?;
        self.0
            .iter()
            .try_for_each(|mistake| write!(f, "\n  - {mistake}"))
    }
}

impl std::error::Error for Mistakes {}
