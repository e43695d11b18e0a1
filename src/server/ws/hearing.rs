//! What a client's frames come to: a command that is carried out, or what it is told instead.

use axum::extract::ws::Message;
use tokio::time::Instant;

use super::{
    ending::{self, End},
    patience::{cost, is_sign},
    socket::Socket,
};
use crate::{
    model::{ClientId, WireError},
    protocol::{CloseCode, Command, CommandFrame, Event},
};

impl Socket {
    /// What the client has sent.
    pub(super) async fn heard(
        &mut self,
        message: Option<Result<Message, axum::Error>>,
    ) -> Result<(), End> {
        let message = message.ok_or(End::Gone)?.map_err(ending::of)?;
        self.heard_at = Instant::now();
        match message {
            Message::Text(text) => self.frame(text.as_str()).await,
            Message::Binary(_) => self.senseless(None, WireError::Malformed).await,
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
        let text = self.in_native_words(text);
        match CommandFrame::parse(&text) {
            Ok(frame) if !self.carries(&frame.command) => {
                self.senseless(frame.reference, WireError::UnknownType)
                    .await
            }
            Ok(frame) => {
                self.patience.sense();
                let spent = self
                    .services
                    .spend(self.viewer.user_id, cost(&frame.command));
                match spent {
                    Ok(()) => Box::pin(self.command(frame)).await,
                    Err(refusal) => self.refuse(frame, refusal).await,
                }
            }
            Err((reference, error)) => self.senseless(reference, error).await,
        }
    }

    async fn senseless(&mut self, reference: Option<String>, error: WireError) -> Result<(), End> {
        if !self.patience.forgives_nonsense() {
            return Err(End::Close(CloseCode::Abuse));
        }
        let error = match self.services.spend_on_noise(self.viewer.user_id) {
            Ok(()) => error,
            Err(refusal) => {
                self.exceed()?;
                refusal
            }
        };
        self.send(&Event::error(reference, None, error)).await
    }

    /// Tells a command that it was one too many for now.
    async fn refuse(&mut self, frame: CommandFrame, refusal: WireError) -> Result<(), End> {
        self.exceed()?;
        if is_sign(&frame.command) {
            return Ok(());
        }
        let key = key_of(&frame.command);
        let refused = Event::error(frame.reference, key, refusal);
        let text = self.answer_text(&refused);
        self.feed(text).await?;
        self.flush().await
    }

    /// The answer to a send, which goes out with what else is to be written.
    pub(super) async fn sent(&mut self, answer: Event) -> Result<(), End> {
        if let Event::Error(error) = &answer
            && matches!(error.error, WireError::RateLimited { .. })
        {
            self.exceed()?;
        }
        let text = self.answer_text(&answer);
        self.feed(text).await
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

fn key_of(command: &Command) -> Option<ClientId> {
    match command {
        Command::ChatMessage { client_id, .. } => *client_id,
        _ => None,
    }
}
