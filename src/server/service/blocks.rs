//! Whom the viewer does not want to hear.

use super::{Services, Viewer};
use crate::{
    model::{UserId, WireError},
    server::store::writer::Write,
};

impl Services {
    /// Blocks somebody, or lifts that; twice is once. Nothing is told to them but that the two cannot write to each other.
    ///
    /// Errors: `not_found`, `invalid` on `user_id` for oneself, `forbidden` where one of the two answers for the school.
    pub async fn block(
        &self,
        viewer: &Viewer,
        whom: UserId,
        is_blocked: bool,
    ) -> Result<(), WireError> {
        let write = Write::Block {
            user_id: viewer.user_id,
            whom,
            is_blocked,
        };
        self.writer.write(write).await.map(drop)
    }
}
