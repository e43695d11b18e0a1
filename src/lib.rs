//! Quad: the chat that schools and course platforms run themselves.
//!
//! One program: a Leptos application that compiles to the browser's client (feature `hydrate`) and to an axum server
//! (feature `ssr`). The types on the wire are the same types on both sides.
//!
//! ```text
//!          both targets                         │ server only (feature ssr)      │ browser only (feature hydrate)
//! model ◄── protocol ◄── sync ◄── app ─────────►│ browser (a façade on both targets, its bodies) ──► web_sys
//!   ▲          ▲           ▲       │            │
//!   └──────────┴───────────┴── api ┼──(bodies)─►│ server::service ─► store
//!                                  │            │      ▲      └────► hub
//!                                  │            │ server::http, server::ws
//! ```
//!
//! Arrows point to what is used; `tests/stories/layers.rs` holds them.
//!
//! # What always holds
//!
//! - A message is acknowledged, and told to others, only after its transaction is committed and synced.
//! - In a room all see one order, by `seq`, without holes; a client can tell that it has everything.
//! - `(sender, client_id)` is unique in the database: a retry answers with the first message and tells nobody.
//! - A client that comes back gets what changed after its `seq`, or is told to start afresh.
//! - Nothing is skipped: a client too slow for its queue is closed and resumes.
//! - Who acts comes from the session alone; what one may not see does not exist (404).
//!
//! # Posting a message
//!
//! `app::parts` takes the key press → `sync::Client::write` puts the text into the outbox and shows it →
//! `Effect::Send` → the socket. `server::ws` reads the frame → `service::Services::send` checks text and rate → the
//! queue of `store::writer`, which judges rights, gives the `seq`, commits together with what else waits → the
//! publisher puts the event, encoded once, into the outboxes of all who see the room (`server::hub`), then answers →
//! `ack`. In every browser `sync` takes the event; the sender's finds its own pending row by `client_id`.
//!
//! # Coming back online
//!
//! The socket opens → `hello` replaces the person's list → the client sends `resume` with the `seq` of each open room →
//! the server answers from one read snapshot with the changed messages, the others' marks and `caught_up`, while live
//! events wait in the client → the outbox goes out, in order.

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
