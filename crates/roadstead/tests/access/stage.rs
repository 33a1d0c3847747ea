//! A hub with people, what they own, and all the ways they can present themselves.

use std::sync::atomic::{AtomicUsize, Ordering};

use roadstead_testkit::{Client, Hub, Image, Repo, User, image};
use serde_json::json;

/// How a caller stands to the repositories of Alice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// What is public.
    Public,
    Pull,
    Push,
    Everything,
}

/// One way to come to the hub.
#[derive(Clone, Debug)]
pub struct Caller {
    pub name: &'static str,
    pub reach: Reach,
    pub credentials: Option<(String, String)>,
    nobody: Client,
}

impl Caller {
    /// Sends what it has with every request.
    pub fn basic(&self) -> Client {
        match &self.credentials {
            Some((user, secret)) => self.nobody.clone().with_basic(user, secret),
            None => self.nobody.clone(),
        }
    }

    /// Exchanges what it has for a token that asks for everything.
    pub async fn bearer(&self, repository: &str) -> Client {
        let scope = format!("repository:{repository}:pull,push,delete");
        let token = token(&self.basic(), &[&scope]).await;
        self.nobody.clone().with_bearer(&token)
    }
}

/// A token with these credentials.
pub async fn token(caller: &Client, scopes: &[&str]) -> String {
    let scopes: String = scopes.iter().map(|scope| format!("&scope={scope}")).collect();
    let answer = caller.get(&format!("/token?service=roadstead{scopes}")).await.is(200);
    answer.json()["token"].as_str().unwrap().to_owned()
}

/// `alice/public` and `alice/hidden`, each with the image as `1` and a blob that nothing needs. The
/// names are equally long, so that answers about them can be compared.
pub struct Stage {
    pub hub: Hub,
    pub alice: User,
    pub image: Image,
    pub callers: Vec<Caller>,
    made: AtomicUsize,
}

pub const PUBLIC: &str = "alice/public";
pub const HIDDEN: &str = "alice/hidden";
pub const FREE: &str = "a blob that nothing needs";

impl Stage {
    pub async fn set() -> Self {
        let stage = Self::set_without_hidden().await;
        stage.restore(HIDDEN).await;
        stage
    }

    /// The stage as it is to those who may not see the hidden repository.
    pub async fn set_without_hidden() -> Self {
        Self::on(Hub::start().await).await
    }

    pub async fn on(hub: Hub) -> Self {
        let keeper = hub.admin_user("keeper").await;
        let alice = hub.user("alice").await;
        let stranger = hub.user("mallory").await;
        let nobody = hub.anonymous();
        let caller =
            |name, reach, credentials| Caller { name, reach, credentials, nobody: nobody.clone() };
        let password = |user: &User| Some((user.name.clone(), user.password.clone()));
        let mut callers = vec![
            caller("nobody", Reach::Public, None),
            caller("stranger", Reach::Public, password(&stranger)),
            caller("keeper", Reach::Public, password(&keeper)),
        ];
        for (name, reach) in
            [("public_read", Reach::Public), ("read", Reach::Pull), ("write", Reach::Push)]
        {
            let secret = access_token(&hub, "alice", &format!("repo:{name}")).await;
            callers.push(caller(name, reach, Some(("alice".to_owned(), secret))));
        }
        callers.push(caller("owner", Reach::Everything, password(&alice)));
        let member = hub.user("molly").await;
        callers.push(caller("member", Reach::Public, password(&member)));
        let stage = Self { hub, alice, image: image().build(), callers, made: AtomicUsize::new(0) };
        stage.restore(PUBLIC).await;
        stage.found_acme().await;
        stage
    }

    /// `acme`, owned by Alice, with the team `crew`.
    async fn found_acme(&self) {
        self.hub.user("dora").await;
        let owner = self.caller("owner").basic();
        owner.post("/v2/orgs").json(&json!({"orgname": "acme"})).await.is(201);
        owner.post("/v2/orgs/acme/groups").json(&json!({"name": "crew"})).await.is(201);
        self.enlist("molly").await;
        self.enlist("dora").await;
    }

    /// Makes sure that somebody is a member of `acme` and in `crew`.
    pub async fn enlist(&self, name: &str) {
        let path = "/v2/orgs/acme/groups/crew/members";
        let owner = self.caller("owner").basic();
        let told = owner.post(path).json(&json!({"member": name})).await;
        if told.status() == 202 {
            let told = told.json();
            let id = told["invite"]["id"].as_str().expect("an id");
            let person = self.hub.anonymous().with_basic(name, &password_of(name));
            person.post(&format!("/api/v1/invitations/{id}/accept")).await.is(200);
        }
    }

    pub fn caller(&self, name: &str) -> &Caller {
        self.callers.iter().find(|caller| caller.name == name).expect("a caller of this name")
    }

    /// A name as long as the others that nothing ever had.
    pub fn missing(&self) -> String {
        format!("alice/n{:05}", self.made.fetch_add(1, Ordering::Relaxed))
    }

    /// Puts a repository back as it was in the beginning.
    pub async fn restore(&self, name: &str) -> Repo {
        let repo = self.caller("owner").bearer(name).await.repo(name);
        repo.push(&self.image, &["1"]).await;
        repo.push_blob(FREE).await;
        if name == HIDDEN {
            self.alice.set_private(name, true).await;
        }
        repo
    }
}

/// As the test kit gives them out.
pub fn password_of(name: &str) -> String {
    format!("correct horse {name} staple")
}

/// The text of a new access token.
pub async fn access_token(hub: &Hub, user: &str, scope: &str) -> String {
    let made = hub.admin(&format!("token create {user} --label test --scope {scope}"));
    made.run().await.succeeds().stdout.trim().to_owned()
}
