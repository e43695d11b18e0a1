//! Quad

#![recursion_limit = "256"]
pub mod api;
pub mod browser;
pub mod model;
pub mod protocol;
pub mod sync;
