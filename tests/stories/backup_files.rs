//! The files of a backup: which are written, which are taken, and what is left alone.

use std::{
    fs,
    path::{Path, PathBuf},
};

use quad::{
    model::Role,
    server::backup::{self, BackupError},
};

use crate::{
    app::TestApp,
    backing_up::{elsewhere, url},
};

fn names(folder: &Path) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn an_existing_file_is_not_overwritten_unless_forced() {
    let app = TestApp::on_sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("quad.backup");
    fs::write(&file, "somebody's").unwrap();
    let refused = backup::backup(&url(&app), &file, false).await.unwrap_err();
    assert!(matches!(refused, BackupError::Exists(_)), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), b"somebody's");
    backup::backup(&url(&app), &file, true).await.unwrap();
    assert!(fs::read(&file).unwrap().starts_with(b"SQLite format 3"));
    // Nothing half done is left beside it, and nobody else may read it.
    assert_eq!(names(folder.path()), std::slice::from_ref(&file));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn what_is_not_a_backup_of_this_version_is_refused() {
    use sqlx::{Connection, Executor};

    let app = TestApp::on_sqlite().await;
    app.person("sofia", Role::Admin).await;
    let to = elsewhere(&app).await;
    for (statement, expected) in [
        (
            "UPDATE _sqlx_migrations SET version = 987 WHERE version = 1",
            "migration 987",
        ),
        ("DROP TABLE meta", "not a database of Quad's"),
        ("DELETE FROM _sqlx_migrations", "not a database of Quad's"),
        (
            "PRAGMA foreign_keys = OFF; UPDATE sessions SET user_id = 987",
            "belong to nothing",
        ),
    ] {
        let file = app.folder().join("changed");
        backup::backup(&url(&app), &file, true).await.unwrap();
        let changed = format!("sqlite://{}", file.display());
        let mut connection = sqlx::SqliteConnection::connect(&changed).await.unwrap();
        connection.execute(statement).await.unwrap();
        connection.close().await.unwrap();
        let refused = backup::restore(&to, &file, false).await.unwrap_err();
        assert!(refused.to_string().contains(expected), "{refused}");
    }
    assert!(!app.folder().join("restored/quad.db").exists());
    // Nor a live database's own file, whose newest part stands beside it.
    let live = app.folder().join("quad.db");
    let refused = backup::restore(&to, &live, false).await.unwrap_err();
    assert!(
        refused.to_string().contains("a database in use"),
        "{refused}"
    );
}

#[tokio::test]
async fn what_is_left_of_another_database_is_not_mixed_in() {
    let app = TestApp::on_sqlite().await;
    let file = app.folder().join("quad.backup");
    backup::backup(&url(&app), &file, false).await.unwrap();
    let to = elsewhere(&app).await;
    fs::create_dir_all(app.folder().join("restored")).unwrap();
    fs::write(app.folder().join("restored/quad.db-wal"), "old pages").unwrap();
    let refused = backup::restore(&to, &file, true).await.unwrap_err();
    assert!(matches!(refused, BackupError::Leftover(_)), "{refused}");
}
