//! Clients of Docker Hub's API, as they were published, pointed here.
//!
//! They are in no package of Debian, so `cargo xtask hub-clients` gets them and runs these tests, and says which it
//! could not get. Versions that pinned the texts: hub-tool of February 2024, docker-hub-api 0.8.0, renovate 39.99.0.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roadstead_testkit::{Hub, Tool, User, image};
use serde_json::{Value, json};
use tempfile::TempDir;

/// hub-tool with a configuration of its own, on which somebody has logged in.
struct HubTool {
    config: TempDir,
    url: String,
}

impl HubTool {
    fn of(hub: &Hub, user: &User) -> Self {
        let config = tempfile::tempdir().unwrap();
        let pair = STANDARD.encode(format!("{}:{}", user.name, user.password));
        let stored = json!({"auths": {"hub-tool": {"auth": pair}}});
        std::fs::write(config.path().join("config.json"), stored.to_string()).unwrap();
        Self { config, url: hub.url() }
    }

    fn tool(&self, line: &str) -> Tool {
        let program = std::env::var_os("HUB_TOOL").expect("`cargo xtask hub-clients` sets it");
        let tool = Tool::new(program).env("DOCKER_CONFIG", self.config.path());
        tool.env("DOCKER_HUB_API_URL", &self.url).env("DOCKER_REGISTRY_URL", &self.url).line(line)
    }

    async fn says(&self, line: &str) -> String {
        self.tool(line).run().await.succeeds().stdout
    }

    async fn json(&self, line: &str) -> Value {
        let said = self.says(&format!("{line} --format json")).await;
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }
}

/// One member of each row.
fn each<'v>(rows: &'v Value, member: &str) -> Vec<&'v Value> {
    rows.as_array().expect("rows").iter().map(|row| &row[member]).collect()
}

#[tokio::test]
#[ignore = "needs hub-tool, which `cargo xtask hub-clients` looks for"]
async fn hub_tool_shows_the_account_and_its_organizations() {
    let hub = Hub::with().args(["--private-repositories", "3"]).start().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    api.post("/v2/orgs/").json(&json!({"orgname": "acme", "company": "Acme"})).await.is(201);
    api.post("/v2/orgs/acme/groups").json(&json!({"name": "crew"})).await.is(201);
    let tool = HubTool::of(&hub, &alice);

    let account = tool.json("account info").await;
    assert_eq!(
        (&account["Account"]["Name"], &account["Plan"]["Name"]),
        (&json!("alice"), &json!("default"))
    );
    assert_eq!(account["Plan"]["Limits"]["PrivateRepos"], 3, "{account}");
    let account = tool.says("account info acme").await;
    for line in ["Seats:\t\tunlimited", "Private repositories:\t0/3", "Parallel builds:\t0"] {
        assert!(account.contains(line), "{line}: {account}");
    }
    let organizations = tool.json("org ls").await;
    assert_eq!(each(&organizations, "Namespace"), ["acme"]);
    assert_eq!(each(&organizations, "Role"), ["Owner"]);
    assert_eq!(each(&tool.json("org teams acme").await, "Name"), ["crew", "owners"]);
    assert_eq!(each(&tool.json("org members acme").await, "username"), ["alice"]);
    tool.tool("org members umbrella").run().await.fails().says("resource not found");
}

#[tokio::test]
#[ignore = "needs hub-tool, which `cargo xtask hub-clients` looks for"]
async fn hub_tool_lists_and_removes_repositories_and_tags() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let digest = alice.repo("alice/app").push(&image().file("a", "a").build(), &["1", "2"]).await;
    alice.set_private("alice/app", true).await;
    let tool = HubTool::of(&hub, &alice);

    let repositories = tool.json("repo ls").await;
    assert_eq!(each(&repositories, "Name"), ["alice/app"]);
    assert_eq!(each(&repositories, "IsPrivate"), [true]);
    let tags = tool.json("tag ls alice/app --sort name").await;
    assert_eq!(each(&tags, "Name"), ["alice/app:1", "alice/app:2"]);
    assert_eq!(tags[0]["Images"][0]["Digest"], digest);
    assert_eq!(HubTool::of(&hub, &bob).json("repo ls alice").await, Value::Null);
    let refused = HubTool::of(&hub, &bob).tool("tag rm --force alice/app:1").run().await;
    refused.fails().says("resource not found");
    assert_eq!(tool.says("tag rm --force alice/app:1").await, "Deleted alice/app:1\n");
    assert_eq!(each(&tool.json("tag ls alice/app").await, "Name"), ["alice/app:2"]);
    let removed = "Repository \"alice/app\" was successfully deleted\n";
    assert_eq!(tool.says("repo rm --force alice/app").await, removed);
    assert_eq!(tool.json("repo ls").await, Value::Null);
}

#[tokio::test]
#[ignore = "needs hub-tool, which `cargo xtask hub-clients` looks for"]
async fn hub_tool_makes_tokens_that_sign_in() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let tool = HubTool::of(&hub, &alice);

    let secret = tool.says("token create --description ci --quiet").await;
    let made = hub.anonymous().with_basic("alice", secret.trim());
    made.get("/v2/").await.is(200);
    let listed = tool.json("token ls").await;
    assert_eq!(each(&listed, "Description"), ["ci"]);
    assert_eq!(each(&listed, "Token"), [""]);
    let id = listed[0]["UUID"].as_str().unwrap();
    tool.says(&format!("token deactivate {id}")).await;
    made.get("/v2/").await.is(401);
    tool.says(&format!("token activate {id}")).await;
    made.get("/v2/").await.is(200);
    assert_eq!(tool.json(&format!("token inspect {id}")).await["IsActive"], true);
    tool.says(&format!("token rm --force {id}")).await;
    made.get("/v2/").await.is(401);
}

/// A program of `node/`, whose client speaks to this hub in place of Docker's.
fn node(hub: &Hub, program: &str) -> Tool {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/node");
    let tool = Tool::installed("node").env("HUB_ADDRESS", hub.address());
    tool.args(["--require".into(), here.join("redirect.js"), here.join(program)])
}

const DAY: &str = r##"["loggedInUser","alice"]
["createRepository",["alice","notes","short","long"]]
["setRepositoryDescription",["shorter","# Longer"]]
["repository",false]
["addCollaborator",{"user":"bob"}]
["collaborators",[{"user":"bob"}]]
["deleteCollaborator",null]
["starRepository",{}]
["repositoriesStarred",["app"]]
["unstarRepository",null]
["repositories",[{"name":"app","namespace":"alice"},{"name":"notes","namespace":"alice"}]]
["tags",[["2",true],["1",true]]]
["deleteTag",null]
["tags",["1"]]
["registrySettings",0]
["user","bob"]
["deleteRepository",null]
["repository","{\"detail\":\"object not found\",\"message\":\"object not found\"}"]
["logout",null]
"##;

#[tokio::test]
#[ignore = "needs docker-hub-api of npm, which `cargo xtask hub-clients` gets"]
async fn node_docker_hub_api_lives_through_a_day() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    hub.user("bob").await;
    for tag in ["1", "2"] {
        alice.repo("alice/app").push(&image().file("tag", tag).build(), &[tag]).await;
    }

    let day = node(&hub, "docker-hub-api.js").args([&alice.name, &alice.password]).run().await;

    assert_eq!(day.succeeds().stdout, DAY);
}

#[tokio::test]
#[ignore = "needs renovate of npm, which `cargo xtask hub-clients` gets"]
async fn node_renovate_finds_the_releases_of_an_image() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let mut digests = Vec::new();
    for tag in ["1.0.0", "1.1.0"] {
        let image = image().file("tag", tag).build();
        digests.push(alice.repo("alice/app").push(&image, &[tag]).await);
    }

    let found = node(&hub, "renovate.js").args(["alice/app"]).run().await.succeeds().stdout;

    let lines: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let newest_first = json!([["1.1.0", digests[1], true], ["1.0.0", digests[0], true]]);
    assert_eq!(lines, [json!(["1.0.0", "1.1.0"]), json!(digests[0]), newest_first]);
}
