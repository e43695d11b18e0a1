//! IndexedDB: where messages wait that are not acknowledged yet. Keys are `user:key`, values are text.
//!
//! Every failure is `None`: the caller goes on in memory.

#[cfg(feature = "hydrate")]
mod database {
    use idb::{
        Database, DatabaseEvent, Factory, KeyRange, ObjectStore, Query, Transaction,
        TransactionMode,
    };
    use wasm_bindgen::JsValue;

    const NAME: &str = "quad";
    const STORE: &str = "outbox";

    async fn open() -> Result<Database, idb::Error> {
        let mut request = Factory::new()?.open(NAME, Some(1))?;
        request.on_upgrade_needed(|event| {
            if let Ok(database) = event.database() {
                // Fails only where the store is there already.
                let _ = database.create_object_store(STORE, idb::ObjectStoreParams::new());
            }
        });
        request.await
    }

    fn store(
        database: &Database,
        mode: TransactionMode,
    ) -> Result<(Transaction, ObjectStore), idb::Error> {
        let transaction = database.transaction(&[STORE], mode)?;
        let store = transaction.object_store(STORE)?;
        Ok((transaction, store))
    }

    /// All keys of one user: `7:` to `7;` (the character after the colon).
    fn of_user(user: &str) -> Result<Query, idb::Error> {
        let (from, to) = (format!("{user}:"), format!("{user};"));
        KeyRange::bound(&from.into(), &to.into(), None, Some(true)).map(Query::KeyRange)
    }

    pub(super) async fn load(user: &str) -> Result<Vec<String>, idb::Error> {
        let database = open().await?;
        let (transaction, store) = store(&database, TransactionMode::ReadOnly)?;
        let values = store.get_all(Some(of_user(user)?), None)?.await?;
        transaction.await?;
        database.close();
        Ok(values.iter().filter_map(JsValue::as_string).collect())
    }

    pub(super) async fn put(key: &str, value: &str) -> Result<(), idb::Error> {
        let database = open().await?;
        let (transaction, store) = store(&database, TransactionMode::ReadWrite)?;
        store.put(&value.into(), Some(&key.into()))?.await?;
        transaction.commit()?.await?;
        database.close();
        Ok(())
    }

    pub(super) async fn remove(key: &str) -> Result<(), idb::Error> {
        let database = open().await?;
        let (transaction, store) = store(&database, TransactionMode::ReadWrite)?;
        let key: JsValue = key.into();
        store.delete(Query::Key(key))?.await?;
        transaction.commit()?.await?;
        database.close();
        Ok(())
    }

    pub(super) async fn clear() -> Result<(), idb::Error> {
        let database = open().await?;
        let (transaction, store) = store(&database, TransactionMode::ReadWrite)?;
        store.clear()?.await?;
        transaction.commit()?.await?;
        database.close();
        Ok(())
    }
}

/// The values of one user, in no order that matters.
pub async fn load(user: &str) -> Option<Vec<String>> {
    in_browser!([] { database::load(user).await.ok() } else {
        let _ = user;
        None
    })
}

/// Keeps `value` under `user:key`.
pub async fn put(user: &str, key: &str, value: &str) -> Option<()> {
    in_browser!([] { database::put(&format!("{user}:{key}"), value).await.ok() } else {
        let _ = (user, key, value);
        None
    })
}

/// Forgets what is kept under `user:key`.
pub async fn remove(user: &str, key: &str) -> Option<()> {
    in_browser!([] { database::remove(&format!("{user}:{key}")).await.ok() } else {
        let _ = (user, key);
        None
    })
}

/// Forgets everything of everybody.
pub async fn clear() -> Option<()> {
    in_browser!([] { database::clear().await.ok() } else { None })
}
