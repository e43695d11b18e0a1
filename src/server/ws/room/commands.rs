//! What each command does in one room: a use case of the service, and its answer.

use futures_util::FutureExt;
use tokio::time::Instant;

use super::life::RoomSocket;
use crate::{
    model::{Audience, ClientId, Epoch, Seq, WireError},
    protocol::{
        Ack, Command, Event, ResumeFrom,
        public::{RoomCommand, RoomCommandFrame, RoomFrame, told},
    },
    server::{
        service::NewMessage,
        ws::{ending::End, order::keep_order, patience::is_own_doing},
    },
};

impl RoomSocket {
    /// Does what the client wants.
    pub(super) async fn command(&mut self, frame: RoomCommandFrame) -> Result<(), End> {
        let RoomCommandFrame { reference, command } = frame;
        match command {
            RoomCommand::Heartbeat => {
                let timestamp = self.services.clock.now();
                self.send_frames(&[RoomFrame::HeartbeatAck { timestamp }])
                    .await
            }
            RoomCommand::Native(command) => self.native(reference, command).await,
        }
    }

    async fn native(&mut self, reference: Option<String>, command: Command) -> Result<(), End> {
        if is_own_doing(&command) {
            self.services.is_active(&self.viewer);
        }
        match command {
            Command::ChatMessage {
                content,
                client_id,
                audience,
                ..
            } => {
                let new = NewMessage {
                    room_id: self.room_id,
                    client_id,
                    audience,
                    content,
                };
                self.start_send(reference, new);
                Ok(())
            }
            Command::DeleteMessage { message_id } => {
                let only = Some(self.room_id);
                let deleted = self.services.delete_message(&self.viewer, only, message_id);
                let done = deleted.await.map(drop);
                self.answer(reference, done).await
            }
            Command::Typing {
                is_typing,
                audience,
                ..
            } => self.typing(reference, (is_typing, audience)).await,
            Command::StopTyping { .. } => self.typing(reference, (false, Audience::All)).await,
            Command::MarkRead { read_seq, .. } => {
                let actor = self.viewer.actor();
                let done = self.services.mark_read(actor, self.room_id, read_seq);
                let done = done.await;
                self.answer(reference, done).await
            }
            Command::ReadMessages(by) => {
                let (viewer, room_id) = (&self.viewer, Some(self.room_id));
                let read = self
                    .services
                    .read_messages(viewer, room_id, &by.message_ids);
                let done = read.await.map(drop);
                self.answer(reference, done).await
            }
            Command::Delivered { read_seq, .. } => {
                let noted = self
                    .services
                    .mark_delivered(&self.viewer, self.room_id, read_seq);
                let done = noted.await;
                self.answer(reference, done).await
            }
            Command::MessagesDelivered(by) => {
                let (viewer, room_id) = (&self.viewer, Some(self.room_id));
                let noted = self
                    .services
                    .messages_delivered(viewer, room_id, &by.message_ids);
                let done = noted.await;
                self.answer(reference, done).await
            }
            Command::Resume { epoch, rooms } => self.resume(reference, &epoch, &rooms).await,
            Command::Ping => {
                let timestamp = self.services.clock.now();
                self.send_frames(&[RoomFrame::Pong { timestamp }]).await
            }
            command @ (Command::KickUser { .. }
            | Command::JoinRequest { .. }
            | Command::ApproveJoin { .. }
            | Command::DenyJoin { .. }) => {
                let actor = self.viewer.actor();
                let done = Box::pin(keep_order(&self.services, actor, command)).await;
                self.answer(reference, done).await
            }
            // Not let in by the parser.
            Command::Watch { .. } | Command::Presence { .. } | Command::Hello => Ok(()),
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
        let client_id = new.client_id;
        let send = async move {
            match services.send(&viewer, new).await {
                Ok(message) => Event::Ack(Ack {
                    reference,
                    client_id: message
                        .client_id
                        .or(client_id)
                        .unwrap_or_else(ClientId::random),
                    message_id: message.id,
                    seq: message.seq,
                    timestamp: message.created_at,
                }),
                Err(error) => Event::error(reference, client_id, error),
            }
        };
        self.sends.push(send.boxed());
    }

    async fn typing(
        &mut self,
        reference: Option<String>,
        (is_typing, audience): (bool, Audience),
    ) -> Result<(), End> {
        let now = Instant::now();
        if !self.patience.shows_typing(self.room_id, is_typing, now) {
            return Ok(());
        }
        let done = self
            .services
            .show_typing(&self.viewer, self.room_id, (is_typing, audience))
            .await;
        self.answer(reference, done).await
    }

    async fn resume(
        &mut self,
        reference: Option<String>,
        epoch: &Epoch,
        rooms: &[ResumeFrom],
    ) -> Result<(), End> {
        // All of them are this one.
        let Some(since) = rooms.iter().map(|from| from.since).min() else {
            return Ok(());
        };
        let room_id = self.room_id;
        let from = ResumeFrom { room_id, since };
        match self.services.resume(&self.viewer, epoch, from).await {
            Ok(events) => {
                if let Some(Event::CaughtUp { seq, .. }) = events.last() {
                    self.known = Seq::max(self.known, *seq);
                }
                for event in &events {
                    self.resumed(event).await?;
                }
                self.flush().await
            }
            Err(error) => self.send(&Event::error(reference, None, error)).await,
        }
    }

    async fn resumed(&mut self, event: &Event) -> Result<(), End> {
        let told = told(event);
        let text = match event {
            Event::MessagesRead { .. } | Event::MessagesDelivered { .. } => self.reached(event),
            _ => self.dialect.worded(&told.text).unwrap_or(told.text),
        };
        self.feed(text.into()).await?;
        self.feed_all(self.dialect.beside(event)).await
    }
}
