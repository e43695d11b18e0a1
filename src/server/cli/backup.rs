//! `quad backup` and `quad restore`.

use std::path::PathBuf;

use clap::Args;
use secrecy::ExposeSecret;

use super::Failure;
use crate::server::{backup, settings::Settings};

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// Where to write it
    file: PathBuf,
    /// Replace FILE if it is there already
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// What `quad backup` has written
    file: PathBuf,
    /// Go on although the database holds accounts: all of it is replaced
    #[arg(long)]
    force: bool,
}

impl Backup {
    pub(super) async fn run(self, settings: &Settings) -> Result<String, Failure> {
        let url = settings.database_url.expose_secret();
        Ok(backup::backup(url, &self.file, self.force).await?)
    }
}

impl Restore {
    pub(super) async fn run(self, settings: &Settings) -> Result<String, Failure> {
        let url = settings.database_url.expose_secret();
        Ok(backup::restore(url, &self.file, self.force).await?)
    }
}
