use std::collections::{BTreeSet, VecDeque};

use roadstead_testkit::{Answer, Client, Hub, User, image};
use serde_json::json;

use crate::found;
use crate::pages::{route_of, table};
use crate::sessions::{cookie, sign_in};

/// Pages of one walk, so that a circle of links ends.
const MOST: usize = 2000;

/// Somebody with a browser: a visitor has no cookie.
struct Walker {
    nobody: Client,
    cookie: String,
}

impl Walker {
    async fn of(hub: &Hub, user: Option<&User>) -> Self {
        let nobody = hub.anonymous();
        let cookie = match user {
            Some(user) => cookie(&sign_in(&nobody, &user.name, &user.password, "/").await.is(303)),
            None => String::new(),
        };
        Self { nobody, cookie }
    }

    async fn get(&self, path: &str) -> Answer {
        self.nobody.get(path).header("cookie", &self.cookie).await
    }

    /// Everything that links lead to from the front page on.
    async fn walk(&self) -> BTreeSet<String> {
        let (mut seen, mut waiting) = (BTreeSet::new(), VecDeque::from(["/".to_owned()]));
        while let Some(path) = waiting.pop_front() {
            if seen.len() >= MOST || !seen.insert(path.clone()) {
                continue;
            }
            let page = self.get(&path).await;
            match page.status() {
                200 if page.header("content-type").starts_with("text/html") => {
                    waiting.extend(links(&page.text()));
                }
                200 => {}
                303 | 307 | 308 => waiting.push_back(page.header("location")),
                status => panic!("{path} is linked and answers {status}"),
            }
        }
        seen
    }
}

/// Every address a page links to on this hub.
fn links(html: &str) -> BTreeSet<String> {
    let asks = html.split("action=\"").skip(1).filter(|part| {
        // What a form posts to shows nothing by itself.
        !part.split('>').next().unwrap_or_default().contains("method=\"post\"")
    });
    let parts = html.split("href=\"").skip(1).chain(asks);
    let links = parts.filter_map(|part| part.split('"').next());
    let own = links.filter(|link| link.starts_with('/') && !link.starts_with("/static/"));
    own.map(|link| link.split('#').next().unwrap_or(link).replace("&amp;", "&")).collect()
}

/// Everybody whom the walk is taken as.
struct Cast {
    hub: Hub,
    alice: User,
    molly: User,
    mallory: User,
    keeper: User,
}

impl Cast {
    async fn set() -> Self {
        let hub = Hub::start().await;
        let keeper = hub.admin_user("keeper").await;
        let (alice, molly) = (hub.user("alice").await, hub.user("molly").await);
        let mallory = hub.user("mallory").await;
        let token = json!({"token_label": "laptop"});
        alice.signed_in().await.post("/v2/access-tokens").json(&token).await.is(201);
        Self { hub, alice, molly, mallory, keeper }
    }

    async fn push(&self) {
        let repositories = [("alice/tides", vec!["1.0", "latest"]), ("alice/winds", vec!["1"])];
        for (name, tags) in repositories {
            self.alice.repo(name).push(&image().file("n", name).build(), &tags).await;
        }
        for name in ["alder", "ferry", "kelp", "tidedb"] {
            self.hub.admin(&format!("official create {name}")).run().await.exits(0);
            self.keeper.repo(&format!("library/{name}")).push(&image().build(), &["1"]).await;
        }
        self.alice.set_private("alice/winds", true).await;
        let plan = self.keeper.basic().put("/api/v1/admin/plans/crew").json(&json!({})).await;
        plan.is(200);
    }

    /// `acme` of Alice, with Molly in a team that reads `acme/charts`.
    async fn found_acme(&self) {
        let api = self.alice.signed_in().await;
        api.post("/v2/orgs/").json(&json!({"orgname": "acme"})).await.is(201);
        let crew = api.post("/v2/orgs/acme/groups/").json(&json!({"name": "crew"})).await.is(201);
        let form = json!({"org": "acme", "team": "crew", "invitees": ["molly"]});
        let told = api.post("/v2/invites/bulk").json(&form).await.is(202).json();
        let id = told["invitees"][0]["invite"]["id"].as_str().expect("an id").to_owned();
        let accept = format!("/api/v1/invitations/{id}/accept");
        self.molly.signed_in().await.post(&accept).await.is(200);
        self.alice.repo("acme/charts").push(&image().build(), &["1"]).await;
        self.alice.set_private("acme/charts", true).await;
        let grant = json!({"group_id": crew.json()["id"], "permission": "read"});
        api.post("/v2/repositories/acme/charts/groups/").json(&grant).await.is(200);
    }

    async fn walk(&self, user: Option<&User>) -> BTreeSet<String> {
        Walker::of(&self.hub, user).await.walk().await
    }
}

fn names(paths: &BTreeSet<String>, word: &str) -> bool {
    paths.iter().any(|path| path.contains(word))
}

#[tokio::test]
async fn no_link_is_dead_and_none_leads_where_its_reader_may_not_go() {
    let cast = Cast::set().await;
    cast.push().await;
    cast.found_acme().await;
    found(&cast.hub.anonymous(), "tidedb", "/_/tidedb").await;

    let visitor = cast.walk(None).await;
    let stranger = cast.walk(Some(&cast.mallory)).await;
    let member = cast.walk(Some(&cast.molly)).await;
    let owner = cast.walk(Some(&cast.alice)).await;
    let admin = cast.walk(Some(&cast.keeper)).await;

    for page in ["/alice/tides/tags/1.0", "/_/alder/tags", "/docs", "/search?official=1"] {
        assert!(visitor.contains(page), "{page} is not reached");
    }
    for outsider in [&visitor, &stranger, &admin] {
        assert!(!names(outsider, "winds") && !names(outsider, "charts"));
    }
    assert!(names(&member, "/acme/charts/tags/1") && !names(&member, "winds"));
    assert!(names(&owner, "/alice/winds/tags/1") && names(&owner, "/acme/charts/tags/1"));
    for walk in [&visitor, &stranger, &member, &owner] {
        assert!(!names(walk, "/admin"));
    }
    let walks = [visitor, stranger, member, owner, admin];
    let reached: BTreeSet<_> = walks.iter().flatten().filter_map(|path| route_of(path)).collect();
    let missed = table().into_iter().filter(|page| page.is_linked);
    let missed: Vec<_> = missed.filter(|page| !reached.contains(&*page.route)).collect();
    assert!(missed.is_empty(), "no link leads to {missed:#?}");
}
