//! Copying.

/// Selects what stands in the field with this id, and copies it; answers whether the browser did so. By the document's
/// own command, which also works where a page has come without TLS.
pub fn copy_field(id: &str) -> bool {
    in_browser!([] { copy_in_browser(id).unwrap_or(false) } else {
        let _ = id;
        false
    })
}

#[cfg(feature = "hydrate")]
fn copy_in_browser(id: &str) -> Option<bool> {
    use wasm_bindgen::JsCast;
    match super::dom::element(id)?.dyn_into::<web_sys::HtmlInputElement>() {
        Ok(line) => line.select(),
        Err(area) => area
            .dyn_into::<web_sys::HtmlTextAreaElement>()
            .ok()?
            .select(),
    }
    let document = super::dom::document()?;
    // By name, because `HtmlDocument` is not among the features asked of web-sys.
    let command = js_sys::Reflect::get(&document, &"execCommand".into()).ok()?;
    let command = command.dyn_ref::<js_sys::Function>()?;
    command.call1(&document, &"copy".into()).ok()?.as_bool()
}
