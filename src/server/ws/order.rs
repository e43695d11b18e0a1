//! Commands about who is in a room: the same on every socket.

use crate::{
    model::{JoinRequestId, MemberChange, RoomId, WireError, permission::Actor},
    protocol::Command,
    server::service::Services,
};

/// Does what such a command says; nothing for any other.
///
/// Errors: those of the use case.
pub(super) async fn keep_order(
    services: &Services,
    actor: Actor,
    command: Command,
) -> Result<(), WireError> {
    match command {
        Command::KickUser { room_id, user_id } => {
            let whom = (room_id, user_id);
            services
                .change_member(actor, whom, MemberChange::Kick, None)
                .await
        }
        Command::JoinRequest { room_id, note } => {
            services.ask_to_join(actor, room_id, &note).await.map(drop)
        }
        Command::ApproveJoin {
            room_id,
            request_id,
        } => decide(services, actor, room_id, (request_id, true)).await,
        Command::DenyJoin {
            room_id,
            request_id,
        } => decide(services, actor, room_id, (request_id, false)).await,
        _ => Ok(()),
    }
}

async fn decide(
    services: &Services,
    actor: Actor,
    room_id: RoomId,
    (id, is_approved): (JoinRequestId, bool),
) -> Result<(), WireError> {
    let decided = services.decide_request(actor, room_id, id, is_approved);
    decided.await.map(drop)
}
