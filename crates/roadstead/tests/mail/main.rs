//! Letters, from what causes them to a real mail server, and what happens when one does not take them.

mod desk;
mod encryption;
mod failures;
mod outbox;
