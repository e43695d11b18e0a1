//! The bodies of the server functions of the school's own settings, of alerts and of blocks.

use super::{account::is_call, state, told, viewer};
use crate::{
    api::school::Decisions,
    model::{Alert, AlertId, Policy, Timestamp, UserId, WireError},
};

/// See [`crate::api::school::school_settings`].
pub async fn school_settings() -> Result<Decisions, WireError> {
    let settings = async {
        let services = state()?.services;
        let school = services.school_settings(&viewer()?)?;
        Ok(Decisions {
            name: school.look.name.unwrap_or_default(),
            accent: school.look.accent.map(String::from).unwrap_or_default(),
            logo: services.logo_path(),
            policy: school.policy,
            alerts: services.alerts().await?,
        })
    };
    match settings.await {
        // A page that is being rendered says by itself that it is not there, or leads to the sign-in page.
        Err(error @ (WireError::Unauthorized | WireError::Forbidden)) if !is_call() => Err(error),
        asked => told(asked),
    }
}

/// See [`crate::api::school::set_policy`].
pub async fn set_policy(policy: Policy) -> Result<(), WireError> {
    let set = async {
        state()?
            .services
            .set_policy(viewer()?.actor(), policy)
            .await
    };
    told(set.await)
}

/// See [`crate::api::school::set_look`].
pub async fn set_look(name: String, accent: String) -> Result<(), WireError> {
    let set = async {
        let actor = viewer()?.actor();
        state()?.services.set_look(actor, &name, &accent).await
    };
    told(set.await)
}

/// See [`crate::api::school::tell_everybody`].
pub async fn tell_everybody(content: String, until: Option<Timestamp>) -> Result<Alert, WireError> {
    let told_now = async {
        let actor = viewer()?.actor();
        state()?
            .services
            .tell_everybody(actor, &content, until)
            .await
    };
    told(told_now.await)
}

/// See [`crate::api::school::end_alert`].
pub async fn end_alert(id: AlertId) -> Result<(), WireError> {
    told(async { state()?.services.end_alert(viewer()?.actor(), id).await }.await)
}

/// See [`crate::api::school::dismiss_alert`].
pub async fn dismiss_alert(id: AlertId) -> Result<(), WireError> {
    told(async { state()?.services.dismiss_alert(&viewer()?, id).await }.await)
}

/// See [`crate::api::school::block_person`].
pub async fn block_person(user_id: UserId, is_blocked: bool) -> Result<(), WireError> {
    let block = async {
        state()?
            .services
            .block(&viewer()?, user_id, is_blocked)
            .await
    };
    told(block.await)
}
