//! The schema: the same tables, columns and indexes in both databases, made by migrations of the same names. But for the
//! index of messages, which each database has in its own way.

use std::{collections::BTreeSet, fs};

use quad::server::store::Store;

use crate::{on_both_databases, store::TestStore};

/// Table, column, type, and whether it may be empty.
type Column = (String, String, String, bool);

impl TestStore {
    async fn columns(&self) -> BTreeSet<Column> {
        let sql = match &self.store {
            Store::Sqlite { .. } => {
                "SELECT t.name, c.name, CASE c.type WHEN 'INTEGER' THEN 'bigint' ELSE lower(c.type) END,
                     c.\"notnull\" = 0 AND c.pk = 0
                 FROM sqlite_master t JOIN pragma_table_info(t.name) c
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '_sqlx%'
                     AND t.name NOT LIKE 'message_search%'"
            }
            Store::Postgres(_) => {
                "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES'
                 FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name NOT LIKE '_sqlx%' AND table_name <> 'message_search'"
            }
        };
        self.finds::<Column>(sql).await.into_iter().collect()
    }

    /// Those that are made by name: the rest belongs to keys.
    async fn indexes(&self) -> BTreeSet<(String,)> {
        let sql = match &self.store {
            Store::Sqlite { .. } => {
                "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite%'
                     AND name NOT LIKE 'message_search%'"
            }
            Store::Postgres(_) => {
                "SELECT i.indexname::text FROM pg_indexes i
                 LEFT JOIN pg_constraint c ON c.conname = i.indexname
                 WHERE i.schemaname = 'public' AND c.conname IS NULL AND i.tablename <> 'message_search'"
            }
        };
        self.finds(sql).await.into_iter().collect()
    }
}

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let Some(postgres) = TestStore::on_postgres().await else {
        return;
    };
    let sqlite = TestStore::on_sqlite().await;
    assert_eq!(sqlite.columns().await, postgres.columns().await);
    assert_eq!(sqlite.indexes().await, postgres.indexes().await);
}

/// Numbers and times are 64 bits wide, words are text, flags are flags: nothing else travels between the two.
async fn every_column_is_a_number_a_text_or_a_flag(db: TestStore) {
    let columns = db.columns().await;
    assert!(columns.len() > 50, "{columns:?}");
    for (table, column, kind, _) in columns {
        assert!(
            ["bigint", "text", "boolean"].contains(&kind.as_str()),
            "{table}.{column}: {kind}"
        );
    }
}

#[test]
fn both_databases_have_migrations_of_the_same_names() {
    let names = |folder: &str| -> BTreeSet<_> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect()
    };
    let sqlite = names("migrations/sqlite");
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, names("migrations/postgres"));
}

on_both_databases!(every_column_is_a_number_a_text_or_a_flag);
