//! One socket's life: the handshake, then one task that reads, writes and keeps the heartbeat; its ending with a code that
//! says why.
//!
//! `room`: the socket of one room, for other systems' clients.
//!
//! `direct`: the socket of everything for other systems' clients.
//!
//! `signs`: what a socket carries that is for presence and typing alone.
//!
//! Must not know: SQL. What a command does is a use case of the service.

mod commands;
mod direct;
mod ending;
mod handshake;
mod hearing;
mod order;
mod patience;
mod room;
mod signs;
mod socket;
mod upgrading;
mod writing;

pub use handshake::{connect, connect_to_signs};
pub use room::connect as connect_to_room;
