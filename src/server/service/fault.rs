//! From a cause inside to the sentence outside: logged once, here.

use crate::{model::WireError, server::store};

/// Turns a store's failure into the wire error, and logs the cause.
pub(super) trait Stored<T> {
    /// The value, or `unavailable`.
    fn stored(self) -> Result<T, WireError>;
}

impl<T> Stored<T> for store::Result<T> {
    fn stored(self) -> Result<T, WireError> {
        self.map_err(|error| {
            tracing::error!(%error, "the database did not answer as it should");
            WireError::Unavailable
        })
    }
}
