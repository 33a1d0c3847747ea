//! What an operator sees of a running server: the log and the metrics.

pub mod logs;
pub mod metrics;
