//! The commands that speak to the hub's JSON API.

use roadstead_testkit::{Hub, eventually, image};
use serde_json::Value;

use crate::desk::Machine;

#[tokio::test]
async fn a_repository_is_made_described_and_deleted() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let machine = Machine::of(&hub, &alice).await;
    let readme = machine.write("README.md", "# App\n\nIt does.\n");

    let made = machine.run("repo create alice/app --description first --private").await.exits(0);
    assert_eq!(made.stdout, "alice/app was created\n");
    machine.run("repo create alice/app").await.exits(1);
    machine.run(&format!("repo readme push alice/app {}", readme.display())).await.exits(0);
    machine.run("repo edit alice/app --public").await.exits(0);
    let nothing = machine.run("repo edit alice/app").await.exits(2);
    assert_eq!(nothing.stderr, "error: say what to change: --description, --private or --public\n");

    let viewed = machine.run("repo view alice/app --format json").await.exits(0);
    let viewed: Value = serde_json::from_str(&viewed.stdout).unwrap();
    assert_eq!((&viewed["description"], &viewed["is_private"]), (&"first".into(), &false.into()));
    let text = machine.run("repo readme get alice/app").await.exits(0);
    assert_eq!(text.stdout, "# App\n\nIt does.\n");
    let gone = machine.run("repo rm alice/app --yes").await.exits(0);
    assert_eq!(gone.stdout, "alice/app was deleted\n");
    machine.run("repo view alice/app").await.exits(5);
}

#[tokio::test]
async fn tokens_are_made_switched_off_and_deleted_with_the_password() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().build(), &["1"]).await;
    let machine = Machine::of(&hub, &alice).await;
    let token = async |line: &str| {
        let tool = machine.tool(&format!("token {line} --password-stdin"));
        tool.input(alice.password.clone()).run().await.exits(0).stdout.trim().to_owned()
    };

    let secret = token("create ci --scope repo:read --expires 90d -q").await;
    let ci = hub.anonymous().with_basic("alice", &secret);
    ci.get("/v2/").await.is(200);
    let id = token("ls -q").await;
    assert_eq!(token(&format!("disable {id}")).await, "`ci` was disabled");
    ci.get("/v2/").await.is(401);
    token(&format!("enable {id}")).await;
    ci.get("/v2/").await.is(200);
    assert_eq!(token(&format!("rm {id} --yes")).await, format!("{id} was deleted"));
    ci.get("/v2/").await.is(401);
}

#[tokio::test]
async fn any_request_can_be_sent() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let machine = Machine::of(&hub, &alice).await;
    let made = machine
        .run("api post /v2/namespaces/alice/repositories -f name=app -f is_private=true")
        .await
        .exits(0);
    let made: Value = serde_json::from_str(&made.stdout).unwrap();
    assert_eq!((&made["name"], &made["is_private"]), (&"app".into(), &true.into()));

    let body = machine.tool("api patch /v2/repositories/alice/app/ --input -");
    body.input(r#"{"description": "by file"}"#).run().await.exits(0).says("by file");
    machine.run("api get /v2/repositories/alice/none/").await.exits(5).says("object not found");
    machine.run("api get v2/user/").await.exits(2).says("is no path");
    machine.run("api get /v2/user/ -f x").await.exits(2).says("write `key=value`");
}

#[tokio::test]
async fn shells_get_a_script() {
    let machine = Machine::new();

    for shell in ["bash", "zsh", "fish"] {
        machine.run(&format!("completion {shell}")).await.exits(0).says("roadstead");
    }
}

#[tokio::test]
async fn who_am_i_is_answered_for_people_and_scripts() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let machine = Machine::of(&hub, &alice).await;

    let text = machine.run("whoami").await.exits(0);
    assert_eq!(text.stdout, format!("alice at {}\n", hub.address()));
    assert_eq!(machine.run("whoami -q").await.exits(0).stdout, "alice\n");
    let line = format!("whoami --host {}", hub.address());
    let stranger = Machine::new().run(&line).await.exits(4);
    assert_eq!(stranger.stderr, "error: you are not logged in; `roadstead login HOST` does that\n");
}

#[tokio::test]
async fn search_finds_what_was_described_and_filters_it() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/redis").push(&image().build(), &["1"]).await;
    let machine = Machine::of(&hub, &alice).await;
    let description = "An in-memory database that persists on disk, and more words";
    let edit = machine.tool("repo edit alice/redis --description").args([description]);
    edit.run().await.exits(0);
    let search =
        async |words: &str| machine.run(&format!("search redis {words}")).await.exits(0).stdout;

    eventually("the change is searchable", 10, async || {
        search("--no-trunc").await.contains(description).then_some(())
    })
    .await;

    let cut = "An in-memory database that persists on disk,…";
    assert_eq!(search("").await, format!("alice/redis\t{cut}\t0\t\t\n"));
    assert_eq!(search("-q").await, "alice/redis\n");
    for filter in ["--official", "--automated", "--stars 1"] {
        assert_eq!(search(filter).await, "", "{filter}");
    }
}
