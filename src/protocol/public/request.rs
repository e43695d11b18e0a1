//! A request to join a room, as the contract shows it.

use serde::Serialize;

use super::Person;
use crate::model::{JoinRequest, JoinRequestId, RequestStatus, RoomId, Timestamp, UserId};

/// Somebody asks to be let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicRequest {
    id: JoinRequestId,
    room: RoomId,
    user: Person,
    note: String,
    status: RequestStatus,
    created_at: Timestamp,
    processed_at: Option<Timestamp>,
    processed_by: Option<UserId>,
}

impl From<JoinRequest> for PublicRequest {
    fn from(request: JoinRequest) -> Self {
        Self {
            id: request.id,
            room: request.room_id,
            user: request.user.into(),
            note: request.note,
            status: request.status,
            created_at: request.created_at,
            processed_at: request.processed_at,
            processed_by: request.processed_by,
        }
    }
}
