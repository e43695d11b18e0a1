//! Where the keyboard is.

/// Moves the focus to the element with this id.
pub fn on(id: &str) {
    in_browser!([] {
        if let Some(element) = super::dom::html(id) {
            let _ = element.focus();
        }
    } else {
        let _ = id;
    })
}

/// Moves the focus to the next (or, backwards, the former) of the elements that match `selector`. Answers whether it
/// was in one of them.
pub fn step(selector: &str, backwards: bool) -> bool {
    in_browser!([] { step_in_browser(selector, backwards).is_some() } else {
        let _ = (selector, backwards);
        false
    })
}

#[cfg(feature = "hydrate")]
fn step_in_browser(selector: &str, backwards: bool) -> Option<()> {
    use wasm_bindgen::JsCast;
    let document = super::dom::document()?;
    let active = document.active_element()?;
    let all = document.query_selector_all(selector).ok()?;
    let at = (0..all.length()).find(|at| {
        all.get(*at)
            .is_some_and(|node| node.is_same_node(Some(&active)))
    })?;
    let next = if backwards {
        at.checked_sub(1)
    } else {
        Some(at + 1)
    };
    let next = next.and_then(|next| all.get(next))?;
    next.dyn_into::<web_sys::HtmlElement>().ok()?.focus().ok()
}

/// Whether the first pointing device is a finger: Enter makes a new line there, and focus would raise the keyboard.
pub fn is_touch() -> bool {
    in_browser!([] {
        super::dom::window()
            .and_then(|window| window.match_media("(pointer: coarse)").ok().flatten())
            .is_some_and(|query| query.matches())
    } else { false })
}
