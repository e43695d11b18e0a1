//! The device's clock.

use crate::model::Timestamp;

/// Now, by the device's clock; the epoch on the server, whose clock is injected elsewhere.
pub fn now() -> Timestamp {
    in_browser!([] {
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            reason = "whole milliseconds, far below 2^53"
        )]
        let ms = js_sys::Date::now() as i64;
        Timestamp(ms)
    } else {
        Timestamp(0)
    })
}
