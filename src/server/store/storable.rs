//! What both databases can hold: PostgreSQL knows no NUL, so SQLite is given none either.

use crate::model::WireError;

/// Refuses a text that holds a NUL, with `invalid` on `field`.
pub(super) fn storable(field: &str, text: &str) -> Result<(), WireError> {
    if text.contains('\0') {
        return Err(WireError::field(
            field,
            "This text holds a character that cannot be stored.",
        ));
    }
    Ok(())
}
