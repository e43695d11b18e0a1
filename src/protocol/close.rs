//! Why a socket was closed: the documented table of close codes.

/// A close code that the server sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// Nothing wrong.
    Normal,
    /// The peer does not speak WebSocket as RFC 6455 has it.
    BadFrame,
    /// A text that is not UTF-8.
    BadText,
    /// The peer keeps sending what makes no sense, or more than it may.
    Abuse,
    /// A frame or a message larger than the limit.
    TooLarge,
    /// The server restarts; come back.
    Restarting,
    /// The session has ended.
    SessionEnded,
    /// Removed from this room.
    Removed,
    /// No such room, or not yours.
    NotFound,
    /// Too slow for its queue; resume.
    TooSlow,
    /// The account has another role now: what it may see and do is to be asked afresh.
    RoleChanged,
    /// No sign of life for too long; come back.
    Silent,
    /// Too many sockets of one user.
    TooMany,
}

impl CloseCode {
    /// The number on the wire.
    pub fn number(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::BadFrame => 1002,
            Self::BadText => 1007,
            Self::Abuse => 1008,
            Self::TooLarge => 1009,
            Self::Restarting => 1012,
            Self::SessionEnded => 4401,
            Self::Removed => 4403,
            Self::NotFound => 4404,
            Self::TooSlow => 4408,
            Self::RoleChanged => 4409,
            Self::Silent => 4410,
            Self::TooMany => 4429,
        }
    }
}

/// Whether a client that was closed with this number may try again by itself.
pub fn may_reconnect(number: u16) -> bool {
    ![
        CloseCode::SessionEnded,
        CloseCode::Removed,
        CloseCode::NotFound,
        CloseCode::Abuse,
    ]
    .iter()
    .any(|code| code.number() == number)
}
