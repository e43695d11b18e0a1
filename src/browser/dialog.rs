//! Native dialogs and forms.

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

/// Submits the form with this id, past its `submit` listeners.
pub fn submit(id: &str) {
    in_browser!([] {
        // By name, because `HtmlFormElement` is not among the features asked of web-sys.
        use wasm_bindgen::JsCast;
        let Some(form) = super::dom::element(id) else {
            return;
        };
        if let Ok(submit) = js_sys::Reflect::get(&form, &"submit".into())
            && let Some(submit) = submit.dyn_ref::<js_sys::Function>()
        {
            let _ = submit.call0(&form);
        }
    } else {
        let _ = id;
    })
}
