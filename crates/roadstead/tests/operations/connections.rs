//! Connections that carry more than one story: answers before bodies, bodies that are not wanted.

use std::time::{Duration, Instant};

use roadstead_testkit::Hub;

const UPLOADS: &str = "/v2/alice/app/blobs/uploads/";

fn post(hub: &Hub, headers: &str) -> String {
    format!("POST {UPLOADS} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n\r\n", hub.address())
}

#[tokio::test]
async fn a_connection_survives_an_answer_that_came_before_a_short_body() {
    let hub = Hub::start().await;
    let mut connection = hub.raw().await;

    for _ in 0..3 {
        connection.send(post(&hub, "Content-Length: 300000")).await;
        connection.send(vec![7; 100_000]).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        connection.send(vec![7; 200_000]).await;
        let head = connection.read_head(5).await;
        assert!(head.contains("HTTP/1.1 401"), "{head}");
        assert!(!head.to_lowercase().contains("connection: close"), "{head}");
        // The end of the body, which has no blank line, comes with the next head.
    }
}

#[tokio::test]
async fn a_client_that_goes_on_sending_can_read_its_answer() {
    let hub = Hub::start().await;
    let mut connection = hub.raw().await;

    connection.send(post(&hub, "Content-Length: 100000000")).await;
    let started = Instant::now();
    // More than any buffer holds; a reset would end the sending and destroy the answer.
    for _ in 0..8 {
        connection.send(vec![7; 1 << 20]).await;
    }
    let answer = connection.read_to_close(10).await;

    assert!(answer.text.starts_with("HTTP/1.1 401"), "{answer:?}");
    assert!(answer.text.to_lowercase().contains("connection: close"), "{answer:?}");
    assert!(answer.text.contains("UNAUTHORIZED"), "{answer:?}");
    assert!(answer.closed && started.elapsed() < Duration::from_secs(6));
}

#[tokio::test]
async fn a_client_that_asks_first_is_not_told_to_send_what_is_refused() {
    let hub = Hub::start().await;
    let mut connection = hub.raw().await;

    connection.send(post(&hub, "Content-Length: 100000000\r\nExpect: 100-continue")).await;
    let answer = connection.read_to_close(10).await;

    assert!(answer.text.starts_with("HTTP/1.1 401"), "{answer:?}");
    assert!(answer.text.to_lowercase().contains("connection: close"), "{answer:?}");
}
