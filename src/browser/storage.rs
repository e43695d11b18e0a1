//! The browser's small storage. Every failure (private mode, quota, blocked) is the same as "nothing there".

/// How long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Until it is removed, in all tabs.
    Local,
    /// As long as this tab.
    Session,
}

#[cfg(feature = "hydrate")]
fn storage(shelf: Shelf) -> Option<web_sys::Storage> {
    let window = super::dom::window()?;
    match shelf {
        Shelf::Local => window.local_storage(),
        Shelf::Session => window.session_storage(),
    }
    .ok()
    .flatten()
}

/// What is kept under `key`.
pub fn get(shelf: Shelf, key: &str) -> Option<String> {
    in_browser!([] {
        storage(shelf)?.get_item(key).ok().flatten()
    } else {
        let _ = (shelf, key);
        None
    })
}

/// Keeps `value` under `key`.
pub fn set(shelf: Shelf, key: &str, value: &str) {
    in_browser!([] {
        if let Some(storage) = storage(shelf) {
            // A full or blocked storage keeps nothing; the page lives on without.
            let _ = storage.set_item(key, value);
        }
    } else {
        let _ = (shelf, key, value);
    })
}

/// Forgets what is kept under `key`.
pub fn remove(shelf: Shelf, key: &str) {
    in_browser!([] {
        if let Some(storage) = storage(shelf) {
            let _ = storage.remove_item(key);
        }
    } else {
        let _ = (shelf, key);
    })
}

/// The keys that start with `prefix`.
pub fn keys(shelf: Shelf, prefix: &str) -> Vec<String> {
    in_browser!([] {
        let Some(storage) = storage(shelf) else {
            return Vec::new();
        };
        (0..storage.length().unwrap_or_default())
            .filter_map(|at| storage.key(at).ok().flatten())
            .filter(|key| key.starts_with(prefix))
            .collect()
    } else {
        let _ = (shelf, prefix);
        Vec::new()
    })
}

/// Forgets everything whose key starts with `prefix`, in both storages.
pub fn remove_all(prefix: &str) {
    for shelf in [Shelf::Local, Shelf::Session] {
        for key in keys(shelf, prefix) {
            remove(shelf, &key);
        }
    }
}
