//! People and organizations, as administrators look after them.

use roadstead_testkit::{Hub, MailPolicy, MailServer, eventually, image};
use serde_json::{Value, json};

fn names(page: &Value, member: &str) -> Vec<String> {
    let rows = page["results"].as_array().unwrap();
    rows.iter().map(|row| row[member].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn people_are_found_looked_at_and_changed() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().build(), &["1"]).await;
    hub.unverified_user("bob").await;
    let list = async |query: &str| {
        let page = keeper.get(&format!("/api/v1/admin/users{query}")).await.is(200).json();
        names(&page, "username")
    };

    let form = json!({
        "username": "carol", "email": "carol@example.test", "password": "correct horse staple",
    });
    let made = keeper.post("/api/v1/admin/users/").json(&form).await.is(201).json();
    assert_eq!((&made["is_verified"], &made["is_admin"]), (&json!(false), &json!(false)));
    keeper.post("/api/v1/admin/users/").json(&form).await.is(400).says("taken");
    keeper.post("/api/v1/admin/users/carol/verify").await.is(200);
    keeper.post("/api/v1/admin/users/alice/disable").await.is(200);

    assert_eq!(list("").await, ["alice", "bob", "carol", "keeper"]);
    assert_eq!(list("?search=ARO").await, ["carol"]);
    assert_eq!(list("?disabled=true").await, ["alice"]);
    assert_eq!(list("?administrator=true").await, ["keeper"]);
    assert_eq!(list("?unverified=true").await, ["bob"]);
    assert_eq!(list("?page=2&page_size=3").await, ["keeper"]);
    alice.basic().get("/v2/").await.is(401);
    keeper.post("/api/v1/admin/users/alice/enable").await.is(200);
    alice.basic().get("/v2/").await.is(200);
    let one = keeper.get("/api/v1/admin/users/alice/").await.is(200).json();
    assert_eq!((&one["repositories"], &one["plan"]), (&json!(1), &json!("default")));
    assert_eq!(one["email"], "alice@example.test");
    keeper.get("/api/v1/admin/users/nobody").await.is(404).says("no user `nobody`");
    let card = hub.admin("user show alice --format json").run().await.succeeds().stdout;
    let card: Value = serde_json::from_str(&card).unwrap();
    assert_eq!((&card["username"], &card["repositories"]), (&json!("alice"), &json!(1)));
    let unverified = hub.admin("user list --unverified --format json").run().await.succeeds();
    assert_eq!(serde_json::from_str::<Value>(&unverified.stdout).unwrap()[0]["username"], "bob");
}

#[tokio::test]
async fn an_account_is_deleted_when_nothing_depends_on_it() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().build(), &["1"]).await;
    let session = alice.signed_in().await;
    session.post("/v2/orgs").json(&json!({"orgname": "acme"})).await.is(201);
    let delete = async |name: &str| keeper.delete(&format!("/api/v1/admin/users/{name}")).await;

    delete("keeper").await.is(409).says("an administrator is dismissed first");
    delete("alice").await.is(409).says("nobody else owns the organization `acme`");
    keeper.delete("/api/v1/admin/orgs/acme").await.is(204);
    hub.admin("user delete alice").run().await.exits(1).says("still has 1 repositories");
    session.get("/v2/user").await.is(200);
    hub.admin("user sign-out alice").run().await.succeeds().says("signed out everywhere");
    session.get("/v2/user").await.is(401);
    alice.signed_in().await.delete("/v2/repositories/alice/app").await.is(202);
    delete("alice").await.is(204);
    delete("alice").await.is(404);

    alice.basic().get("/v2/").await.is(401);
    let form = json!({"username": "alice", "email": "a@example.test", "password": "correct horse"});
    keeper.post("/api/v1/admin/users").json(&form).await.is(400).says("taken");
    let log = keeper.get("/api/v1/admin/audit?action=account.delete").await.is(200).json();
    assert_eq!((&log["count"], &log["results"][0]["name"]), (&json!(1), &json!("alice")));
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let alice = hub.user("alice").await.signed_in().await;
    let of = |name: &str, what: &str| format!("/api/v1/admin/users/{name}/{what}");
    alice.get("/api/v1/admin/users").await.is(403);

    keeper.delete(&of("keeper", "administrator")).await.is(409).says("last administrator");
    keeper.post(&of("keeper", "disable")).await.is(409).says("last administrator");
    hub.admin("user dismiss keeper").run().await.exits(1).says("last administrator");
    keeper.put(&of("alice", "administrator")).await.is(200);
    alice.get("/api/v1/admin/users").await.is(200);

    let (one, other) = tokio::join!(
        keeper.delete(&of("keeper", "administrator")),
        alice.delete(&of("alice", "administrator")),
    );
    let both = [one.status(), other.status()];
    assert!(both.contains(&200) && both.iter().any(|status| *status != 200), "{both:?}");
    hub.admin("user promote alice").run().await.succeeds();
    hub.admin("user promote keeper").run().await.succeeds();
    hub.admin("user dismiss keeper").run().await.succeeds();
    keeper.get("/api/v1/admin/users").await.is(403);
    let log = alice.get("/api/v1/admin/audit?action=account.admin&name=keeper").await.json();
    assert_eq!(log["results"][0]["after"], json!({"is_admin": false}));
}

#[tokio::test]
async fn a_person_chooses_the_password_by_a_letter() {
    let mail = MailServer::start(MailPolicy::Plain).await;
    let hub = mail.used_by(Hub::with()).start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let letters = async |count: usize| {
        eventually("a letter with a link", 30, async || {
            let is_ours = |it: &&roadstead_testkit::Mail| {
                it.to == ["dora@example.test"]
                    && it.header("Subject").starts_with("Choose a new password")
            };
            (mail.mails().iter().filter(is_ours).count() == count).then_some(())
        })
        .await;
    };

    let form = json!({"username": "dora", "email": "dora@example.test"});
    let made = keeper.post("/api/v1/admin/users").json(&form).await.is(201).json();
    assert_eq!(made["is_verified"], true);
    letters(1).await;
    let path = "/api/v1/admin/users/dora/password";
    keeper.post(path).json(&json!({"password": "correct horse dora"})).await.is(200);
    let dora = hub.anonymous().with_basic("dora", "correct horse dora");
    dora.get("/v2/").await.is(200);
    keeper.post(path).json(&json!({"password": "short"})).await.is(400).says("8 to 256");
    keeper.post(path).json(&json!({})).await.is(200);
    dora.get("/v2/").await.is(401);
    letters(2).await;
    hub.unverified_user("bob").await;
    let bob = "/api/v1/admin/users/bob/password";
    keeper.post(bob).json(&json!({})).await.is(409).says("no verified address");
    hub.admin("user reset-password dora --letter").run().await.succeeds();
    letters(3).await;
}

#[tokio::test]
async fn a_renamed_person_keeps_everything_and_the_old_name_pulls() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let alice = hub.user("alice").await;
    hub.user("bob").await;
    alice.repo("alice/app").push(&image().build(), &["1"]).await;
    let rename = async |to: &str| {
        let form = json!({"username": to});
        keeper.post("/api/v1/admin/users/alice/rename").json(&form).await
    };

    rename("bob").await.is(400).says("taken");
    rename("B B").await.is(400);
    rename("alicia").await.is(200);

    let alicia = hub.anonymous().with_password("alicia", &alice.password);
    alicia.repo("alicia/app").push(&image().build(), &["2"]).await;
    hub.anonymous().repo("alice/app").manifest("1").await.is(200);
    alicia.repo("alice/app").open_upload().await.is(403);
    hub.admin("user rename alicia alice").run().await.succeeds();
    alice.repo("alice/app").push(&image().build(), &["3"]).await;
    let log = keeper.get("/api/v1/admin/audit?action=account.rename").await.json();
    assert_eq!(log["count"], 2);
}

#[tokio::test]
async fn organizations_are_found_closed_opened_and_deleted() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let ann = hub.user("ann").await;
    let owner = ann.signed_in().await;
    for name in ["acme", "empty"] {
        owner.post("/v2/orgs/").json(&json!({"orgname": name})).await.is(201);
    }
    ann.repo("acme/app").push(&image().build(), &["1"]).await;
    let of = |rest: &str| format!("/api/v1/admin/orgs/{rest}");

    let listed = keeper.get("/api/v1/admin/orgs?search=a").await.is(200).json();
    assert_eq!(names(&listed, "orgname"), ["acme"]);
    let one = keeper.get(&of("acme")).await.is(200).json();
    assert_eq!((&one["members"], &one["repositories"]), (&json!(1), &json!(1)));
    keeper.post(&of("acme/disable")).await.is(204);
    owner.patch("/api/v1/orgs/acme").json(&json!({"company": "x"})).await.is(404);
    ann.repo("acme/new").open_upload().await.is(403);
    hub.anonymous().repo("acme/app").manifest("1").await.is(200);
    let closed = keeper.get("/api/v1/admin/orgs?disabled=true").await.json();
    assert_eq!(names(&closed, "orgname"), ["acme"]);
    hub.admin("org enable acme").run().await.succeeds();
    owner.patch("/api/v1/orgs/acme").json(&json!({"company": "x"})).await.is(200);

    keeper.delete(&of("acme")).await.is(409).says("still has 1 repositories");
    keeper.delete(&of("empty")).await.is(204);
    keeper.delete(&of("empty")).await.is(404).says("no organization `empty`");
    keeper.get(&of("empty")).await.is(404);
    keeper.post(&of("ann/disable")).await.is(404);
    owner.post("/v2/orgs/").json(&json!({"orgname": "empty"})).await.is(409);
    hub.admin("org set-plan acme none").run().await.exits(1).says("no plan");
    let listed = hub.admin("org list --format json").run().await.succeeds().stdout;
    assert_eq!(serde_json::from_str::<Value>(&listed).unwrap()[0]["orgname"], "acme");
}
