//! A socket for presence and typing alone (S3): at whom it looks at first, what it carries, and what is asked of it.

use std::sync::Arc;

use super::{
    ending::End,
    socket::{Scope, Socket},
};
use crate::{
    model::WireError,
    protocol::{CloseCode, Command},
    server::hub::Frame,
};

/// How the frames begin that it carries.
const SIGNS: [&str; 2] = [r#"{"type":"presence""#, r#"{"type":"typing_indicator""#];

/// Whether a frame is one of them.
pub(super) fn is_sign(frame: &Frame) -> bool {
    SIGNS.iter().any(|sign| frame.text.starts_with(sign))
}

impl Socket {
    /// Its client need not say where it looks: it is told of typing in all rooms, and of the first people whom its user
    /// knows, itself included.
    pub(super) async fn begin_signs(&mut self) -> Result<(), End> {
        self.connection.watch_everywhere();
        let connection = Arc::clone(&self.connection);
        let looked = async {
            let people = self.services.first_known(&self.viewer).await?;
            self.services
                .watch_people(&self.viewer, &connection, &people)
                .await
        };
        Box::pin(looked).await.map_err(|error| match error {
            WireError::Unauthorized => End::Close(CloseCode::SessionEnded),
            _ => End::Close(CloseCode::Restarting),
        })
    }

    /// Whether that command has its place here.
    pub(super) fn carries(&self, command: &Command) -> bool {
        self.scope != Scope::Signs
            || matches!(
                command,
                Command::Presence { .. }
                    | Command::Watch { .. }
                    | Command::Typing { .. }
                    | Command::StopTyping { .. }
                    | Command::Ping
            )
    }
}
