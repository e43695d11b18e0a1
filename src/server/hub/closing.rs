//! Closing connections: of a session, of a user, of all.

use super::{Connection, Hub};
use crate::{
    model::{Role, SessionId, UserId},
    protocol::CloseCode,
};

impl Hub {
    /// Closes the sockets of an ended session.
    pub fn close_session(&self, session_id: SessionId) {
        let code = CloseCode::SessionEnded;
        self.close_where(code, |connection| connection.session_id() == session_id);
    }

    /// Closes all sockets of a user.
    pub fn close_user(&self, user_id: UserId) {
        let code = CloseCode::SessionEnded;
        self.close_where(code, |connection| connection.user_id() == user_id);
    }

    /// Closes those sockets of a user that were opened in another role than this one: what they may see, and what waits
    /// for them, goes by that.
    pub fn close_outdated(&self, user_id: UserId, role: Role) {
        self.close_where(CloseCode::RoleChanged, |connection| {
            connection.user_id() == user_id && connection.actor().role != role
        });
    }

    fn close_where(&self, code: CloseCode, is_meant: impl Fn(&Connection) -> bool) {
        for connection in self.all.read().values() {
            if is_meant(connection) {
                connection.close(code);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::permission::Actor;

    fn opened(hub: &Hub, id: i64, role: Role) -> Arc<Connection> {
        let actor = Actor {
            id: UserId(id),
            role,
        };
        let (connection, _) = Connection::new(actor, SessionId(id), Vec::new());
        hub.register(&connection);
        connection
    }

    #[test]
    fn who_has_come_back_with_the_new_role_stays() {
        let hub = Hub::default();
        let (former, back) = (opened(&hub, 1, Role::Agent), opened(&hub, 1, Role::Student));
        let other = opened(&hub, 2, Role::Agent);
        hub.close_outdated(UserId(1), Role::Student);
        assert_eq!(former.closing(), Some(CloseCode::RoleChanged));
        assert_eq!((back.closing(), other.closing()), (None, None));
    }
}
