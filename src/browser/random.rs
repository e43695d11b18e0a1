//! Chance, for spreading reconnects.

/// A number in 0..1; one half on the server.
pub fn fraction() -> f64 {
    in_browser!([] { js_sys::Math::random() } else { 0.5 })
}
