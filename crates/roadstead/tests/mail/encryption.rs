//! How a letter crosses the network.

use roadstead_testkit::{Hub, MAIL_USER, MailPolicy, MailServer, eventually};

use crate::desk::{cause_letter, hub, jobs};

#[tokio::test]
async fn a_letter_goes_out_by_starttls_with_the_password_and_reads_well_in_both_forms() {
    let server = MailServer::start(MailPolicy::StartTls).await;
    let hub = server
        .used_by(Hub::with())
        .args(["--mail-from", "Our Harbour <harbour@example.org>"])
        .start()
        .await;
    cause_letter(&hub.user("alice").await).await;

    let mail = server.mail_to("alice@example.test").await;

    assert!(mail.is_encrypted);
    assert_eq!(mail.user.as_deref(), Some(MAIL_USER));
    assert_eq!(mail.from, "harbour@example.org");
    assert_eq!(mail.header("From"), "Our Harbour <harbour@example.org>");
    assert_eq!(mail.header("Subject"), format!("New access token on {}", hub.address()));
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    for body in [&mail.text, &mail.html] {
        assert!(body.contains("“for the build machine”") && body.contains("repo:read"), "{body}");
    }
    assert!(!hub.log().contains("anchor"), "the password is in the log");
}

#[tokio::test]
async fn a_letter_goes_out_through_implicit_tls_with_the_password_from_a_file() {
    use std::os::unix::fs::PermissionsExt;
    let server = MailServer::start(MailPolicy::ImplicitTls).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{}\n", roadstead_testkit::MAIL_PASSWORD)).unwrap();
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    let url = server.url().replace(":sail%20%26%20anchor@", "@");
    let hub = server
        .used_by(Hub::with())
        .env("ROADSTEAD_SMTP_URL", url)
        .env("ROADSTEAD_SMTP_PASSWORD_FILE", file.path().display().to_string())
        .start()
        .await;
    cause_letter(&hub.user("alice").await).await;

    let mail = server.mail_to("alice@example.test").await;

    assert!(mail.is_encrypted);
    assert_eq!(mail.user.as_deref(), Some(MAIL_USER));
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_that_cannot_prove_its_name_or_does_not_encrypt() {
    let (unknown, plain) =
        (MailServer::start(MailPolicy::StartTls).await, MailServer::start(MailPolicy::Plain).await);
    let stranger = Hub::with().env("ROADSTEAD_SMTP_URL", unknown.url()).start().await;
    let demanding = Hub::with()
        .env("ROADSTEAD_SMTP_URL", format!("{}?tls=required", plain.url()))
        .start()
        .await;

    for (hub, server, reason) in
        [(&stranger, &unknown, "certificate"), (&demanding, &plain, "STARTTLS")]
    {
        cause_letter(&hub.user("alice").await).await;
        let job = eventually("the letter has failed", 30, async || {
            let job = jobs(hub, "--waiting").await.pop()?;
            job["last_error"].is_string().then_some(job)
        })
        .await;
        assert!(job["last_error"].as_str().unwrap().contains(reason), "{job}");
        assert!(server.mails().is_empty());
    }
}

#[tokio::test]
async fn a_wrong_password_is_the_operators_to_mend_and_no_letter_is_lost() {
    let server = MailServer::start(MailPolicy::ImplicitTls).await;
    let wrong = server.url().replace("anchor", "ancor");
    let mut hub = server.used_by(Hub::with()).env("ROADSTEAD_SMTP_URL", wrong).start().await;
    cause_letter(&hub.user("alice").await).await;
    eventually("the letter has failed", 30, async || {
        let job = jobs(&hub, "--waiting").await.pop()?;
        job["last_error"].as_str()?.contains("535").then_some(())
    })
    .await;
    assert!(jobs(&hub, "").await.is_empty());

    hub.set_env("ROADSTEAD_SMTP_URL", &server.url());
    assert!(hub.stop().await);
    hub.restart().await;

    server.mail_to("alice@example.test").await;
}

#[tokio::test]
async fn a_relay_on_this_machine_needs_no_encryption() {
    let server = MailServer::start(MailPolicy::Plain).await;
    let hub = hub(&server).await;
    cause_letter(&hub.user("alice").await).await;

    let mail = server.mail_to("alice@example.test").await;

    assert!(!mail.is_encrypted && mail.user.is_none());
    assert_eq!(mail.from, "roadstead@127.0.0.1");
}
