//! Quad

#![recursion_limit = "256"]
pub mod api;
pub mod app;
pub mod browser;
pub mod model;
pub mod protocol;
#[cfg(feature = "ssr")]
pub mod server;
pub mod sync;

/// The browser's entry: makes the page that the server rendered live.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
