//! What the school decides for itself, and what everybody is told of it.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::{Services, Viewer, fault::Stored};
use crate::{
    model::{
        Alert, AlertId, Alerts, Look, Policy, SchoolState, Timestamp, UserId, WireError, alert,
        permission::{Actor, runs_the_school},
        school::{LOGO_BYTES, checked_accent, checked_name, picture_kind},
    },
    server::store::{
        Conn, alerts,
        school::{self, Logo},
        writer::{Decided, Decision, Outcome, Write},
    },
};

/// How an address of a logo begins; its hash follows.
pub const LOGO_PATH: &str = "/school/logo/";

impl Services {
    /// What stands, as far as this node has heard: on the node that decided at once, on others within a second.
    pub fn school(&self) -> SchoolState {
        self.herald.school()
    }

    /// What the school is called.
    pub fn school_name(&self) -> String {
        let name = self.school().look.name;
        name.unwrap_or_else(|| self.settings.school.name.clone())
    }

    /// Where its logo is, if it has one.
    pub fn logo_path(&self) -> Option<String> {
        let hash = self.school().look.logo?;
        Some(format!("{LOGO_PATH}{hash}"))
    }

    /// What an admin decides over. Errors: `forbidden` for others.
    pub fn school_settings(&self, viewer: &Viewer) -> Result<SchoolState, WireError> {
        runs(viewer.actor())?;
        Ok(self.school())
    }

    /// Decides who writes to whom, and who makes rooms. Errors: `forbidden` for all but admins.
    pub async fn set_policy(&self, actor: Actor, policy: Policy) -> Result<(), WireError> {
        self.decide(actor, Decision::Policy(policy)).await.map(drop)
    }

    /// Decides what the school is called, and its colour; what is empty is as it comes. Errors: `invalid`, `forbidden`.
    pub async fn set_look(&self, actor: Actor, name: &str, accent: &str) -> Result<(), WireError> {
        runs(actor)?;
        let look = Look {
            name: checked_name(name)?,
            accent: checked_accent(accent)?,
            logo: None,
        };
        self.decide(actor, Decision::Look(look)).await.map(drop)
    }

    /// Gives the school a logo, or takes it away. Errors: `forbidden`, `too_large`; `unsupported_type` for what is none of
    /// the pictures that are shown.
    pub async fn set_logo(&self, actor: Actor, picture: Option<&[u8]>) -> Result<(), WireError> {
        runs(actor)?;
        let logo = picture.map(logo_of).transpose()?;
        self.decide(actor, Decision::Logo(logo)).await.map(drop)
    }

    /// The picture of that hash and its content type. Errors: `not_found`.
    pub async fn logo(&self, hash: &str) -> Result<(String, Vec<u8>), WireError> {
        if hash.contains('\0') {
            return Err(WireError::NotFound);
        }
        let mut reader = self.store.read().await.stored()?;
        let logo = school::logo(&mut reader.conn(), hash).await.stored()?;
        let Logo { kind, content } = logo.ok_or(WireError::NotFound)?;
        let bytes = STANDARD.decode(content).map_err(|error| {
            tracing::error!(%error, hash, "a logo is damaged");
            WireError::Internal
        })?;
        Ok((kind, bytes))
    }

    /// Tells everybody something, up to a time or until it is ended. Errors: `invalid` on `text` and `until`,
    /// `forbidden` for all but admins, `conflict` where there are too many.
    pub async fn tell_everybody(
        &self,
        actor: Actor,
        text: &str,
        until: Option<Timestamp>,
    ) -> Result<Alert, WireError> {
        runs(actor)?;
        let now = self.clock.now();
        let text = alert::checked(text, until, now)?;
        let decision = Decision::Alert(text, until);
        let Decided::Alert(id) = self.decide(actor, decision).await? else {
            return Err(WireError::Internal);
        };
        let alerts = self.alerts().await?;
        let made = alerts.into_iter().find(|alert| alert.id == id);
        // Somebody else has ended it already.
        made.ok_or(WireError::NotFound)
    }

    /// Ends it. Errors: `forbidden`, `not_found`.
    pub async fn end_alert(&self, actor: Actor, id: AlertId) -> Result<(), WireError> {
        runs(actor)?;
        self.decide(actor, Decision::EndAlert(id)).await.map(drop)
    }

    /// What everybody is told now, oldest first.
    pub async fn alerts(&self) -> Result<Vec<Alert>, WireError> {
        let mut reader = self.store.read().await.stored()?;
        alerts::current(&mut reader.conn(), self.clock.now())
            .await
            .stored()
    }

    /// Puts it away for the viewer. Errors: `not_found`.
    pub async fn dismiss_alert(&self, viewer: &Viewer, id: AlertId) -> Result<(), WireError> {
        let user_id = viewer.user_id;
        let write = Write::DismissAlert { user_id, id };
        self.writer.write(write).await.map(drop)
    }

    async fn decide(&self, actor: Actor, decision: Decision) -> Result<Decided, WireError> {
        let write = Write::Decide {
            by: actor.id,
            decision: Box::new(decision),
        };
        match self.writer.write(write).await? {
            Outcome::Decided(decided) => Ok(decided),
            _ => Err(WireError::Internal),
        }
    }
}

/// The alerts as that person has them.
pub(super) async fn alerts_for(
    conn: &mut Conn<'_>,
    user_id: UserId,
    now: Timestamp,
) -> Result<Alerts, WireError> {
    Ok(Alerts {
        current: alerts::current(conn, now).await.stored()?,
        dismissed: alerts::dismissed(conn, user_id, now).await.stored()?,
    })
}

/// Before what is sent is looked at; the writer looks again.
fn runs(actor: Actor) -> Result<(), WireError> {
    if runs_the_school(actor.role) {
        Ok(())
    } else {
        Err(WireError::Forbidden)
    }
}

/// The picture as it is kept, with its hash.
fn logo_of(picture: &[u8]) -> Result<(String, Logo), WireError> {
    if picture.len() > LOGO_BYTES {
        return Err(WireError::TooLarge);
    }
    let kind = picture_kind(picture).ok_or(WireError::UnsupportedType)?;
    let hash: String = Sha256::digest(picture)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let logo = Logo {
        kind: kind.to_owned(),
        content: STANDARD.encode(picture),
    };
    Ok((hash, logo))
}
