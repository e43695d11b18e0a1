//! The one wire error: every path (REST, socket, server functions) says what went wrong by the same closed list.
//!
//! Each variant has one HTTP status, one machine word and one sentence for a person. Causes stay inside the server:
//! they are logged once at the boundary, with the request id.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What went wrong, as told to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum WireError {
    /// A field is missing, malformed or out of its limits.
    #[error("Some of what was sent is not valid.")]
    Invalid {
        /// Field → what is wrong with it.
        fields: BTreeMap<String, Vec<String>>,
    },
    /// The body or frame is not JSON of the expected form.
    #[error("This could not be read.")]
    Malformed,
    /// The command's `type` is not known.
    #[error("There is no such command.")]
    UnknownType,
    /// Nobody is signed in, or the session has ended.
    #[error("Please sign in.")]
    Unauthorized,
    /// The name or the password is wrong.
    #[error("The name or the password is wrong.")]
    WrongCredentials,
    /// You may see it, but not do this.
    #[error("You may not do this.")]
    Forbidden,
    /// The request did not come from Quad's own pages.
    #[error("This request did not come from a page of this site.")]
    CrossSite,
    /// Unknown, or not yours to see: the same answer.
    #[error("There is no such thing here.")]
    NotFound,
    /// The path does not know this method.
    #[error("This address does not work that way.")]
    MethodNotAllowed,
    /// It contradicts what is there.
    #[error("This is already so.")]
    AlreadyExists,
    /// The room is read-only.
    #[error("This conversation is archived.")]
    Archived,
    /// The room holds as many as it may.
    #[error("This room is full.")]
    Full,
    /// Somebody else has decided meanwhile, or it does not stand so that this could be done.
    #[error("This has been decided already.")]
    Conflict,
    /// A room is not left without somebody who runs it.
    #[error("Hand this room over to somebody before you leave it.")]
    LastHost,
    /// A school is not left without somebody who runs it.
    #[error("The school needs an administrator. Make somebody else one before.")]
    LastAdmin,
    /// Who is in a course's room is who is in the course.
    #[error("Who is in this room follows its course; the school changes that.")]
    FollowsCourse,
    /// Rooms of a course are made by those who teach it, and by the school.
    #[error("Rooms of a course are made by its teachers and the school's staff.")]
    TeachersOnly,
    /// One may not write there for a time.
    #[error("You may not write here for a time.")]
    Muted,
    /// The time for it is over.
    #[error("It is too late to change this.")]
    TooLate,
    /// The two may not write to each other, by the school's policy or by the will of one of them: which is not said.
    #[error("You cannot write to this person.")]
    NoContact,
    /// Larger than the limit.
    #[error("This is too large.")]
    TooLarge,
    /// The content type is not served here.
    #[error("This kind of content is not accepted here.")]
    UnsupportedType,
    /// Too many of these in a short time.
    #[error("That was a lot at once. Please wait a moment.")]
    RateLimited {
        /// Seconds until it is worth trying again.
        retry_after: u32,
    },
    /// The server cannot answer just now; trying again is safe.
    #[error("Quad cannot answer just now. Please try again.")]
    Unavailable,
    /// A fault of ours.
    #[error("Something went wrong on our side.")]
    Internal,
}

impl WireError {
    /// A validation error of one field.
    pub fn field(name: &str, problem: impl Into<String>) -> Self {
        Self::Invalid {
            fields: BTreeMap::from([(name.to_owned(), vec![problem.into()])]),
        }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid { .. } | Self::Malformed | Self::UnknownType => 400,
            Self::Unauthorized | Self::WrongCredentials => 401,
            Self::Forbidden
            | Self::CrossSite
            | Self::Muted
            | Self::TooLate
            | Self::FollowsCourse
            | Self::TeachersOnly
            | Self::NoContact => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::AlreadyExists
            | Self::Archived
            | Self::Full
            | Self::Conflict
            | Self::LastHost
            | Self::LastAdmin => 409,
            Self::TooLarge => 413,
            Self::UnsupportedType => 415,
            Self::RateLimited { .. } => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// The machine word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid",
            Self::Malformed => "malformed",
            Self::UnknownType => "unknown_type",
            Self::Unauthorized => "unauthorized",
            Self::WrongCredentials => "wrong_credentials",
            Self::Forbidden => "forbidden",
            Self::CrossSite => "cross_site",
            Self::TooLate => "too_late",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::AlreadyExists => "already_exists",
            Self::Archived => "archived",
            Self::Full => "full",
            Self::Conflict => "conflict",
            Self::LastHost => "last_host",
            Self::LastAdmin => "last_admin",
            Self::FollowsCourse => "follows_course",
            Self::TeachersOnly => "teachers_only",
            Self::Muted => "muted",
            Self::NoContact => "no_contact",
            Self::TooLarge => "too_large",
            Self::UnsupportedType => "unsupported_type",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// Seconds to wait before trying again, where waiting helps.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::RateLimited { retry_after } => Some(*retry_after),
            Self::Unavailable => Some(1),
            _ => None,
        }
    }

    /// Whether the same request may succeed later without a change: the outbox holds instead of parking.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. } | Self::Unavailable | Self::Internal | Self::Unauthorized
        )
    }

    /// The JSON body: `{"detail", "code", "fields"?}`.
    pub fn body(&self) -> serde_json::Value {
        let mut body = serde_json::json!({ "detail": self.to_string(), "code": self.code() });
        if let (Self::Invalid { fields }, Some(map)) = (self, body.as_object_mut()) {
            map.insert("fields".to_owned(), serde_json::json!(fields));
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_names_the_fields_that_are_wrong() {
        let body = WireError::field("content", "Write something.").body();
        assert_eq!(body["code"], "invalid");
        assert_eq!(body["fields"]["content"][0], "Write something.");
        assert!(WireError::NotFound.body().get("fields").is_none());
    }

    #[test]
    fn the_code_is_the_tag_it_serialises_to() {
        for error in [
            WireError::NotFound,
            WireError::RateLimited { retry_after: 3 },
            WireError::CrossSite,
        ] {
            assert_eq!(serde_json::to_value(&error).unwrap()["code"], error.code());
        }
    }
}
