//! Animation frames: where redraws are gathered.

/// Calls `draw` before the next paint; in a hidden tab, which paints nothing, a little later.
pub fn next(draw: impl FnOnce() + 'static) {
    in_browser!([draw] {
        if !super::page::is_visible() {
            super::timer::after(50, draw);
            return;
        }
        let draw = wasm_bindgen::closure::Closure::once_into_js(draw);
        if let Some(window) = super::dom::window() {
            // Fails only for a window that is gone.
            let _ = window.request_animation_frame(wasm_bindgen::JsCast::unchecked_ref(&draw));
        }
    } else {})
}
