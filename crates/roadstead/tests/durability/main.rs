//! What a hub keeps when it dies, when its disk is full, and when its database or store is away.
//!
//! Built with the feature `crash-points`, which puts marked places into the program at which it
//! ends itself as `kill -9` would: `cargo test -p roadstead --features crash-points --test durability`.
//!
//! `ROADSTEAD_TEST_BACKEND` chooses what the crash tests run on. The fault tests of a folder run with
//! `embedded`, those of PostgreSQL and S3 with `scaled`; the latter start servers of their own,
//! because they stop them.

mod crash;
mod crash_closing;
mod crash_rows;
mod fault;
mod fault_disk;
mod fault_postgres;
mod fault_s3;
mod parking;
mod proxy;
mod pusher;
mod second_node;
mod servers;
mod stage;
mod storm;
