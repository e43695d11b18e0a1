//! Every contact with the browser: a façade that exists on both targets, with its bodies in the browser alone.
//!
//! A function here has one signature everywhere; on the server it does nothing and answers the neutral value, so that
//! its callers hold no `cfg`. JS values never leave this folder: the page has one socket, one channel between tabs and
//! one outbox store, kept here, and elements are named by their id. To add a contact, add a function with
//! `in_browser!` to the file of its subject.
//!
//! Must not know: what a room or a message is.

/// A body for the browser and an answer for the server, which uses none of the named arguments.
macro_rules! in_browser {
    ([$($unused:ident),*] { $($body:tt)* } else { $($other:tt)* }) => {{
        #[cfg(feature = "hydrate")]
        { $($body)* }
        #[cfg(not(feature = "hydrate"))]
        {
            $( drop($unused); )*
            $($other)*
        }
    }};
}

pub mod channel;
pub mod clipboard;
pub mod clock;
pub mod csrf;
pub mod dialog;
#[cfg(feature = "hydrate")]
mod dom;
pub mod field;
pub mod focus;
pub mod frame;
pub mod keys;
pub mod lock;
pub mod outbox_store;
pub mod page;
pub mod random;
pub mod scroll;
pub mod socket;
pub mod storage;
pub mod timer;
pub mod upload;
