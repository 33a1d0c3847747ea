//! Runs the suite over every store: memory, a folder, and a real S3 server when one is named.
//!
//! For S3: `ROADSTEAD_TEST_S3` (address of the server), `ROADSTEAD_TEST_S3_KEY` and `_SECRET`, and
//! `ROADSTEAD_TEST_S3_BUCKET` (made by the test when not given).

mod folder;
mod memory;
mod outage;
mod s3;
