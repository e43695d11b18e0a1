//! Opening: making the database, finding it again as it was, and refusing what is not for this version.

use futures_util::future::join_all;
use quad::{
    model::{Epoch, Seq, UserRev},
    server::store::{OpenError, Store, marks, meta, sessions, users},
};
use sqlx::migrate::MigrateError;

use crate::{
    on_both_databases,
    store::{NOW, TestStore},
};

type Migration = (i64, String, Vec<u8>);

impl TestStore {
    async fn migrations(&self) -> Vec<Migration> {
        self.finds("SELECT version, description, checksum FROM _sqlx_migrations ORDER BY version")
            .await
    }

    async fn epoch(&self) -> Epoch {
        self.reads(meta::epoch).await
    }
}

async fn opening_again_changes_nothing(db: TestStore) {
    let made = db.migrations().await;
    assert!(!made.is_empty());
    let node = db.another_node().await;
    assert_eq!(node.migrations().await, made);
    db.student("ana").await;
    assert_eq!(db.another_node().await.count("users").await, 1);
}

async fn an_epoch_is_given_once(db: TestStore) {
    assert_eq!(db.epoch().await, Epoch::default());
    let words: Vec<Epoch> = (0..20).map(|n| Epoch(format!("epoch {n}"))).collect();
    let given = join_all(words.iter().map(|word| db.store.ensure_epoch(word))).await;
    let epoch = db.epoch().await;
    assert!(words.contains(&epoch));
    assert!(given.into_iter().all(|word| word.unwrap() == epoch));
    let later = db.store.ensure_epoch(&Epoch("later".to_owned())).await;
    assert_eq!((later.unwrap(), db.count("meta").await), (epoch, 1));
}

async fn a_database_is_found_again_as_it_was_left(mut db: TestStore) {
    let (ana, room) = db.talk(3).await;
    let epoch = Epoch("first".to_owned());
    db.store.ensure_epoch(&epoch).await.unwrap();
    db.marks(ana, room, 2).await.unwrap();
    let session = db.session(ana, "token").await;
    let messages = db.all_in(room).await;
    db.store.close().await;

    db.store = Store::open(&db.url).await.unwrap();
    assert_eq!(db.epoch().await, epoch);
    assert_eq!(db.all_in(room).await, messages);
    let row = db.reads(async |conn| users::by_id(conn, ana).await).await;
    assert_eq!(row.unwrap().rev, UserRev(2));
    let receipts = db.reads(async |conn| marks::receipts(conn, room).await);
    assert_eq!(receipts.await.into_values().collect::<Vec<_>>(), [Seq(2)]);
    let found = db.reads(async |conn| sessions::in_force(conn, "token", NOW).await);
    assert_eq!(found.await.unwrap().id, session);
    let next = db.another_node().await.says(ana, room, "next").await;
    assert_eq!(next.seq, Seq(4));
    assert!(next.id > messages[2].id);
}

async fn a_closed_database_answers_no_more(db: TestStore) {
    db.store.close().await;
    assert!(db.store.read().await.is_err());
    assert!(db.store.snapshot().await.is_err());
    assert!(db.store.ensure_epoch(&Epoch::default()).await.is_err());
}

async fn the_database_of_a_newer_version_is_refused_and_left_alone(db: TestStore) {
    db.runs(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
    )
    .await;
    let before = db.migrations().await;
    let refused = Store::open(&db.url).await;
    assert!(
        matches!(
            refused,
            Err(OpenError::Migrate(MigrateError::VersionMissing(9999)))
        ),
        "{refused:?}"
    );
    assert_eq!(db.migrations().await, before);
}

async fn a_database_made_by_another_migration_of_that_number_is_refused(db: TestStore) {
    db.runs("UPDATE _sqlx_migrations SET description = 'core', checksum = '00' WHERE version = 1")
        .await;
    let refused = Store::open(&db.url).await;
    assert!(
        matches!(
            refused,
            Err(OpenError::Migrate(MigrateError::VersionMismatch(1)))
        ),
        "{refused:?}"
    );
}

async fn several_may_make_a_database_at_once(db: TestStore) {
    let url = db.another_database().await;
    let opened = join_all((0..8).map(|_| Store::open(&url))).await;
    for store in opened {
        let store = store.unwrap();
        let mut reader = store.read().await.unwrap();
        assert_eq!(users::count(&mut reader.conn()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn an_address_of_no_known_kind_is_refused() {
    for url in ["", "quad.db", "mysql://localhost/quad", "postgres", "/tmp"] {
        let refused = Store::open(url).await;
        assert!(matches!(refused, Err(OpenError::UnknownScheme)), "{url:?}");
    }
}

#[tokio::test]
async fn the_folders_of_a_new_sqlite_file_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/of the school/quad.db");
    let store = Store::open(&format!("sqlite://{}", path.display())).await;
    store.unwrap().close().await;
    assert!(path.is_file());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let url = format!("sqlite://{}/file/quad.db", folder.path().display());
    let refused = Store::open(&url).await;
    assert!(matches!(refused, Err(OpenError::Folder(_))), "{refused:?}");
}

on_both_databases!(
    opening_again_changes_nothing,
    an_epoch_is_given_once,
    a_database_is_found_again_as_it_was_left,
    a_closed_database_answers_no_more,
    the_database_of_a_newer_version_is_refused_and_left_alone,
    a_database_made_by_another_migration_of_that_number_is_refused,
    several_may_make_a_database_at_once,
);
