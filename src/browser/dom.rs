//! The few handles that every browser body starts from.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, Window};

/// The window.
pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
pub(super) fn document() -> Option<Document> {
    window()?.document()
}

/// An element by its id.
pub(super) fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// An HTML element by its id.
pub(super) fn html(id: &str) -> Option<HtmlElement> {
    element(id)?.dyn_into().ok()
}

/// Listens for as long as the page lives.
pub(super) fn listen(target: &EventTarget, name: &str, mut heard: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(move |_| heard());
    // Fails only for a target that is gone.
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}
