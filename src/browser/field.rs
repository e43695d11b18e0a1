//! Text fields, named by their id.

#[cfg(feature = "hydrate")]
fn area(id: &str) -> Option<web_sys::HtmlTextAreaElement> {
    use wasm_bindgen::JsCast;
    super::dom::element(id)?.dyn_into().ok()
}

/// What stands in the field, if it is there.
pub fn value(id: &str) -> Option<String> {
    in_browser!([] { Some(area(id)?.value()) } else {
        let _ = id;
        None
    })
}

/// Puts `text` into the field, with the caret at its end, and fits its height.
pub fn set_value(id: &str, text: &str) {
    in_browser!([] {
        if let Some(area) = area(id) {
            area.set_value(text);
            fit(id);
        }
    } else {
        let _ = (id, text);
    })
}

/// Writes `text` in front of what stands in the field, as if it had been typed, and goes there.
pub fn type_before(id: &str, text: &str) {
    in_browser!([] {
        let Some(area) = area(id) else {
            return;
        };
        let rest = area.value();
        let gap = if rest.is_empty() { "" } else { "\n" };
        area.set_value(&format!("{text}{gap}{rest}"));
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        if let Ok(typed) = web_sys::Event::new_with_event_init_dict("input", &init) {
            let _ = area.dispatch_event(&typed);
        }
        let _ = area.focus();
    } else {
        let _ = (id, text);
    })
}

/// Fits the field's height to its text; the style sheet bounds it. By the CSSOM, which the CSP allows.
pub fn fit(id: &str) {
    in_browser!([] {
        if let Some(area) = area(id) {
            let style = area.style();
            let _ = style.set_property("height", "auto");
            let borders = area.offset_height() - area.client_height();
            let height = area.scroll_height() + borders;
            let _ = style.set_property("height", &format!("{height}px"));
        }
    } else {
        let _ = id;
    })
}
