//! `roadstead config check`, and starts that are refused.

use roadstead_testkit::{Backend, Hub, Tool};

fn roadstead(hub: &Hub, line: &str) -> Tool {
    // `config` takes the options of `serve`, so the data options of `command` fit.
    hub.command("config", line)
}

#[tokio::test]
async fn config_check_reports_every_problem_and_how_it_was_probably_meant() {
    let hub = Hub::start().await;
    let file = hub.scratch().join("roadstead.toml");
    std::fs::write(&file, "lisen = 'x'\nupload-ttl = 'soon'\n[max]\nblob-size = '1 parsec'\n")
        .unwrap();
    let path = file.to_str().unwrap();

    let checked = roadstead(&hub, &format!("check --config {path} --challenge digest")).run().await;

    checked
        .exits(1)
        .says(&format!("{path}: `lisen`: is not a setting; did you mean `listen`?"))
        .says(&format!("{path}: `upload-ttl`: `soon`: write a duration"))
        .says(&format!("{path}: `max.blob-size`: `1 parsec`: write a size"))
        .says("--challenge: `digest`: write one of bearer, basic")
        .says("4 problems");
}

#[tokio::test]
async fn config_check_is_content_with_good_settings() {
    let hub = Hub::start().await;

    roadstead(&hub, "check --listen 0.0.0.0:443 --upload-ttl 2h")
        .run()
        .await
        .exits(0)
        .says("no problems");
    roadstead(&hub, "check --no-such-option").run().await.exits(2).says("--no-such-option");
}

#[tokio::test]
async fn a_start_with_wrong_settings_is_refused_with_the_same_words() {
    let said =
        Hub::with().args(["--upload-ttl", "soon", "--sign-up", "maybe"]).refuses_to_start().await;

    assert!(said.contains("--upload-ttl: `soon`: write a duration"), "{said}");
    assert!(said.contains("--sign-up: `maybe`: write one of open, invite, closed"), "{said}");
}

#[tokio::test]
async fn two_servers_never_share_a_data_folder() {
    let hub = Hub::start().await;

    let second = hub.command("serve", "--listen 127.0.0.1:0").run().await;

    second.exits(1).says("another server runs on the data folder");
    hub.anonymous().get("/healthz").await.is(200);
}

#[tokio::test]
async fn a_key_that_everybody_can_read_keeps_the_server_from_starting() {
    use std::os::unix::fs::PermissionsExt;
    let mut hub = Hub::with().backend(Backend::Embedded).start().await;
    assert!(hub.stop().await);
    let key = hub.data_dir().join("keys/token-0001.pem");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();

    let said =
        Hub::with().backend(Backend::Embedded).data_dir(hub.data_dir()).refuses_to_start().await;

    assert!(said.contains("chmod 600") && said.contains("token-0001.pem"), "{said}");
}

#[tokio::test]
async fn a_database_that_is_none_keeps_the_server_from_starting() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("notes.db");
    std::fs::write(&file, "these are notes, not a database\n".repeat(100)).unwrap();
    let url = format!("sqlite:{}", file.display());

    let said =
        Hub::with().backend(Backend::Embedded).args(["--database", &url]).refuses_to_start().await;

    assert!(said.contains("error: the database `"), "{said}");
    assert!(said.contains("notes.db` cannot be opened"), "{said}");
}
