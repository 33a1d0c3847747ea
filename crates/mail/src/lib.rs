//! Letters to people: what they say, and how they leave this machine.
//!
//! A letter is words and at most one link; text and HTML are made from the same words. Nothing here
//! knows why somebody is written to, or tries twice: that is `roadstead_worker`.

mod letter;
pub mod letters;
mod mailer;
mod outbox;
mod server;
mod smtp;

pub use letter::{Action, Letter};
pub use mailer::{DeliveryError, Envelope, Mailer, Sender};
pub use server::{MailServer, Tls};
