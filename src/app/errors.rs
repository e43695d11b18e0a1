//! The sentence for a person that each wire error has, in their language.

use super::i18n::{Locale, text};
use crate::model::WireError;

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
        WireError::TooLarge => text!(t, error.too_large),
        WireError::UnsupportedType => text!(t, error.unsupported),
        WireError::RateLimited { .. } => text!(t, error.rate_limited),
        WireError::Unavailable => text!(t, error.unavailable),
        WireError::Internal => text!(t, error.internal),
    }
}
