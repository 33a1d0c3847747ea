//! An S3 server that is away, silent or failing: an error within seconds, and no loss.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt;
use roadstead_blobs::s3::{S3Config, S3Store, S3Timeouts};
use roadstead_blobs::{BlobError, BlobStore};
use roadstead_types::{Algorithm, Secret, UploadId};

fn store(address: SocketAddr, spool: &tempfile::TempDir, timeouts: S3Timeouts) -> S3Store {
    S3Store::open(S3Config {
        bucket: "bucket".to_owned(),
        prefix: String::new(),
        endpoint: Some(format!("http://{address}")),
        region: None,
        access_key: Some("key".to_owned()),
        secret_key: Some(Secret::new("secret".to_owned())),
        path_style: true,
        allow_http: true,
        spool_dir: spool.path().to_owned(),
        part_bytes: S3Config::PART_BYTES,
        timeouts,
    })
    .unwrap()
}

/// Appends a little and a lot, and looks for the error and its time.
async fn assert_fails_soon(store: &S3Store) {
    assert!(matches!(store.check().await, Err(BlobError::Unavailable(_))));
    for length in [10, 9 << 20] {
        let upload = UploadId(uuid::Uuid::new_v4());
        let mut state = store.begin(upload, Algorithm::Sha256);
        let before = state.clone();
        let body = futures_util::stream::iter([Ok(Bytes::from(vec![1; length]))]).boxed();
        let started = Instant::now();

        let failed = store.append(upload, &mut state, body, u64::MAX).await;

        assert!(matches!(failed, Err(BlobError::Unavailable(_))), "{failed:?}");
        assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
        assert!(state == before);
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_reported_within_seconds() {
    let spool = tempfile::tempdir().unwrap();
    // Bound and dropped: nobody listens there now.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();

    assert_fails_soon(&store(address, &spool, S3Timeouts::default())).await;
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let spool = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let short = Duration::from_millis(300);
    let timeouts =
        S3Timeouts { connect: short, answer: short, request: 2 * short, transfer: short };

    assert_fails_soon(&store(address, &spool, timeouts)).await;
}

#[tokio::test]
async fn a_server_that_only_fails_is_reported_within_seconds() {
    let spool = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { continue };
            std::thread::spawn(move || {
                let _ = connection.read(&mut [0; 65_536]);
                let answer =
                    "HTTP/1.1 503 SlowDown\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
                let _ = connection.write_all(answer.as_bytes());
                // Lets the client finish sending before the connection goes.
                let _ = connection.read_to_end(&mut Vec::new());
            });
        }
    });

    assert_fails_soon(&store(address, &spool, S3Timeouts::default())).await;
}
