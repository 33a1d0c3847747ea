//! Pull rate limits as clients meet them.

use roadstead_testkit::{Answer, Backend, Hub, Repo, eventually, image, index};

/// A hub where addresses are what `X-Forwarded-For` says, with a public image.
async fn hub(args: &[&str]) -> (Hub, String) {
    let hub = Hub::with().args(["--trusted-proxy", "127.0.0.1"]).args(args.iter().copied());
    let hub = hub.start().await;
    let alice = hub.user("alice").await;
    let digest = alice.repo("alice/app").push(&image().build(), &["1"]).await;
    (hub, digest)
}

async fn pull(repo: &Repo, reference: &str, from: &str) -> Answer {
    repo.manifest(reference).header("x-forwarded-for", from).await
}

async fn look(repo: &Repo, from: &str) -> Answer {
    repo.head_manifest("1").header("x-forwarded-for", from).await.is(200)
}

#[tokio::test]
async fn without_a_limit_nothing_is_said_of_one() {
    let (hub, _) = hub(&[]).await;

    let answer = pull(&hub.anonymous().repo("alice/app"), "1", "192.0.2.1").await.is(200);

    assert_eq!(answer.maybe_header("ratelimit-limit"), None);
    assert_eq!(answer.maybe_header("docker-ratelimit-source"), None);
}

#[tokio::test]
async fn an_address_may_pull_so_often_and_is_told_what_to_do_then() {
    let (hub, digest) = hub(&["--pull-limit-anonymous", "2"]).await;
    let repo = hub.anonymous().repo("alice/app");

    for _ in 0..3 {
        let looked = look(&repo, "192.0.2.1").await;
        assert_eq!(looked.header("ratelimit-limit"), "2;w=21600");
        assert_eq!(looked.header("ratelimit-remaining"), "2;w=21600", "looking is free");
        assert_eq!(looked.header("docker-ratelimit-source"), "192.0.2.1");
    }
    let pulled = pull(&repo, "1", "192.0.2.1").await.is(200);
    assert_eq!(pulled.header("ratelimit-remaining"), "1;w=21600");
    let kept = repo.manifest("1").header("x-forwarded-for", "192.0.2.1");
    kept.header("if-none-match", format!("\"{digest}\"")).await.is(304);
    pull(&repo, "none", "192.0.2.1").await.is(404);
    pull(&repo, &digest, "192.0.2.1").await.is(200);

    let refused = pull(&repo, "1", "192.0.2.1").await.is(429).code("TOOMANYREQUESTS");
    assert_eq!(refused.header("ratelimit-remaining"), "0;w=21600");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((21_000..=21_600).contains(&wait), "{wait}");
    let text = refused.error_message();
    assert!(text.starts_with("You have reached your unauthenticated pull rate limit"), "{text}");
    assert!(text.contains("`docker login`"), "{text}");
    assert_eq!(look(&repo, "192.0.2.1").await.header("ratelimit-remaining"), "0;w=21600");
    repo.blob(&image().build().config().digest)
        .header("x-forwarded-for", "192.0.2.1")
        .await
        .is(200);
    pull(&repo, "1", "192.0.2.2").await.is(200);
    let private = hub.anonymous().repo("alice/none");
    assert_eq!(
        pull(&private, "1", "192.0.2.1").await.is(401).maybe_header("ratelimit-limit"),
        None
    );
}

#[tokio::test]
async fn accounts_have_limits_of_their_own_and_an_image_of_many_platforms_counts_once() {
    let (hub, _) = hub(&["--pull-limit-anonymous", "0", "--pull-limit-account", "2"]).await;
    let bob = hub.user("bob").await;
    let keeper = hub.admin_user("keeper").await;
    let platforms = index(["amd64", "arm64"].map(|it| image().architecture(it).build()));
    let alice = bob.repo("bob/app");
    alice.push_index(&platforms, &["1"]).await;
    pull(&hub.anonymous().repo("bob/app"), "1", "192.0.2.1").await.is(200);
    let child = &platforms.children[0].manifest.digest;
    pull(&hub.anonymous().repo("bob/app"), child, "192.0.2.1")
        .await
        .is(429)
        .says("limit (0 in 6 h)");

    let token = bob.registry_token(&["repository:bob/app:pull"]).await;
    let repo = hub.token(&token).repo("bob/app");
    pull(&repo, "1", "192.0.2.1").await.is(200);
    let pulled = pull(&repo, child, "192.0.2.1").await.is(200);
    assert_eq!(pulled.header("ratelimit-remaining"), "1;w=21600");
    assert_eq!(pulled.header("docker-ratelimit-source").len(), 32, "the account's UUID");
    let basic = bob.basic().repo("bob/app");
    pull(&basic, child, "192.0.2.9").await.is(200);
    pull(&repo, child, "192.0.2.7").await.is(429).says("for a plan that allows more");
    let free = keeper.basic().repo("bob/app");
    assert_eq!(pull(&free, child, "192.0.2.1").await.is(200).maybe_header("ratelimit-limit"), None);
}

#[tokio::test]
async fn a_restart_and_another_node_know_of_the_pulls() {
    let (mut hub, _) = hub(&["--pull-limit-anonymous", "3"]).await;
    let repo = hub.anonymous().repo("alice/app");
    for _ in 0..3 {
        pull(&repo, "1", "2001:db8:1:2::1").await.is(200);
    }
    assert!(hub.stop().await);
    hub.restart().await;

    let refused = pull(&repo, "1", "2001:db8:1:2::2").await.is(429);
    assert_eq!(refused.header("docker-ratelimit-source"), "2001:db8:1:2::/64");
    pull(&repo, "1", "2001:db8:1:3::1").await.is(200);
    if Backend::chosen() != Backend::Scaled {
        return;
    }
    let limits = ["--trusted-proxy", "127.0.0.1", "--pull-limit-anonymous", "3"];
    let second = Hub::with().args(limits).joining(&hub).start().await;
    let there = second.anonymous().repo("alice/app");
    pull(&there, "1", "2001:db8:1:2::3").await.is(429);
    // A node that counts a pull learns with it what the others have counted.
    pull(&there, "1", "2001:db8:1:3::2").await.is(200);
    let told = eventually("the first node's pull is known to the second", 20, async || {
        let left = look(&there, "2001:db8:1:3::3").await.header("ratelimit-remaining");
        (left == "1;w=21600").then_some(())
    });
    told.await;
}
