//! The bodies of the inbox's server functions.

use super::{state, told, viewer};
use crate::model::{
    Colleague, InboxPage, InboxQuery, PersonDetails, RoomId, SupportChange, WireError,
};

/// See [`crate::api::support::triage`].
pub async fn triage(room_id: RoomId, change: SupportChange) -> Result<(), WireError> {
    told(
        async {
            state()?
                .services
                .triage(viewer()?.actor(), room_id, change)
                .await
        }
        .await,
    )
}

/// See [`crate::api::support::support_staff`].
pub async fn support_staff() -> Result<Vec<Colleague>, WireError> {
    told(async { state()?.services.support_staff(&viewer()?).await }.await)
}

/// See [`crate::api::support::inbox`].
pub async fn inbox(asked: InboxQuery) -> Result<InboxPage, WireError> {
    told(async { state()?.services.inbox(&viewer()?, &asked).await }.await)
}

/// See [`crate::api::support::support_person`].
pub async fn support_person(room_id: RoomId) -> Result<PersonDetails, WireError> {
    told(async { state()?.services.support_person(&viewer()?, room_id).await }.await)
}
