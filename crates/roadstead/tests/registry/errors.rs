//! The shape of errors: the one docker reads, with a detail that is never null, because without it
//! docker repeats a push for 50 seconds.

use roadstead_testkit::{Answer, Ask, sha256};
use serde_json::Value;

use crate::desk::Desk;

/// Words of the specification ("Error Codes"), and those that distribution added.
const CODES: &[&str] = &[
    "BLOB_UNKNOWN",
    "BLOB_UPLOAD_INVALID",
    "BLOB_UPLOAD_UNKNOWN",
    "DENIED",
    "DIGEST_INVALID",
    "MANIFEST_BLOB_UNKNOWN",
    "MANIFEST_INVALID",
    "MANIFEST_UNKNOWN",
    "NAME_INVALID",
    "NAME_UNKNOWN",
    "PAGINATION_NUMBER_INVALID",
    "RANGE_INVALID",
    "SIZE_INVALID",
    "TAG_INVALID",
    "TOOMANYREQUESTS",
    "UNAUTHORIZED",
    "UNSUPPORTED",
];

fn is_well_formed(answer: &Answer) {
    let story = answer.story();
    assert_eq!(answer.header("content-type"), "application/json", "{story}");
    let json = answer.json();
    assert_eq!(json.as_object().map(serde_json::Map::len), Some(1), "{story}");
    let errors = json["errors"].as_array().expect("a list of errors");
    assert!(!errors.is_empty(), "{story}");
    for error in errors {
        assert!(CODES.contains(&error["code"].as_str().unwrap_or_default()), "{story}");
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{story}");
        assert!(error.get("detail").is_some_and(|detail| *detail != Value::Null), "{story}");
    }
}

#[tokio::test]
async fn every_error_has_the_shape_that_clients_read() {
    let desk = Desk::new().await;
    let bob = desk.hub.user("bob").await;
    desk.repo.push_blob("x").await;
    let nowhere = sha256("nowhere");
    let repo = &desk.repo;
    let anonymous = desk.hub.anonymous();
    let failing: Vec<Ask> = vec![
        anonymous.get("/v2/"),
        anonymous.get("/v2/_catalog"),
        anonymous.get("/v2/bob/none/tags/list"),
        anonymous.repo("alice/app").open_upload(),
        desk.hub.token("not.a.token").get("/v2/"),
        anonymous.clone().with_basic("alice", "wrong").get("/v2/"),
        anonymous.clone().with_authorization("Basic !!!").get("/v2/"),
        anonymous.clone().with_authorization("Digest x").get("/v2/"),
        bob.basic().repo("alice/app").open_upload(),
        bob.basic().repo("ubuntu").open_upload(),
        bob.basic().repo("alice/none").tags_page(""),
        repo.blob(&nowhere),
        repo.blob("sha256:x"),
        repo.manifest("none"),
        repo.manifest("-x"),
        repo.tags_page("n=x"),
        repo.delete_blob(&nowhere),
        repo.delete_manifest(&nowhere),
        repo.post_blob(&nowhere, "other"),
        repo.upload_at(&repo.path("blobs/uploads/none")).finish_ask(&nowhere),
        desk.client.put(&repo.path("manifests/x")).body("no JSON"),
        desk.client.post(&repo.path("manifests/x")),
        desk.client.get("/v2/nothing"),
        desk.client.get("/v2/Alice/app/tags/list"),
        repo.blob(&sha256("x")).header("range", "bytes=9-"),
    ];
    for ask in failing {
        let answer = ask.await;
        assert!((400..500).contains(&answer.status()), "{}", answer.story());
        is_well_formed(&answer);
        assert_eq!(answer.header("cache-control"), "no-store", "{}", answer.story());
        assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
        assert_eq!(answer.status() == 401, answer.maybe_header("www-authenticate").is_some());
    }
}

#[tokio::test]
async fn an_error_to_head_has_no_body() {
    let desk = Desk::new().await;
    desk.repo.push_blob("x").await;
    let nowhere = sha256("nowhere");
    for ask in [
        desk.repo.head_blob(&nowhere),
        desk.repo.head_manifest("none"),
        desk.hub.anonymous().head("/v2/"),
        desk.hub.anonymous().head("/v2/bob/none/manifests/x"),
    ] {
        let answer = ask.await;
        assert!(matches!(answer.status(), 401 | 404), "{}", answer.story());
        assert!(answer.bytes().is_empty());
    }
}

/// Every parameter in double quotes, because clients match for them (docker, the conformance program).
#[tokio::test]
async fn a_challenge_names_the_token_service_as_the_client_reaches_it() {
    let desk = Desk::new().await;
    let realm = format!("Bearer realm=\"{}/token\",service=\"roadstead\"", desk.hub.url());
    let anonymous = desk.hub.anonymous();
    let challenge = async |ask: Ask| ask.await.is(401).header("www-authenticate");

    assert_eq!(challenge(anonymous.get("/v2/")).await, realm);
    assert_eq!(
        challenge(anonymous.repo("alice/none").manifest("1")).await,
        format!("{realm},scope=\"repository:alice/none:pull\"")
    );
    assert_eq!(
        challenge(anonymous.repo("alice/none").open_upload()).await,
        format!("{realm},scope=\"repository:alice/none:pull,push\"")
    );
    assert_eq!(
        challenge(anonymous.repo("alice/none").delete_manifest("1")).await,
        format!("{realm},scope=\"repository:alice/none:pull,delete\"")
    );
    assert_eq!(
        challenge(desk.hub.token("a.b.c").get("/v2/")).await,
        format!("{realm},error=\"invalid_token\"")
    );
    assert_eq!(
        challenge(desk.client.repo("alice/other").manifest("1")).await,
        format!("{realm},scope=\"repository:alice/other:pull\",error=\"insufficient_scope\"")
    );
}

/// No `Host` that somebody sends decides where clients bring their passwords.
#[tokio::test]
async fn with_a_public_url_the_challenge_names_it_and_locations_stay_relative() {
    let desk = Desk::with(&["--public-url", "https://hub.example.test"]).await;
    let anonymous = desk.hub.anonymous();

    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "host=evil.example;proto=http"),
    ] {
        let refused = anonymous.get("/v2/").header(name, value).await.is(401);
        let challenge = refused.header("www-authenticate");
        assert!(
            challenge.starts_with("Bearer realm=\"https://hub.example.test/token\","),
            "{challenge}"
        );
        let opened = desk.repo.open_upload().header(name, value).await.is(202);
        assert!(opened.header("location").starts_with("/v2/alice/app/"), "{}", opened.story());
    }
}
