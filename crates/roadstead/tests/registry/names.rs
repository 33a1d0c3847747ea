//! Names and paths: one spelling each, read from the right, decoded once.

use http::Method;
use roadstead_testkit::{Answer, image, sha256};

use crate::desk::Desk;

#[tokio::test]
async fn a_path_that_is_not_the_protocols_finds_nothing() {
    let desk = Desk::new().await;
    let digest = desk.repo.push(&image().build(), &["1"]).await;
    let escaped = digest.replace(':', "%3A");
    let twice = digest.replace(':', "%253A");
    let upper = format!("sha256:{}", digest[7..].to_uppercase());

    for (path, status, code) in [
        ("/v2/", 200, ""),
        ("/v2", 200, ""),
        ("/v2/alice/app/tags/list", 200, ""),
        ("/v2/alice/app/tags/list?ns=docker.io", 200, ""),
        ("/v2/al%69ce/app/manifests/%31", 200, ""),
        (&format!("/v2/alice/app/manifests/{escaped}"), 200, ""),
        (&format!("/v2/alice/app/manifests/{digest}?ns=docker.io&x=y"), 200, ""),
        (&format!("/v2/alice/app/manifests/{twice}"), 400, "TAG_INVALID"),
        (&format!("/v2/alice/app/manifests/{upper}"), 400, "DIGEST_INVALID"),
        (&format!("/v2/alice/app/manifests/{}", &digest[..20]), 400, "DIGEST_INVALID"),
        ("/v2/alice/app/blobs/sha256:..%5c..%5c", 404, "NAME_UNKNOWN"),
        ("/v2/alice/app/blobs/latest", 400, "DIGEST_INVALID"),
        ("/v2/alice/app/manifests/sha256:", 400, "DIGEST_INVALID"),
        ("/v2/alice/app/manifests/1/", 404, "NAME_UNKNOWN"),
        ("/v2/alice/app/manifests/", 400, "TAG_INVALID"),
        ("/v2/alice/app/manifests", 404, "NAME_UNKNOWN"),
        ("/v2/alice/app/tags/list/", 404, "NAME_UNKNOWN"),
        ("/v2/alice/app", 404, "NAME_UNKNOWN"),
        ("/v2//alice/app/tags/list", 404, "NAME_UNKNOWN"),
        ("/v2/alice//app/tags/list", 404, "NAME_UNKNOWN"),
        ("/v2/alice%2Fapp/tags/list", 404, "NAME_UNKNOWN"),
        ("/v2/alice/app%2f/tags/list", 404, "NAME_UNKNOWN"),
        ("/v2/alice/%00/tags/list", 404, "NAME_UNKNOWN"),
        ("/v2/alice/%ff/tags/list", 404, "NAME_UNKNOWN"),
        ("/v2/alice/team/app/tags/list", 404, "NAME_UNKNOWN"),
        ("/v2/Alice/app/tags/list", 400, "NAME_INVALID"),
        ("/v2/alice/App/tags/list", 400, "NAME_INVALID"),
        ("/v2/alice/app./tags/list", 400, "NAME_INVALID"),
        ("/v2/alice/a___b/tags/list", 400, "NAME_INVALID"),
        ("/v2/alice/a%C3%A4/tags/list", 400, "NAME_INVALID"),
        ("/v2/alice/a/tags/list", 400, "NAME_INVALID"),
        (&format!("/v2/alice/{}/tags/list", "x".repeat(256)), 400, "NAME_INVALID"),
        (&format!("/v2/alice/{}/tags/list", "x".repeat(4000)), 400, "NAME_INVALID"),
    ] {
        // The conformance of `/v2/alice` to its own API is another surface's.
        let answer = desk.client.get(path).await;
        assert_eq!(answer.status(), status, "{}", answer.story());
        assert_eq!(answer.error_code(), code, "{}", answer.story());
    }
}

/// No client resolves `..` for us; whatever reaches the server stays below the name it had.
#[tokio::test]
async fn a_path_cannot_climb() {
    let desk = Desk::new().await;
    desk.repo.push(&image().build(), &["1"]).await;
    for path in [
        "/v2/../v2/alice/app/tags/list",
        "/v2/bob/../alice/app/tags/list",
        "/v2/alice/app/tags/../tags/list",
        "/v2/alice/app/./tags/list",
        "/v2/%2e%2e/v2/alice/app/tags/list",
        "/v2/alice/%2e%2e/alice/app/tags/list",
        "/v2/alice/app/blobs/../manifests/1",
        "/v2/..%2f..%2f..%2fetc/passwd/tags/list",
        "/v2/alice/..\\app/tags/list",
    ] {
        let head = desk.raw("GET", path, "Connection: close").await.read_head(10).await;
        let status = head.get(9..12).unwrap_or_default();
        assert!(matches!(status, "400" | "404"), "{path}: {head}");
    }
}

#[tokio::test]
async fn a_name_with_three_parts_cannot_be_pushed_and_is_told_why() {
    let desk = Desk::new().await;
    for path in ["/v2/alice/team/app/blobs/uploads/", "/v2/a/b/c/d/blobs/uploads/"] {
        let answer = desk.alice.basic().post(path).body("").await.is(403).code("DENIED");
        answer.says("namespace/name");
    }
}

#[tokio::test]
async fn words_of_the_protocol_can_be_names() {
    let desk = Desk::new().await;
    let image = image().build();
    for name in ["alice/blobs", "alice/manifests", "alice/tags", "alice/uploads", "alice/referrers"]
    {
        let repo = desk.other(name).await;
        let digest = repo.push(&image, &["list", "uploads"]).await;
        assert_eq!(repo.tags().await, ["list", "uploads"]);
        repo.manifest(&digest).await.is(200);
        repo.blob(&image.layers()[0].digest).await.is(200);
        repo.referrers(&digest, "").await.is(200);
        repo.delete_manifest("uploads").await.is(202);
    }
}

/// Old clients leave the slash out, and mirrors add the host they stand for.
#[tokio::test]
async fn a_missing_slash_and_a_foreign_namespace_do_not_matter() {
    let desk = Desk::new().await;
    for path in ["blobs/uploads", "blobs/uploads/", "blobs/uploads?ns=docker.io"] {
        let answer = desk.client.post(&desk.repo.path(path)).body("").await.is(202);
        let upload = desk.repo.upload_at(&answer.header("location"));
        upload.finish_with(&sha256(path), path).await.is(201);
        let blob = format!("blobs/{}?ns=docker.io", sha256(path));
        desk.client.get(&desk.repo.path(&blob)).await.is(200);
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let desk = Desk::new().await;
    desk.repo.push(&image().build(), &["1"]).await;
    let digest = sha256("x");
    for (method, path, allowed) in [
        (Method::POST, "/v2/".to_owned(), "GET, HEAD"),
        (Method::POST, desk.repo.path("manifests/1"), "GET, HEAD, PUT, DELETE"),
        (Method::PUT, desk.repo.path(&format!("blobs/{digest}")), "GET, HEAD, DELETE"),
        (Method::GET, desk.repo.path("blobs/uploads/"), "POST"),
        (Method::DELETE, desk.repo.path("tags/list"), "GET, HEAD"),
        (Method::OPTIONS, desk.repo.path("tags/list"), "GET, HEAD"),
        (Method::TRACE, desk.repo.path("tags/list"), "GET, HEAD"),
        (Method::from_bytes(b"BREW").unwrap(), desk.repo.path("tags/list"), "GET, HEAD"),
    ] {
        let answer: Answer = desk.client.ask(method, &path).await;
        let answer = answer.is(405).code("UNSUPPORTED");
        assert_eq!(answer.header("allow"), allowed);
    }
}
