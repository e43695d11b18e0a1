//! Closing connections: of a session, of a user, of all.

use super::{Connection, Hub};
use crate::{
    model::{SessionId, UserId},
    protocol::CloseCode,
};

impl Hub {
    /// Closes the sockets of an ended session.
    pub fn close_session(&self, session_id: SessionId) {
        self.close_where(|connection| connection.session_id() == session_id);
    }

    /// Closes all sockets of a user.
    pub fn close_user(&self, user_id: UserId) {
        self.close_where(|connection| connection.user_id() == user_id);
    }

    fn close_where(&self, is_meant: impl Fn(&Connection) -> bool) {
        for connection in self.all.read().values() {
            if is_meant(connection) {
                connection.close(CloseCode::SessionEnded);
            }
        }
    }

    /// Closes every socket, and each that comes after this.
    pub fn close_all(&self, code: CloseCode) {
        self.closed.get_or_init(|| code);
        for connection in self.all.read().values() {
            connection.close(code);
        }
    }
}
