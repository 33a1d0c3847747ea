//! Bytes that went bad behind the store's back.

use super::{Subject, bytes, publish, try_read};

pub async fn a_truncated_blob_is_an_error_and_never_a_short_body(subject: &impl Subject) {
    let store = subject.open();
    let content = bytes(900_000, 40);
    let locator = publish(&*store, &content).await;
    for left in [0, 1, 400_000, 899_999] {
        subject.damage(&locator, content.slice(..left)).await;
        for range in [0..900_000, 500_000..900_000, 899_999..900_000] {
            let read = try_read(&*store, &locator, range).await;
            assert!(read.is_err(), "{left} bytes left");
        }
    }
}
