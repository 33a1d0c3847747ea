//! A mail server that is away, busy, or will not have it; a hub that dies in between.

use roadstead_testkit::{MailPolicy, MailServer, eventually};

use crate::desk::{cause_letter, hub, jobs};

#[tokio::test]
async fn a_letter_that_cannot_be_taken_now_arrives_later() {
    let mut server = MailServer::start(MailPolicy::Plain).await;
    let hub = hub(&server).await;
    cause_letter(&hub.user("busy").await).await;
    eventually("it was put off", 30, async || {
        let job = jobs(&hub, "--waiting").await.pop()?;
        job["last_error"].as_str()?.contains("451").then_some(())
    })
    .await;
    server.open();
    server.mail_to("busy@example.test").await;

    server.stop();
    cause_letter(&hub.user("alice").await).await;
    eventually("nobody was there", 30, async || {
        let job = jobs(&hub, "--waiting").await.pop()?;
        job["last_error"].is_string().then_some(())
    })
    .await;
    server.launch().await;
    server.mail_to("alice@example.test").await;

    eventually("nothing is left to do", 10, async || {
        jobs(&hub, "--waiting").await.is_empty().then_some(())
    })
    .await;
    assert!(jobs(&hub, "").await.is_empty());
}

#[tokio::test]
async fn a_letter_that_is_refused_for_good_waits_for_an_administrator() {
    let server = MailServer::start(MailPolicy::Plain).await;
    let hub = hub(&server).await;
    cause_letter(&hub.user("nobody").await).await;
    let job = eventually("it was given up", 30, async || jobs(&hub, "").await.pop()).await;

    assert_eq!((job["kind"].as_str(), job["attempts"].as_i64()), (Some("letter"), Some(1)));
    let error = job["last_error"].as_str().unwrap();
    assert!(error.contains("550") && !error.contains("example.test"), "{error}");
    assert!(!hub.log().contains("nobody@example.test"), "{}", hub.log());
    assert!(server.mails().is_empty());

    server.open();
    let id = job["id"].as_str().unwrap();
    hub.admin(&format!("job retry {id}")).run().await.succeeds().says("begun anew");
    server.mail_to("nobody@example.test").await;
    hub.admin(&format!("job retry {id}")).run().await.exits(1).says("no job");
    hub.admin(&format!("job delete {id}")).run().await.exits(1).says("no job");
}

#[tokio::test]
async fn a_letter_survives_a_hub_that_is_killed_while_it_sends() {
    let server = MailServer::start(MailPolicy::Plain).await;
    let mut hub = hub(&server).await;
    cause_letter(&hub.user("slow").await).await;
    eventually("the hub waits for an answer", 30, async || {
        server.has_noted("waiting").then_some(())
    })
    .await;

    hub.kill();
    server.open();
    hub.restart().await;

    // Sent at least once, and with one id, so that a mail program shows one.
    eventually("nothing is left to do", 30, async || {
        jobs(&hub, "--waiting").await.is_empty().then_some(())
    })
    .await;
    let mails = server.mails_to("slow@example.test", 1).await;
    assert!(mails.iter().all(|m| m.header("Message-ID") == mails[0].header("Message-ID")));
}

#[tokio::test]
async fn a_hub_that_stops_hands_a_letter_on_as_if_it_had_never_begun() {
    let server = MailServer::start(MailPolicy::Plain).await;
    let mut hub = server
        .used_by(roadstead_testkit::Hub::with())
        .args(["--shutdown-timeout", "1s"])
        .start()
        .await;
    cause_letter(&hub.user("slow").await).await;
    eventually("the hub waits for an answer", 30, async || {
        server.has_noted("waiting").then_some(())
    })
    .await;

    assert!(hub.stop().await);

    let job = jobs(&hub, "--waiting").await.pop().unwrap();
    assert_eq!((job["state"].as_str(), job["attempts"].as_i64()), (Some("waiting"), Some(0)));
}
