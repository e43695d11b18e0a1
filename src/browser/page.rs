//! The page as a whole: whether somebody looks at it, its network, its address, the root element's attributes.

/// Whether the tab is in the foreground.
pub fn is_visible() -> bool {
    in_browser!([] {
        super::dom::document().is_some_and(|document| !document.hidden())
    } else { true })
}

/// Whether somebody looks at the page: in the foreground, and its window has the focus.
pub fn is_attended() -> bool {
    in_browser!([] {
        super::dom::document()
            .is_some_and(|document| !document.hidden() && document.has_focus().unwrap_or(true))
    } else { false })
}

/// Whether the device believes it has a network.
pub fn is_online() -> bool {
    in_browser!([] {
        super::dom::window().is_none_or(|window| window.navigator().on_line())
    } else { true })
}

/// Calls `woken` whenever the page may have slept: shown again, back from the cache, network back.
pub fn on_wake(woken: impl Fn() + Clone + 'static) {
    in_browser!([woken] {
        let (Some(window), Some(document)) = (super::dom::window(), super::dom::document()) else {
            return;
        };
        super::dom::listen(&window, "online", woken.clone());
        super::dom::listen(&window, "pageshow", woken.clone());
        super::dom::listen(&document, "visibilitychange", move || {
            if is_visible() {
                woken();
            }
        });
    } else {})
}

/// Calls `done` whenever somebody does something on the page: by hand, not the page by itself.
pub fn on_input(done: impl Fn() + Clone + 'static) {
    in_browser!([done] {
        let Some(window) = super::dom::window() else {
            return;
        };
        for name in ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] {
            super::dom::listen(&window, name, done.clone());
        }
    } else {})
}

/// Calls `lost` when the device loses its network.
pub fn on_offline(lost: impl Fn() + 'static) {
    in_browser!([lost] {
        if let Some(window) = super::dom::window() {
            super::dom::listen(&window, "offline", lost);
        }
    } else {})
}

/// Loads the page anew.
pub fn reload() {
    in_browser!([] {
        if let Some(window) = super::dom::window() {
            let _ = window.location().reload();
        }
    } else {})
}

/// An attribute of `<html>`.
pub fn root_attribute(name: &str) -> Option<String> {
    in_browser!([] {
        super::dom::document()?.document_element()?.get_attribute(name)
    } else {
        let _ = name;
        None
    })
}

/// Sets an attribute of `<html>`.
pub fn set_root_attribute(name: &str, value: &str) {
    in_browser!([] {
        if let Some(root) = super::dom::document().and_then(|document| document.document_element()) {
            let _ = root.set_attribute(name, value);
        }
    } else {
        let _ = (name, value);
    })
}

/// Keeps a cookie for a year, for this site's own requests. Its value must be plain letters.
pub fn set_cookie(name: &str, value: &str) {
    in_browser!([] {
        // By name, because `HtmlDocument` is not among the features asked of web-sys.
        if let Some(document) = super::dom::document() {
            let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
            let _ = js_sys::Reflect::set(&document, &"cookie".into(), &cookie.into());
        }
    } else {
        let _ = (name, value);
    })
}
