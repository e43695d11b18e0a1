//! What a client's frames come to: a command that is carried out, or what it is told instead.

use axum::extract::ws::Message;
use tokio::time::Instant;

use super::life::RoomSocket;
use crate::{
    model::{ClientId, WireError},
    protocol::{
        CloseCode, Command, Event,
        public::{RoomCommand, RoomCommandFrame, RoomFrame, Unreadable},
    },
    server::ws::{
        ending::{self, End},
        patience::{cost, is_sign},
    },
};

impl RoomSocket {
    /// What the client has sent.
    pub(super) async fn heard(
        &mut self,
        message: Option<Result<Message, axum::Error>>,
    ) -> Result<(), End> {
        let message = message.ok_or(End::Gone)?.map_err(ending::of)?;
        self.heard_at = Instant::now();
        match message {
            Message::Text(text) => self.frame(text.as_str()).await,
            Message::Binary(_) => self.senseless(Unreadable::Json).await,
            // Its answer goes out by itself. Over the budget there is nothing to refuse it with.
            Message::Ping(_) | Message::Pong(_) => {
                match self.services.spend_on_noise(self.viewer.user_id) {
                    Ok(()) => Ok(()),
                    Err(_) => self.exceed(),
                }
            }
            Message::Close(_) => Err(End::Left),
        }
    }

    async fn frame(&mut self, text: &str) -> Result<(), End> {
        match RoomCommandFrame::parse(text, self.room_id) {
            Ok(frame) => {
                self.patience.sense();
                let cost = native(&frame).map_or(1, cost);
                match self.services.spend(self.viewer.user_id, cost) {
                    Ok(()) => Box::pin(self.command(frame)).await,
                    Err(refusal) => self.refuse(frame, refusal).await,
                }
            }
            Err(unreadable) => self.senseless(unreadable).await,
        }
    }

    async fn senseless(&mut self, unreadable: Unreadable) -> Result<(), End> {
        if !self.patience.forgives_nonsense() {
            return Err(End::Close(CloseCode::Abuse));
        }
        if let Err(refusal) = self.services.spend_on_noise(self.viewer.user_id) {
            self.exceed()?;
            return self.send(&Event::error(None, None, refusal)).await;
        }
        match unreadable {
            Unreadable::Json => self.send_frames(&[RoomFrame::invalid_json()]).await,
            Unreadable::Error(reference, error) => {
                self.send(&Event::error(reference, None, error)).await
            }
        }
    }

    /// Tells a command that it was one too many for now.
    async fn refuse(&mut self, frame: RoomCommandFrame, refusal: WireError) -> Result<(), End> {
        self.exceed()?;
        if native(&frame).is_some_and(is_sign) {
            return Ok(());
        }
        let key = native(&frame).and_then(key_of);
        self.send(&Event::error(frame.reference, key, refusal))
            .await
    }

    /// The answer to a send.
    pub(super) async fn sent(&mut self, answer: Event) -> Result<(), End> {
        if let Event::Error(error) = &answer
            && matches!(error.error, WireError::RateLimited { .. })
        {
            self.exceed()?;
        }
        self.send(&answer).await
    }

    /// One more over the budget: too many of them are abuse.
    fn exceed(&mut self) -> Result<(), End> {
        if self.patience.forgives_excess(Instant::now()) {
            Ok(())
        } else {
            Err(End::Close(CloseCode::Abuse))
        }
    }
}

fn native(frame: &RoomCommandFrame) -> Option<&Command> {
    match &frame.command {
        RoomCommand::Native(command) => Some(command),
        _ => None,
    }
}

fn key_of(command: &Command) -> Option<ClientId> {
    match command {
        Command::ChatMessage { client_id, .. } => *client_id,
        _ => None,
    }
}
