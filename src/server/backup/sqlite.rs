//! Backing up and restoring an SQLite database.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    BackupError, Done,
    copy::{
        CopyError,
        sqlite::{self, Contents, Held},
    },
    place, size,
};
use crate::{model::Epoch, server::random};

/// What SQLite may keep beside a database's file.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

pub(super) async fn backup(url: &str, file: &Path, force: bool) -> Done {
    let database = sqlite::file(url).map_err(BackupError::database)?;
    if !database.exists() {
        return Err(BackupError::NoDatabase(database));
    }
    let part = place::beside(file)?;
    sqlite::copy_into(url, part.path())
        .await
        .map_err(BackupError::database)?;
    // A backup that was never read is a hope.
    let held = sqlite::judge(part.path())
        .await
        .map_err(BackupError::database)?;
    let bytes = place::put(part, file, force)?;
    Ok(format!(
        "Backed up {} into {}: {}, {}.\n",
        database.display(),
        file.display(),
        in_words(held),
        size(bytes)
    ))
}

pub(super) async fn restore(url: &str, file: &Path, force: bool) -> Done {
    let database = sqlite::file(url).map_err(BackupError::database)?;
    let unfit = |cause| BackupError::Unfit {
        file: file.to_owned(),
        cause,
    };
    if let Some(wal) = companion(file) {
        let cause = format!("{} shows that it is a database in use", wal.display());
        return Err(unfit(CopyError::Damaged(cause)));
    }
    if let Some(folder) = database.parent() {
        fs::create_dir_all(folder).map_err(BackupError::io(folder))?;
    }
    // What is judged is what is taken, whatever becomes of the file meanwhile.
    let part = place::beside(&database)?;
    fs::copy(file, part.path()).map_err(BackupError::io(file))?;
    let contents = sqlite::judge(part.path()).await.map_err(unfit)?;
    let epoch = Epoch(random::token());
    sqlite::renew_epoch(part.path(), &epoch)
        .await
        .map_err(BackupError::database)?;
    let held = hold(&database, force).await?;
    if held.is_some() {
        place::same_rights(part.path(), &database)?;
    }
    let put = place::put(part, &database, held.is_some());
    if let Some(held) = held {
        held.close().await.map_err(BackupError::database)?;
    }
    let bytes = put?;
    Ok(format!(
        "Restored {} from {}: {}, {}. Clients start afresh when they come back.\n",
        database.display(),
        file.display(),
        in_words(contents),
        size(bytes)
    ))
}

/// Takes hold of the present database; none: there is no file.
async fn hold(database: &Path, force: bool) -> Result<Option<Held>, BackupError> {
    if !database.exists() {
        return match companion(database) {
            Some(leftover) => Err(BackupError::Leftover(leftover)),
            None => Ok(None),
        };
    }
    let mut held = sqlite::hold(database).await.map_err(|cause| match cause {
        CopyError::Damaged(_) => BackupError::Unreadable {
            file: database.to_owned(),
            cause,
        },
        other => BackupError::Database(other),
    })?;
    if let Some(leftover) = companion(database) {
        return Err(BackupError::Leftover(leftover));
    }
    if !force && !held.is_empty().await.map_err(BackupError::database)? {
        return Err(BackupError::NotEmpty);
    }
    Ok(Some(held))
}

/// What SQLite left beside a file, if it holds anything.
fn companion(file: &Path) -> Option<PathBuf> {
    COMPANIONS.iter().find_map(|ending| {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        let path = PathBuf::from(name);
        let holds = fs::metadata(&path).is_ok_and(|metadata| metadata.len() > 0);
        holds.then_some(path)
    })
}

fn in_words(Contents { accounts, messages }: Contents) -> String {
    format!("{accounts} accounts, {messages} messages")
}
