//! One socket's life: the handshake, then one task that reads, writes and keeps the heartbeat; its ending with a code that
//! says why.
//!
//! `room`: the socket of one room, for other systems' clients.
//!
//! Must not know: SQL. What a command does is a use case of the service.

mod commands;
mod ending;
mod handshake;
mod hearing;
mod order;
mod patience;
mod room;
mod socket;
mod upgrading;

pub use handshake::connect;
pub use room::connect as connect_to_room;
