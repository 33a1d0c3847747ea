//! The composition root: configuration, command line, wiring, lifecycle.
//!
//! No rule of the product lives here. A library beside the binary only so that its parts can be
//! tested; nothing depends on it.

pub mod app;
pub mod cli;
pub mod config;
mod data_dir;
mod lifecycle;
pub mod routes;
pub mod serve;
pub mod telemetry;
mod workers;
