//! `login`, `logout`, `whoami`: one login for this program and for docker.

use roadstead_testkit::{Hub, image};

use crate::desk::Machine;

#[tokio::test]
async fn docker_pulls_what_roadstead_logged_in_for() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().docker().file("a", hub.address()).build(), &["1"]).await;
    alice.set_private("alice/app", true).await;
    let machine = Machine::new();
    let name = format!("{}/alice/app:1", hub.address());
    machine.docker(&format!("pull {name}")).run().await.fails();

    let login = machine.login(&hub, "alice", &alice.password).await.succeeds();

    assert_eq!((login.stdout.as_str(), login.stderr.as_str()), ("Login Succeeded\n", ""));
    machine.docker(&format!("pull {name}")).run().await.succeeds();
    let logout = machine.run("logout").await.succeeds();
    assert_eq!(logout.stdout, format!("Removing login credentials for {}\n", hub.address()));
    machine.docker(&format!("pull {name}")).run().await.fails();
    machine.run(&format!("logout {}", hub.address())).await.succeeds().says("Not logged in to");
}

#[tokio::test]
async fn roadstead_knows_who_logged_in_with_docker() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let machine = Machine::new();
    let line = format!("login {} -u alice --password-stdin", hub.address());
    machine.docker(&line).input(alice.password.clone()).run().await.succeeds();
    let archive = machine.archive("app:1", &image().file("a", "a").build());

    let push = format!("push alice/app:1 --from docker-archive:{}", archive.display());
    machine.run(&push).await.succeeds();
    let made = machine.run("repo create alice/other --private").await.succeeds();

    assert_eq!(made.stdout, "alice/other was created\n");
}

#[tokio::test]
async fn a_credential_helper_keeps_the_login() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let mut machine = Machine::new();
    let kept = machine.install_helper();

    machine.login(&hub, "alice", &alice.password).await.succeeds();

    let secret = std::fs::read_to_string(kept.join(hub.address())).unwrap();
    assert!(secret.contains("rsd_ref_") && secret.contains("<token>"), "{secret}");
    let config = machine.docker_config();
    assert_eq!(config["auths"], serde_json::json!({hub.address(): {}}));
    assert_eq!(config["credsStore"], "box");
    machine.run("repo create alice/app").await.succeeds();
    machine.run("logout").await.succeeds();
    assert!(!kept.join(hub.address()).exists());
    let line = format!("repo create alice/more --host {}", hub.address());
    machine.run(&line).await.exits(4).says("you are not logged in");
}

#[tokio::test]
async fn the_file_of_the_first_docker_clients_is_read() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let machine = Machine::new();
    // base64 of `alice:PASSWORD`, as those clients wrote it.
    let auth = {
        use base64::Engine as _;
        let pair = format!("alice:{}", alice.password);
        base64::engine::general_purpose::STANDARD.encode(pair)
    };
    let key = hub.url();
    let old = serde_json::json!({key: {"auth": auth, "email": "alice@example.test"}});
    machine.write(".dockercfg", old.to_string());

    machine.run("repo create alice/app").await.succeeds();
    let token = machine.run("token create ci --scope repo:read").await.succeeds();

    assert!(token.stdout.starts_with("rsd_pat_"), "{}", token.story());
}

#[tokio::test]
async fn an_account_is_made_on_the_way_in() {
    let hub = Hub::with().args(["--sign-up", "open"]).start().await;
    hub.admin_user("root-of-hub").await;
    let machine = Machine::new();
    let line = format!("login {} -u dora --password-stdin --create", hub.address());

    machine.tool(&line).input("a good password").run().await.exits(2).says("--email");
    let line = format!("{line} --email dora@example.test");
    let made = machine.tool(&line).input("a good password").run().await.succeeds();

    assert_eq!(made.stderr, "The account `dora` was created.\n");
    assert_eq!(made.stdout, "Login Succeeded\n");
    let again = machine.tool(&line).input("a good password").run().await.exits(1);
    assert_eq!(again.stderr, "error: the name `dora` is taken; choose another\n");
}

#[tokio::test]
async fn what_cannot_be_done_is_told_with_its_exit_code() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let machine = Machine::new();

    let nowhere = machine.run("repo ls alice").await.exits(2);
    assert_eq!(
        nowhere.stderr,
        "error: say which hub: `--host HOST`, or log in: `roadstead login HOST`\n"
    );
    let line = format!("login {}", hub.address());
    let nobody = machine.run(&line).await.exits(2);
    assert_eq!(nobody.stderr, "error: there is no terminal to ask on; give --username\n");
    let wrong = machine.login(&hub, "alice", "wrong").await.exits(4);
    assert_eq!(wrong.stderr, "error: incorrect username or password\n");
    assert!(!machine.file(".docker/config.json").exists());
    machine.login(&hub, "alice", &alice.password).await.succeeds();
    let no_password = machine.run("token ls").await.exits(2);
    assert_eq!(
        no_password.stderr,
        "error: there is no terminal to ask on; give --password-stdin\n"
    );
    let none = machine.run("repo view alice/none").await.exits(5);
    assert_eq!(none.stderr, "error: object not found\n");
    let refused = machine.run("login 127.0.0.1:1 -u a --password-stdin").await.exits(1);
    assert!(refused.stderr.contains("127.0.0.1:1 cannot be reached"), "{}", refused.story());
}
