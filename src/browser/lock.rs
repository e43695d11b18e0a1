//! Web Locks: one tab of the browser holds what may be done once.

/// Asks for the lock `name` and keeps it as long as the page lives; `held` is called once it is ours. Answers whether
/// the browser knows locks at all.
pub fn hold(name: &str, held: impl FnOnce() + 'static) -> bool {
    in_browser!([held] {
        request(name, held).is_some()
    } else {
        let _ = name;
        false
    })
}

/// `navigator.locks` is unstable in web-sys, so it is called by name.
#[cfg(feature = "hydrate")]
fn request(name: &str, held: impl FnOnce() + 'static) -> Option<()> {
    use js_sys::{Function, Promise, Reflect};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};

    let navigator = super::dom::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let callback = Closure::once_into_js(move |_lock: JsValue| -> Promise {
        held();
        // Never settled: the lock is ours until the page goes.
        Promise::new(&mut |_, _| {})
    });
    request.call2(&locks, &name.into(), &callback).ok()?;
    Some(())
}
