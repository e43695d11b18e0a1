//! One file or folder a route.

pub mod account;
pub mod accounts;
pub mod chat;
pub mod contact;
pub mod home;
pub mod inbox;
pub mod not_found;
pub mod password;
pub mod people;
pub mod register;
pub mod replies;
pub mod rooms;
pub mod school;
pub mod search;
pub mod sign_in;
