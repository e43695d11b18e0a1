//! Native dialogs, popovers and forms.

/// Shows the `<dialog>` with this id above everything.
pub fn show(id: &str) {
    in_browser!([] {
        use wasm_bindgen::JsCast;
        if let Some(dialog) = super::dom::element(id)
            .and_then(|element| element.dyn_into::<web_sys::HtmlDialogElement>().ok())
        {
            // Fails only where it is shown already.
            let _ = dialog.show_modal();
        }
    } else {
        let _ = id;
    })
}

/// Closes the `<dialog>` with this id.
pub fn close(id: &str) {
    in_browser!([] {
        use wasm_bindgen::JsCast;
        if let Some(dialog) = super::dom::element(id)
            .and_then(|element| element.dyn_into::<web_sys::HtmlDialogElement>().ok())
        {
            dialog.close();
        }
    } else {
        let _ = id;
    })
}

/// Hides the popover with this id, where it is shown.
pub fn hide_popover(id: &str) {
    in_browser!([] { call(id, "hidePopover") } else {
        let _ = id;
    })
}

/// Submits the form with this id, past its `submit` listeners.
pub fn submit(id: &str) {
    in_browser!([] { call(id, "submit") } else {
        let _ = id;
    })
}

/// Calls a method of the element with this id. By name, because not every interface is among the features asked of
/// web-sys.
#[cfg(feature = "hydrate")]
fn call(id: &str, method: &str) {
    use wasm_bindgen::JsCast;
    let Some(element) = super::dom::element(id) else {
        return;
    };
    if let Ok(method) = js_sys::Reflect::get(&element, &method.into())
        && let Some(method) = method.dyn_ref::<js_sys::Function>()
    {
        let _ = method.call0(&element);
    }
}
