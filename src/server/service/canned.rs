//! Canned replies, for those who answer.

use super::{Services, Viewer, fault::Stored, support::answers};
use crate::{
    model::{CannedDraft, CannedReply, CannedReplyId, WireError},
    server::store::{
        canned,
        writer::{Outcome, Write},
    },
};

impl Services {
    /// Those of the viewer's desks, by name. Errors: `forbidden` for those who do not answer.
    pub async fn canned_replies(&self, viewer: &Viewer) -> Result<Vec<CannedReply>, WireError> {
        answers(viewer)?;
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let mut replies = Vec::new();
        for desk in &viewer.desks {
            replies.extend(canned::of_desk(&mut conn, desk).await.stored()?);
        }
        Ok(replies)
    }

    /// Keeps a new one, or another text for a known one; answers it as it is kept. Errors: `invalid`, `forbidden`,
    /// `not_found`.
    pub async fn keep_canned_reply(
        &self,
        viewer: &Viewer,
        draft: CannedDraft,
    ) -> Result<CannedReply, WireError> {
        let draft = draft.checked(self.settings.limits.message_chars)?;
        let kept = self
            .writer
            .write(Write::KeepCanned {
                user_id: viewer.user_id,
                draft: draft.clone(),
            })
            .await?;
        let Outcome::CannedKept { id, desk } = kept else {
            return Err(WireError::Internal);
        };
        Ok(CannedReply {
            id,
            desk,
            name: draft.name,
            content: draft.content,
        })
    }

    /// Lets one go. Errors: `forbidden`, `not_found`.
    pub async fn drop_canned_reply(
        &self,
        viewer: &Viewer,
        id: CannedReplyId,
    ) -> Result<(), WireError> {
        let user_id = viewer.user_id;
        self.writer
            .write(Write::DropCanned { user_id, id })
            .await
            .map(drop)
    }
}
