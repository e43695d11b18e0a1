//! The bodies of the rooms' server functions.

use super::{state, told, viewer};
use crate::{
    api::rooms::{Cards, MembersPage},
    model::{
        CourseCard, JoinRequest, JoinRequestId, MemberChange, Message, MessageId, RequestStatus,
        RoomCard, RoomChoice, RoomDraft, RoomId, RoomPatch, Slice, UserId, WireError,
        limits::{PAGE_SIZE_MAX, PAGED_ROWS},
        permission::Actor,
    },
    server::service::{Services, Viewer},
};

/// Who asks, and the use cases.
fn asked() -> Result<(Services, Viewer), WireError> {
    Ok((state()?.services, viewer()?))
}

fn acted() -> Result<(Services, Actor), WireError> {
    let (services, viewer) = asked()?;
    Ok((services, viewer.actor()))
}

fn slice(page: u32) -> Slice {
    let before = i64::from(page.saturating_sub(1)).saturating_mul(PAGE_SIZE_MAX);
    Slice {
        limit: PAGE_SIZE_MAX,
        offset: before.min(PAGED_ROWS),
    }
}

/// See [`crate::api::rooms::taught_courses`].
pub async fn taught_courses() -> Result<Vec<CourseCard>, WireError> {
    told(
        async {
            let (services, viewer) = asked()?;
            services.taught_courses(&viewer).await
        }
        .await,
    )
}

/// See [`crate::api::rooms::create_room`].
pub async fn create_room(draft: RoomDraft) -> Result<RoomId, WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            services.create_room(actor, draft).await
        }
        .await,
    )
}

/// See [`crate::api::rooms::browse_rooms`].
pub async fn browse_rooms(search: String, page: u32) -> Result<Cards, WireError> {
    told(
        async {
            let (services, viewer) = asked()?;
            let found = services.browse(&viewer, &search, slice(page)).await?;
            Ok(Cards {
                count: found.count,
                cards: found.items,
            })
        }
        .await,
    )
}

/// See [`crate::api::rooms::open_card`].
pub async fn open_card(room_id: RoomId) -> Result<RoomCard, WireError> {
    told(
        async {
            let (services, viewer) = asked()?;
            services.room_card(&viewer, room_id).await
        }
        .await,
    )
}

/// See [`crate::api::rooms::update_room`].
pub async fn update_room(room_id: RoomId, patch: RoomPatch) -> Result<(), WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            services.update_room(actor, room_id, patch).await
        }
        .await,
    )
}

/// See [`crate::api::rooms::archive_room`].
pub async fn archive_room(room_id: RoomId, is_archived: bool) -> Result<(), WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            services.archive_room(actor, room_id, is_archived).await
        }
        .await,
    )
}

/// See [`crate::api::rooms::delete_room`].
pub async fn delete_room(room_id: RoomId) -> Result<(), WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            services.delete_room(actor, room_id).await
        }
        .await,
    )
}

/// See [`crate::api::rooms::choose_room`].
pub async fn choose_room(room_id: RoomId, choice: RoomChoice) -> Result<(), WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            services.choose(actor, room_id, choice).await
        }
        .await,
    )
}

/// See [`crate::api::rooms::join_room`].
pub async fn join_room(room_id: RoomId) -> Result<(), WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            services.join(actor, room_id).await.map(drop)
        }
        .await,
    )
}

/// See [`crate::api::rooms::leave_room`].
pub async fn leave_room(room_id: RoomId) -> Result<(), WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            services.leave(actor, room_id).await
        }
        .await,
    )
}

/// See [`crate::api::rooms::ask_to_join`].
pub async fn ask_to_join(room_id: RoomId, note: String) -> Result<(), WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            let asked = services.ask_to_join(actor, room_id, &note).await;
            asked.map(drop)
        }
        .await,
    )
}

/// See [`crate::api::rooms::join_requests`].
pub async fn join_requests(room_id: RoomId) -> Result<Vec<JoinRequest>, WireError> {
    told(
        async {
            let (services, viewer) = asked()?;
            let pending = Some(RequestStatus::Pending);
            let found = services.join_requests(&viewer, room_id, pending, slice(1));
            Ok(found.await?.items)
        }
        .await,
    )
}

/// See [`crate::api::rooms::decide_request`].
pub async fn decide_request(
    room_id: RoomId,
    request_id: JoinRequestId,
    is_approved: bool,
) -> Result<(), WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            let decided = services.decide_request(actor, room_id, request_id, is_approved);
            decided.await.map(drop)
        }
        .await,
    )
}

/// See [`crate::api::rooms::room_members`].
pub async fn room_members(room_id: RoomId, page: u32) -> Result<MembersPage, WireError> {
    told(
        async {
            let (services, viewer) = asked()?;
            let found = services.members(&viewer, room_id, slice(page)).await?;
            Ok(MembersPage {
                count: found.count,
                members: found.items,
            })
        }
        .await,
    )
}

/// See [`crate::api::rooms::invite_member`].
pub async fn invite_member(room_id: RoomId, user_id: UserId) -> Result<(), WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            services.invite(actor, room_id, user_id).await.map(drop)
        }
        .await,
    )
}

/// See [`crate::api::rooms::change_member`].
pub async fn change_member(
    room_id: RoomId,
    user_id: UserId,
    change: MemberChange,
    reason: String,
) -> Result<(), WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            let whom = (room_id, user_id);
            let changed = services.change_member(actor, whom, change, Some(reason));
            changed.await
        }
        .await,
    )
}

/// See [`crate::api::rooms::open_direct`].
pub async fn open_direct(user_id: UserId) -> Result<RoomId, WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            Ok(services.open_direct(actor, user_id).await?.0)
        }
        .await,
    )
}

/// See [`crate::api::rooms::open_thread`].
pub async fn open_thread(message_id: MessageId) -> Result<RoomId, WireError> {
    told(
        async {
            let (services, actor) = acted()?;
            Ok(services.open_thread(actor, message_id).await?.0)
        }
        .await,
    )
}

/// See [`crate::api::rooms::thread_origin`].
pub async fn thread_origin(room_id: RoomId) -> Result<Option<Message>, WireError> {
    told(
        async {
            let (services, viewer) = asked()?;
            services.thread_origin(&viewer, room_id).await
        }
        .await,
    )
}
