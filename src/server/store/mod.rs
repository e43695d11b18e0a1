//! All SQL, for SQLite and PostgreSQL: one text for both, one function a sentence.
//!
//! [`Store`] is the database; [`Conn`] one connection of it, inside a transaction or not. The `on!` macro expands one
//! body for each arm, so that a query is written once. Portable SQL: `$n` placeholders, `BIGINT` for every integer,
//! `RETURNING`, `ON CONFLICT`; only the migrations differ. Reads go through [`Store::read`]; every write goes through
//! the one [`writer`], which commits in groups and hands the outcomes on in order.
//!
//! To add a query: a function on `&mut Conn` in the noun's file, in the order create, read, update, delete, and a
//! sentence in the conformance suite. Must not know: the hub, axum.

pub mod canned;
pub mod cards;
mod cause;
pub mod circle;
mod conn;
pub mod control;
pub mod copy;
pub mod details;
pub mod finding;
mod folding;
pub mod history;
pub mod lists;
pub mod marks;
pub mod members;
pub mod messages;
pub mod meta;
mod open;
pub mod post;
pub mod presence;
pub mod requests;
pub mod rooms;
pub mod search;
pub mod sessions;
pub mod sight;
mod sql_list;
mod storable;
pub mod support;
pub mod users;
pub mod writer;

pub use conn::{Conn, Store, Tx};
pub use open::OpenError;

/// What a query may fail with: the cause stays inside and is logged at the boundary.
pub type Result<T> = std::result::Result<T, sqlx::Error>;
