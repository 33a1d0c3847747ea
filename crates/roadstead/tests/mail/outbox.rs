//! Without a mail server.

use roadstead_testkit::{Hub, Tool, eventually};

use crate::desk::{cause_letter, jobs};

#[tokio::test]
async fn without_a_mail_server_letters_are_files_and_lines_of_the_log() {
    let hub = Hub::start().await;
    cause_letter(&hub.user("alice").await).await;
    let outbox = hub.data_dir().join("outbox");
    let file = eventually("the letter is written", 30, async || {
        let entries: Vec<_> = std::fs::read_dir(&outbox).ok()?.flatten().collect();
        entries.iter().map(|e| e.path()).find(|p| p.extension().is_some_and(|e| e == "eml"))
    })
    .await;

    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("To: alice@example.test"), "{text}");
    eventually("the log tells", 10, async || {
        hub.log().contains(&format!("file={}", file.display())).then_some(())
    })
    .await;
    assert!(jobs(&hub, "").await.is_empty());
}

#[tokio::test]
async fn a_mail_server_is_refused_when_links_would_lead_nowhere_and_its_password_is_not_shown() {
    let hub = Hub::start().await;
    let check = |url: &str, line: &str| -> Tool {
        hub.command("config", &format!("check {line}")).env("ROADSTEAD_SMTP_URL", url)
    };

    let everywhere = "--listen 0.0.0.0:5000";
    check("smtp://mail.example", everywhere).run().await.exits(1).says("needs public-url");
    let named = "--listen 0.0.0.0:5000 --public-url https://hub.example";
    check("smtp://mail.example", named).run().await.exits(0);
    let refused = check("smtp://hub:hush@mail.example?tls=off", "").run().await;
    refused.exits(1).says("ROADSTEAD_SMTP_URL: a user and password would cross").never_says("hush");
    check("smtp://hub@mail.example", "").run().await.exits(1).says("smtp-password-file");
}
