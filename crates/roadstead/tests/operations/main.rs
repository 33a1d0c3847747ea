//! What an operator does and sees: start, stop, watch, repair, administer.

mod administer;
mod check;
mod configure;
mod connections;
mod health;
mod http2;
mod made_up;
mod metrics;
mod relay;
mod setup;
mod stop;
mod tls;
