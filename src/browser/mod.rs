//! Every contact with the browser: a façade that exists on both targets, with its bodies in the browser alone.

pub mod csrf;
