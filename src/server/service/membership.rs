//! Rooms that people make and join: the acts, and what is read of them by those who are in and those who are not.

use super::{Services, Viewer, fault::Stored, rooms::granted};
use crate::{
    model::{
        JoinRequest, JoinRequestId, Listed, Member, MemberChange, MessageId, RequestStatus,
        RoomCard, RoomDraft, RoomId, RoomPatch, Slice, UserId, WireError,
        member::{MUTE_MINUTES, check_note, check_reason},
        permission::{Action, Actor},
    },
    server::store::{
        cards, members, requests,
        writer::{Outcome, RoomAct, RoomDone, Write},
    },
};

impl Services {
    async fn act(&self, actor: Actor, act: RoomAct) -> Result<RoomDone, WireError> {
        let write = Write::Room {
            by: actor.id,
            act: Box::new(act),
        };
        match self.writer.write(write).await? {
            Outcome::Room(done) => Ok(*done),
            _ => Err(WireError::Internal),
        }
    }

    /// Makes a room that the actor runs. Errors: `invalid`, `forbidden` for those who make none of that kind and
    /// `teachers_only` for what is of a course, `full`.
    pub async fn create_room(&self, actor: Actor, draft: RoomDraft) -> Result<RoomId, WireError> {
        let act = RoomAct::Create(draft.checked()?);
        Ok(self.act(actor, act).await?.room.id)
    }

    /// Comes into a public room; who is in stays in. Answers whether that is new.
    ///
    /// Errors: `not_found`, `forbidden`, `archived`, `full`.
    pub async fn join(&self, actor: Actor, room_id: RoomId) -> Result<bool, WireError> {
        Ok(self.act(actor, RoomAct::Join(room_id)).await?.is_new)
    }

    /// Goes out. Errors: `not_found`, `forbidden`, `last_host`.
    pub async fn leave(&self, actor: Actor, room_id: RoomId) -> Result<(), WireError> {
        self.act(actor, RoomAct::Leave(room_id)).await.map(drop)
    }

    /// Lets somebody in who did not ask. Answers whether that is new. Errors: `not_found`, `forbidden`, `archived`, `full`.
    pub async fn invite(
        &self,
        actor: Actor,
        room_id: RoomId,
        user_id: UserId,
    ) -> Result<bool, WireError> {
        let act = RoomAct::Invite(room_id, user_id);
        Ok(self.act(actor, act).await?.is_new)
    }

    /// Does that with a member. Errors: `not_found`, `forbidden`; `invalid` on `minutes` or `reason`.
    pub async fn change_member(
        &self,
        actor: Actor,
        (room_id, user_id): (RoomId, UserId),
        change: MemberChange,
        reason: Option<String>,
    ) -> Result<(), WireError> {
        if let MemberChange::Mute(Some(minutes)) = change
            && !(1..=MUTE_MINUTES).contains(&minutes)
        {
            let problem = format!("From 1 to {MUTE_MINUTES}.");
            return Err(WireError::field("minutes", problem));
        }
        let reason = reason.as_deref().map(check_reason).transpose()?;
        let reason = reason.filter(|reason| !reason.is_empty());
        let act = RoomAct::Member(room_id, user_id, change, reason);
        self.act(actor, act).await.map(drop)
    }

    /// Changes what a room is. Errors: `invalid`, `not_found`, `forbidden`, `archived`.
    pub async fn update_room(
        &self,
        actor: Actor,
        room_id: RoomId,
        patch: RoomPatch,
    ) -> Result<(), WireError> {
        let act = RoomAct::Update(room_id, patch.checked()?);
        self.act(actor, act).await.map(drop)
    }

    /// Makes a room read-only, or writable again. Errors: `not_found`, `forbidden`.
    pub async fn archive_room(
        &self,
        actor: Actor,
        room_id: RoomId,
        is_archived: bool,
    ) -> Result<(), WireError> {
        let act = RoomAct::Archive(room_id, is_archived);
        self.act(actor, act).await.map(drop)
    }

    /// Lets a room go. Errors: `not_found`, `forbidden`.
    pub async fn delete_room(&self, actor: Actor, room_id: RoomId) -> Result<(), WireError> {
        self.act(actor, RoomAct::Delete(room_id)).await.map(drop)
    }

    /// Asks to be let in. Errors: `invalid` on `note`, `not_found`, `forbidden`, `archived`, `already_exists`.
    pub async fn ask_to_join(
        &self,
        actor: Actor,
        room_id: RoomId,
        note: &str,
    ) -> Result<JoinRequest, WireError> {
        let act = RoomAct::Ask(room_id, check_note(note)?);
        self.act(actor, act)
            .await?
            .request
            .ok_or(WireError::Internal)
    }

    /// Decides over a request, once. Errors: `not_found`, `forbidden`, `archived`, `full`, `conflict`.
    pub async fn decide_request(
        &self,
        actor: Actor,
        room_id: RoomId,
        id: JoinRequestId,
        is_approved: bool,
    ) -> Result<JoinRequest, WireError> {
        let act = RoomAct::Decide(room_id, id, is_approved);
        self.act(actor, act)
            .await?
            .request
            .ok_or(WireError::Internal)
    }

    /// Opens the direct room with somebody; answers it and whether it is new.
    ///
    /// Errors: `not_found` for the person, `invalid` on `user_id` for oneself.
    pub async fn open_direct(
        &self,
        actor: Actor,
        with: UserId,
    ) -> Result<(RoomId, bool), WireError> {
        let done = self.act(actor, RoomAct::OpenDirect(with)).await?;
        Ok((done.room.id, done.is_new))
    }

    /// Opens the private thread with the sender of a message; answers it and whether it is new.
    ///
    /// Errors: `not_found` for the message, `invalid` on `owner_message` for one's own.
    pub async fn open_thread(
        &self,
        actor: Actor,
        message_id: MessageId,
    ) -> Result<(RoomId, bool), WireError> {
        let done = self.act(actor, RoomAct::OpenThread(message_id)).await?;
        Ok((done.room.id, done.is_new))
    }

    /// Opens the private thread with somebody, of no message; answers it and whether it is new.
    ///
    /// Errors: `not_found` for the person, `invalid` on `user_id` for oneself.
    pub async fn open_thread_with(
        &self,
        actor: Actor,
        with: UserId,
    ) -> Result<(RoomId, bool), WireError> {
        let done = self.act(actor, RoomAct::OpenThreadWith(with)).await?;
        Ok((done.room.id, done.is_new))
    }

    /// Rooms whose cards the viewer sees, by name: those in whose names `search` is.
    pub async fn browse(
        &self,
        viewer: &Viewer,
        search: &str,
        slice: Slice,
    ) -> Result<Listed<RoomCard>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        cards::browse(&mut tx.conn(), viewer.actor(), search, slice)
            .await
            .stored()
    }

    /// One room's card. Errors: `not_found`.
    pub async fn room_card(&self, viewer: &Viewer, room_id: RoomId) -> Result<RoomCard, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        granted(&mut conn, viewer, Action::SeeCard, room_id).await?;
        cards::one(&mut conn, viewer.user_id, room_id)
            .await
            .stored()?
            .ok_or(WireError::NotFound)
    }

    /// Who is in a room, in pages. Errors: `not_found`.
    pub async fn members(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        slice: Slice,
    ) -> Result<Listed<Member>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        granted(&mut conn, viewer, Action::Read, room_id).await?;
        Ok(Listed {
            count: members::count(&mut conn, room_id).await.stored()?,
            items: members::of_room(&mut conn, room_id, slice.limit, slice.offset)
                .await
                .stored()?,
        })
    }

    /// Those who ask to be let in, oldest first. Errors: `not_found`, `forbidden`.
    pub async fn join_requests(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        status: Option<RequestStatus>,
        slice: Slice,
    ) -> Result<Listed<JoinRequest>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        granted(&mut conn, viewer, Action::SeeRequests, room_id).await?;
        Ok(Listed {
            count: requests::count(&mut conn, room_id, status).await.stored()?,
            items: requests::of_room(&mut conn, room_id, status, slice.limit, slice.offset)
                .await
                .stored()?,
        })
    }
}
