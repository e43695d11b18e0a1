//! Keys that count wherever the focus is.

/// A key that was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// What it is called: `F6`, `a`, `Enter`.
    pub key: String,
    /// Whether Shift was held.
    pub has_shift: bool,
    /// Whether Ctrl, or Cmd in its place, was held.
    pub has_ctrl: bool,
    /// Whether Alt was held.
    pub has_alt: bool,
    /// Whether Ctrl, Alt or Meta was held: a shortcut, not a letter.
    pub is_chord: bool,
    /// Whether what has the focus takes letters itself.
    pub is_in_field: bool,
}

impl Pressed {
    /// Whether it writes a letter, a digit or a sign; the space bar presses buttons and scrolls.
    pub fn is_letter(&self) -> bool {
        let mut chars = self.key.chars();
        matches!((chars.next(), chars.next()), (Some(first), None) if !first.is_whitespace())
    }
}

/// What takes letters by itself.
#[cfg(feature = "hydrate")]
const FIELDS: &str = "input, textarea, select, [contenteditable]";

/// Calls `pressed` for every key, for as long as the page lives; where it answers true, the key has done its work.
/// Keys that an input method composes with are not told.
pub fn on_key(pressed: impl Fn(&Pressed) -> bool + 'static) {
    in_browser!([pressed] {
        use wasm_bindgen::{JsCast, closure::Closure};

        let Some(document) = super::dom::document() else {
            return;
        };
        let closure = Closure::<dyn FnMut(web_sys::KeyboardEvent)>::new(move |ev| {
            if told(&ev).is_some_and(|key| pressed(&key)) {
                ev.prevent_default();
            }
        });
        // Fails only for a target that is gone.
        let _ = document.add_event_listener_with_callback("keydown", closure.as_ref().unchecked_ref());
        closure.forget();
    } else {})
}

#[cfg(feature = "hydrate")]
fn told(ev: &web_sys::KeyboardEvent) -> Option<Pressed> {
    if ev.is_composing() || ev.default_prevented() {
        return None;
    }
    let active = super::dom::document()?.active_element();
    let is_in_field = active.is_some_and(|active| active.matches(FIELDS).unwrap_or(true));
    Some(Pressed {
        key: ev.key(),
        has_shift: ev.shift_key(),
        has_ctrl: ev.ctrl_key() || ev.meta_key(),
        has_alt: ev.alt_key(),
        is_chord: ev.ctrl_key() || ev.alt_key() || ev.meta_key(),
        is_in_field,
    })
}

#[cfg(test)]
mod tests {
    use super::Pressed;

    #[test]
    fn letters_are_told_from_other_keys() {
        let is_letter = |key: &str| {
            Pressed {
                key: key.to_owned(),
                has_shift: false,
                has_ctrl: false,
                has_alt: false,
                is_chord: false,
                is_in_field: false,
            }
            .is_letter()
        };
        assert!(["a", "Ü", "7", "م", "/", "字"].into_iter().all(is_letter));
        assert!(
            ![" ", "Enter", "F6", "Tab", "", "Dead"]
                .into_iter()
                .any(is_letter)
        );
    }
}
