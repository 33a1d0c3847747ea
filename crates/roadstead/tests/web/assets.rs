use roadstead_testkit::{Client, Hub};

/// Addresses of files that a page names.
async fn files(nobody: &Client) -> Vec<String> {
    let html = nobody.get("/docs").await.is(200).text();
    let mut files: Vec<String> = html
        .split(['"', '#'])
        .filter(|part| part.starts_with("/static/"))
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    files
}

#[tokio::test]
async fn files_are_named_by_their_content_and_kept_for_a_year() {
    let hub = Hub::start().await;
    let nobody = hub.anonymous();

    let files = files(&nobody).await;
    assert_eq!(files.len(), 4, "{files:?}");
    for file in &files {
        let plain = nobody.get(file).await.is(200);
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        for coding in ["br", "gzip"] {
            let packed = nobody.get(file).header("accept-encoding", coding).await.is(200);
            assert_eq!(packed.header("content-encoding"), coding);
            assert!(packed.bytes().len() < plain.bytes().len(), "{file} {coding}");
        }
        let refused = nobody.get(file).header("accept-encoding", "br;q=0, identity").await.is(200);
        assert_eq!(refused.maybe_header("content-encoding"), None);
    }
    for path in ["/static/site.000000000000.js", "/static/none", "/static/..%2fCargo.toml"] {
        nobody.get(path).await.is(404);
    }
}

/// The design's budget for a first visit: 60 KB in 6 requests.
#[tokio::test]
async fn a_first_visit_is_small() {
    let hub = Hub::start().await;
    let nobody = hub.anonymous();

    let files = files(&nobody).await;
    assert!(files.len() < 6, "and the page itself: {files:?}");
    let mut bytes = nobody.get("/").await.is(200).bytes().len();
    for file in files {
        bytes += nobody.get(&file).header("accept-encoding", "br").await.is(200).bytes().len();
    }
    assert!(bytes < 60_000, "{bytes} bytes");
}
