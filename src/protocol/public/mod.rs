//! The public contract's shapes: what programs read over REST, and other systems' clients in their sockets.
//!
//! The same nouns as the native protocol's, with the words doubled that those clients look for. One file a noun;
//! `frame` is what a socket of one room sends, `command` what it is sent; `direct` is for the one of everything.
//! To add a field: here, and both paths have it.

pub mod command;
pub mod dialect;
pub mod direct;
pub mod frame;
pub mod html;
pub mod message;
pub mod person;
pub mod request;
pub mod room;

pub use command::{RoomCommand, RoomCommandFrame, Unreadable};
pub use dialect::Dialect;
pub use frame::{RoomFrame, Sent, Told, told};
pub use message::{PublicMessage, Readership};
pub use person::Person;
pub use request::PublicRequest;
pub use room::{Participant, PublicRoom, RoomExtras};
