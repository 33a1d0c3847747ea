use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use roadstead_testkit::{Client, Hub, image};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";

/// Another host with one picture; counts who asks.
async fn host() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", PNG.len());
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(&[head.as_bytes(), PNG].concat()).await;
        }
    });
    (format!("http://{address}/a.png?b=1&c=2"), asked)
}

/// A page whose README names the picture; the address under which it is shown there, if it is.
async fn shown(hub: &Hub, picture: &str) -> (Client, Option<String>) {
    let alice = hub.user("alice").await;
    alice.repo("alice/tides").push(&image().build(), &["1"]).await;
    let body = json!({"full_description": format!("![gauge]({picture})\n")});
    alice.signed_in().await.patch("/v2/repositories/alice/tides").json(&body).await.is(200);
    let page = hub.anonymous().get("/alice/tides").await.is(200).text();
    assert!(!page.contains("src=\"http"), "no reader asks another host");
    let src = page.split("src=\"").find(|part| part.starts_with("/image-proxy/"));
    let src = src.map(|part| part.split('"').next().unwrap().replace("&amp;", "&"));
    (hub.anonymous(), src)
}

#[tokio::test]
async fn a_picture_of_another_host_is_shown_by_this_one() {
    let (picture, asked) = host().await;
    let hub = Hub::with().args(["--egress-allow", "127.0.0.0/8"]).start().await;
    let (nobody, src) = shown(&hub, &picture).await;
    let src = src.expect("the picture");

    for _ in 0..2 {
        let answer = nobody.get(&src).await.is(200);
        assert_eq!(answer.bytes(), PNG);
        assert_eq!(answer.header("content-type"), "image/png");
        assert_eq!(answer.header("cache-control"), "private, max-age=86400");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-security-policy").contains("sandbox"));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1, "it is kept");
    let (mark, query) = src.split_once('?').unwrap();
    for other in [
        format!("{mark}?url=http%3A%2F%2F127.0.0.1%2F"),
        format!("{mark}x?{query}"),
        mark.to_owned(),
    ] {
        nobody.get(&other).await.is(404);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn no_readme_makes_the_hub_ask_its_own_network() {
    let (picture, asked) = host().await;
    let hub = Hub::start().await;
    let (nobody, src) = shown(&hub, &picture).await;

    nobody.get(&src.expect("the picture")).await.is(502).says("is not a public address");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn pictures_of_others_are_left_out_where_the_operator_wants_it() {
    let (picture, asked) = host().await;
    let hub =
        Hub::with().args(["--image-proxy", "off", "--egress-allow", "127.0.0.1"]).start().await;
    let (_, src) = shown(&hub, &picture).await;

    assert_eq!(src, None);
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
