//! The bodies of the server functions about how others see whether one is there.

use super::{state, told, viewer};
use crate::model::{PresenceStatus, WireError};

/// See [`crate::api::presence::choose_presence`].
pub async fn choose_presence(status: PresenceStatus) -> Result<(), WireError> {
    told(async { state()?.services.choose_presence(&viewer()?, status).await }.await)
}

/// See [`crate::api::presence::hide_last_seen`].
pub async fn hide_last_seen(hides: bool) -> Result<(), WireError> {
    told(async { state()?.services.hide_last_seen(&viewer()?, hides).await }.await)
}
