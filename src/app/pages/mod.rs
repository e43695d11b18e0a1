//! One file or folder a route.

pub mod home;
pub mod inbox;
pub mod not_found;
pub mod sign_in;
