//! How much one user may ask for, over all sockets and requests on this node.

use std::num::NonZeroU32;

use super::Services;
use crate::model::{UserId, WireError};

impl Services {
    /// Counts a command of that user for `cost`. Errors: `rate_limited`.
    pub fn spend(&self, user_id: UserId, cost: u32) -> Result<(), WireError> {
        match NonZeroU32::new(cost) {
            Some(cost) => self.limiter.command(user_id, cost),
            None => Ok(()),
        }
    }

    /// Counts what is no command: pings, and frames that make no sense. Errors: `rate_limited`.
    pub fn spend_on_noise(&self, user_id: UserId) -> Result<(), WireError> {
        self.limiter.noise(user_id)
    }
}
