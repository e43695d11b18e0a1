//! server
pub mod clock;
pub mod random;
pub mod settings;
pub mod store;
pub mod telemetry;
