//! Files that get their name when they are complete and synced, so that a name never stands for half a file.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::BackupError;

/// A nameless file, its owner's alone, in the folder of `target`. It is deleted unless it is [`put`].
pub(super) fn beside(target: &Path) -> Result<NamedTempFile, BackupError> {
    let folder = folder(target);
    tempfile::Builder::new()
        .prefix(".quad-")
        .suffix(".part")
        .tempfile_in(&folder)
        .map_err(BackupError::io(&folder))
}

/// Syncs the file and gives it its name; where that is taken, only by `force`. Answers its size in bytes.
pub(super) fn put(file: NamedTempFile, target: &Path, force: bool) -> Result<u64, BackupError> {
    let io = BackupError::io(target);
    // By its path: some programs have written it anew.
    let written = File::open(file.path()).map_err(&io)?;
    written.sync_all().map_err(&io)?;
    let bytes = written.metadata().map_err(&io)?.len();
    let put = if force {
        file.persist(target)
    } else {
        file.persist_noclobber(target)
    };
    put.map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(target.to_owned()),
        _ => io(error.error),
    })?;
    sync_folder(target).map_err(io)?;
    Ok(bytes)
}

/// Makes the names in the folder of `target` durable.
#[cfg(unix)]
fn sync_folder(target: &Path) -> io::Result<()> {
    File::open(folder(target))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_target: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives `file` the rights and the owner of `like`, so that the server may go on using what takes its place.
pub(super) fn same_rights(file: &Path, like: &Path) -> Result<(), BackupError> {
    let metadata = fs::metadata(like).map_err(BackupError::io(like))?;
    let io = BackupError::io(file);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};

        let own = fs::metadata(file).map_err(&io)?;
        if (own.uid(), own.gid()) != (metadata.uid(), metadata.gid()) {
            chown(file, Some(metadata.uid()), Some(metadata.gid())).map_err(&io)?;
        }
    }
    fs::set_permissions(file, metadata.permissions()).map_err(io)
}

fn folder(target: &Path) -> PathBuf {
    match target.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
