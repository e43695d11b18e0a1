//! What each command does: a use case of the service, and its answer.

use std::sync::Arc;

use futures_util::FutureExt;
use tokio::time::Instant;

use super::{ending::End, order::keep_order, patience::is_own_doing, socket::Socket};
use crate::{
    model::{Audience, ClientId, Epoch, RoomId, WireError},
    protocol::{Ack, Command, CommandFrame, Event, ResumeFrom},
    server::service::NewMessage,
};

/// Rooms in one `resume`.
pub(super) const RESUME_ROOMS: usize = 100;

impl Socket {
    /// Does what the client wants.
    pub(super) async fn command(&mut self, frame: CommandFrame) -> Result<(), End> {
        let CommandFrame { reference, command } = frame;
        if is_own_doing(&command) {
            self.services.is_active(&self.viewer);
        }
        match command {
            Command::ChatMessage {
                room_id,
                content,
                client_id,
                audience,
                reply_to: _,
            } => {
                self.start_send(
                    reference,
                    NewMessage {
                        room_id,
                        client_id,
                        audience,
                        content,
                    },
                );
                Ok(())
            }
            Command::DeleteMessage { message_id } => {
                let deleted = self.services.delete_message(&self.viewer, None, message_id);
                let done = deleted.await.map(drop);
                self.answer(reference, done).await
            }
            Command::Typing {
                room_id,
                is_typing,
                audience,
            } => {
                let sign = (is_typing, audience);
                self.typing(reference, room_id, sign).await
            }
            Command::StopTyping { room_id } => {
                let sign = (false, Audience::All);
                self.typing(reference, room_id, sign).await
            }
            Command::MarkRead { room_id, read_seq } => {
                let done = self
                    .services
                    .mark_read(self.viewer.actor(), room_id, read_seq)
                    .await;
                self.answer(reference, done).await
            }
            Command::ReadMessages(by) => {
                let read = self
                    .services
                    .read_messages(&self.viewer, by.room_id, &by.message_ids);
                let done = read.await.map(drop);
                self.answer(reference, done).await
            }
            Command::Delivered { room_id, read_seq } => {
                let noted = self
                    .services
                    .mark_delivered(&self.viewer, room_id, read_seq);
                let done = noted.await;
                self.answer(reference, done).await
            }
            Command::MessagesDelivered(by) => {
                let noted =
                    self.services
                        .messages_delivered(&self.viewer, by.room_id, &by.message_ids);
                let done = noted.await;
                self.answer(reference, done).await
            }
            Command::Resume { epoch, rooms } => self.resume(reference, epoch, rooms).await,
            Command::Watch { room_id, user_ids } => {
                let connection = Arc::clone(&self.connection);
                self.services.hub.look(&connection, room_id);
                let done = self
                    .services
                    .watch_people(&self.viewer, &connection, &user_ids)
                    .await;
                self.answer(reference, done).await
            }
            Command::Presence { status: None } => {
                self.services.is_active(&self.viewer);
                Ok(())
            }
            command @ (Command::KickUser { .. }
            | Command::JoinRequest { .. }
            | Command::ApproveJoin { .. }
            | Command::DenyJoin { .. }) => {
                let actor = self.viewer.actor();
                let done = Box::pin(keep_order(&self.services, actor, command)).await;
                self.answer(reference, done).await
            }
            Command::Presence {
                status: Some(status),
            } => {
                let done = self.services.choose_presence(&self.viewer, status).await;
                self.answer(reference, done).await
            }
            Command::Hello => self.hello().await,
            Command::Ping => self.send(&Event::Pong).await,
        }
    }

    /// An error is told; success of a command without an `ack` of its own is silent.
    async fn answer(
        &mut self,
        reference: Option<String>,
        done: Result<(), WireError>,
    ) -> Result<(), End> {
        match done {
            Ok(()) => Ok(()),
            Err(error) => self.send(&Event::error(reference, None, error)).await,
        }
    }

    /// The commit is awaited beside the socket's life, so that what others send goes on meanwhile.
    fn start_send(&mut self, reference: Option<String>, new: NewMessage) {
        let (services, viewer) = (self.services.clone(), self.viewer.clone());
        let key = new.client_id;
        let send = async move {
            match services.send(&viewer, new).await {
                Ok(message) => Event::Ack(Ack {
                    reference,
                    client_id: message.client_id.or(key).unwrap_or_else(ClientId::random),
                    message_id: message.id,
                    seq: message.seq,
                    timestamp: message.created_at,
                }),
                Err(error) => Event::error(reference, key, error),
            }
        };
        self.sends.push(send.boxed());
    }

    async fn typing(
        &mut self,
        reference: Option<String>,
        room_id: RoomId,
        (is_typing, audience): (bool, Audience),
    ) -> Result<(), End> {
        if !self
            .patience
            .shows_typing(room_id, is_typing, Instant::now())
        {
            return Ok(());
        }
        let done = self
            .services
            .show_typing(&self.viewer, room_id, (is_typing, audience))
            .await;
        self.answer(reference, done).await
    }

    async fn resume(
        &mut self,
        reference: Option<String>,
        epoch: Epoch,
        rooms: Vec<ResumeFrom>,
    ) -> Result<(), End> {
        if rooms.len() > RESUME_ROOMS {
            let error = WireError::field("rooms", format!("At most {RESUME_ROOMS} rooms at once."));
            return self.send(&Event::error(reference, None, error)).await;
        }
        for from in rooms {
            match self.services.resume(&self.viewer, &epoch, from).await {
                Ok(events) => {
                    if let Some(Event::CaughtUp { room_id, seq }) = events.last() {
                        self.known.insert(*room_id, *seq);
                    }
                    self.send_all(&events).await?;
                }
                Err(error) => {
                    self.send(&Event::error(reference.clone(), None, error))
                        .await?
                }
            }
        }
        Ok(())
    }
}
