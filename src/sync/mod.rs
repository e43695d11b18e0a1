//! The pure client: what a browser knows, and how events change it.
//!
//! Owns: [`Snapshot`] and [`Snapshot::apply`], the person's own [`Lists`], the [`Outbox`] of what was written and not
//! yet acknowledged, the rows of a timeline, and [`Client`], which ties them to a connection. No clock, no socket, no
//! storage: times come in as arguments, and what is to be done comes out as [`Effect`]s. So the same code runs in the
//! browser and in the convergence tests, where it is held against fresh snapshots.
//!
//! Must not know: leptos, axum, sqlx, the browser.

pub mod backoff;
pub mod client;
pub mod lists;
pub mod members;
pub mod outbox;
pub mod snapshot;
mod taking;
pub mod timeline;

pub use client::{Client, Effect};
pub use lists::{ListChange, Lists};
pub use members::Members;
pub use outbox::{Outbox, Pending, PendingState};
pub use snapshot::{Applied, Page, Snapshot};
pub use timeline::{Row, RowBody, RowKey, rows};
