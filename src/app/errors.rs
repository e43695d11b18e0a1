//! The sentence for a person that each wire error, and each problem with a field, has in their language.

use super::i18n::{Locale, text};
use crate::model::{
    WireError,
    account::{NAME_CHARS, PASSWORD_CHARS, Problem, USERNAME_CHARS},
};

/// What to tell the reader.
pub fn sentence(t: Locale, error: &WireError) -> String {
    match error {
        WireError::Invalid { .. } => text!(t, error.invalid),
        WireError::Malformed | WireError::UnknownType | WireError::MethodNotAllowed => {
            text!(t, error.malformed)
        }
        WireError::Unauthorized => text!(t, error.unauthorized),
        WireError::WrongCredentials => text!(t, error.wrong_credentials),
        WireError::Forbidden => text!(t, error.forbidden),
        WireError::CrossSite => text!(t, error.cross_site),
        WireError::NotFound => text!(t, error.not_found),
        WireError::AlreadyExists => text!(t, error.already),
        WireError::Archived => text!(t, error.archived),
        WireError::Full => text!(t, error.full),
        WireError::Conflict => text!(t, error.conflict),
        WireError::LastHost => text!(t, error.last_host),
        WireError::LastAdmin => text!(t, error.last_admin),
        WireError::FollowsCourse => text!(t, error.follows_course),
        WireError::TeachersOnly => text!(t, error.teachers_only),
        WireError::Muted => text!(t, error.muted),
        WireError::TooLate => text!(t, error.too_late),
        WireError::NoContact => text!(t, error.no_contact),
        WireError::TooLarge => text!(t, error.too_large),
        WireError::UnsupportedType => text!(t, error.unsupported),
        WireError::RateLimited { .. } => text!(t, error.rate_limited),
        WireError::Unavailable => text!(t, error.unavailable),
        WireError::Internal => text!(t, error.internal),
    }
}

/// What to tell the reader beside the field.
pub fn field(t: Locale, problem: Problem) -> String {
    match problem {
        Problem::Username => text!(t, problem.username, count = USERNAME_CHARS),
        Problem::Taken => text!(t, problem.taken),
        Problem::Name => text!(t, problem.name, count = NAME_CHARS),
        Problem::Email => text!(t, problem.email),
        Problem::PasswordTooShort => text!(t, problem.password_too_short, count = PASSWORD_CHARS),
        Problem::PasswordTooLong => text!(t, problem.password_too_long),
        Problem::PasswordWrong => text!(t, problem.password_wrong),
    }
}
