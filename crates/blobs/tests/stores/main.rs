//! Runs the suite over every store: memory, a folder, and a real S3 server when one is named.
//!
//! For S3: `ROADSTEAD_TEST_S3_ENDPOINT` (address of the server), `ROADSTEAD_TEST_S3_BUCKET` (made by the
//! test when not given), and the keys in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.

mod folder;
mod memory;
mod outage;
mod s3;
