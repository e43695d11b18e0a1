//! How long to wait before connecting again.

const FIRST_MS: u32 = 500;
/// After a restart all are back within ten seconds (limits: restart with 10,000 clients).
const LONGEST_MS: u32 = 5_000;

/// Milliseconds before the `attempt`-th try (from 0): doubling from half a second to five seconds, spread over its
/// second half by `random` in 0..1, so that a school does not come back in one moment.
pub fn delay_ms(attempt: u32, random: f64) -> u32 {
    let full = FIRST_MS
        .saturating_mul(2_u32.saturating_pow(attempt.min(16)))
        .min(LONGEST_MS);
    let half = full / 2;
    // A fraction of at most 2 500 fits; the cast cannot lose anything that matters.
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded above"
    )]
    let spread = (f64::from(half) * random.clamp(0.0, 1.0)) as u32;
    half + spread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_five_seconds() {
        assert_eq!(delay_ms(0, 0.0), 250);
        assert_eq!(delay_ms(0, 1.0), 500);
        assert_eq!(delay_ms(1, 1.0), 1000);
        assert_eq!(delay_ms(40, 1.0), 5_000);
        assert_eq!(delay_ms(40, 0.0), 2_500);
    }
}
