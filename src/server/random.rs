//! Randomness: the one place that asks the system for it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::TryRngCore;

/// So many random bytes from the system's generator.
///
/// Panics where the system has none: nothing that Quad does is safe then.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(
        clippy::expect_used,
        reason = "without the system's randomness no session is safe; stopping is right"
    )]
    rand::rngs::OsRng
        .try_fill_bytes(&mut bytes)
        .expect("the system gives randomness");
    bytes
}

/// 256 random bits as 43 characters that fit a cookie, a URL and a form.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}
