//! What goes wrong around the server: stops, disks, databases, slow readers, clocks, keys that come twice.
//!
//! Everywhere the same law: what was acknowledged is there, once, in one order; what was not is said to have failed for
//! now; and it goes on by itself.

mod clock;
mod database;
mod disk;
mod keys;
mod slow;
mod stop;
