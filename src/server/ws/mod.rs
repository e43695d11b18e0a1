//! One socket's life: the handshake, then one task that reads, writes and keeps the heartbeat.
//!
//! Must not know: SQL. What a command does is a use case of the service.

mod commands;
mod handshake;
mod parting;
mod socket;

pub use handshake::connect;
