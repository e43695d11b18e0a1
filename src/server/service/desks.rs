//! What the settings say of desks, held against the accounts that there are.

use crate::{
    model::Desks,
    server::store::{OpenError, Store, users},
};

/// Tells of names that no account has: one who was misspelt would never answer. An account may still be made, so this is
/// no mistake in the settings.
pub(super) async fn warn_of_strangers(store: &Store, desks: &Desks) -> Result<(), OpenError> {
    for card in desks.all() {
        for name in &card.people {
            let mut reader = store.read().await?;
            if users::by_username(&mut reader.conn(), name)
                .await?
                .is_none()
            {
                tracing::warn!(desk = %card.desk.0, name, "nobody has this sign-in name yet, and so does not answer");
            }
        }
    }
    Ok(())
}
