//! Everybody who comes to the sweep: what they are, by the model, and which credential they show.

use roadstead_testkit::Client;
use serde_json::{Value, json};

use crate::model::{Cap, Facts, Kind, Place, Role};
use crate::stage::{Stage, access_token, password_of};

const ALICE: &[&str] = &["alice"];
const ACME: &[&str] = &["acme"];
const BOTH: &[&str] = &["alice", "acme"];

const PULL: Cap = Cap::To(&["pull"]);
const PUSH: Cap = Cap::To(&["pull", "push"]);

/// One way to come to the hub.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: &'static str,
    pub facts: Facts,
    /// The namespaces they are asked about; elsewhere they are strangers like others.
    pub namespaces: &'static [&'static str],
    pub credentials: Option<(String, String)>,
}

impl Person {
    pub fn shows_token(&self) -> bool {
        self.credentials.as_ref().is_some_and(|(_, secret)| secret.starts_with("rsd_"))
    }

    /// Sends what they have with every request.
    pub fn client(&self, nobody: Client) -> Client {
        match &self.credentials {
            Some((user, secret)) => nobody.with_basic(user, secret),
            None => nobody,
        }
    }
}

const STRANGER: Facts = Facts {
    kind: Kind::Somebody,
    cap: Cap::Whole,
    alice: Role::None,
    acme: Role::None,
    place: Place::Outside,
};
const OWNER: Facts =
    Facts { alice: Role::Owner, acme: Role::Owner, place: Place::Owner, ..STRANGER };
const MEMBER: Facts = Facts { place: Place::Member, ..STRANGER };
const TEAM_ADMIN: Facts = Facts { acme: Role::Admin, ..MEMBER };

/// A member of the organization, invited with this role and into this team.
#[derive(Clone, Copy)]
pub struct Seat {
    pub account: &'static str,
    pub role: &'static str,
    pub team: Option<&'static str>,
}

const fn seat(account: &'static str, role: &'static str, team: Option<&'static str>) -> Seat {
    Seat { account, role, team }
}

pub const SEATS: [Seat; 7] = [
    seat("rita", "member", Some("readers")),
    seat("wendy", "member", Some("writers")),
    seat("max", "member", Some("managers")),
    seat("mona", "member", None),
    seat("ed", "editor", None),
    // In the team that may most; the one never verified an address, the other was suspended.
    seat("una", "member", Some("managers")),
    seat("sue", "member", Some("managers")),
];

/// Let into every repository of Alice.
pub const COLLABORATORS: [&str; 2] = ["carl", "una"];

/// Accounts that show their password: name here, account, what they are, where.
const ACCOUNTS: &[(&str, &str, Facts, &[&str])] = &[
    ("stranger", "mallory", STRANGER, BOTH),
    ("administrator", "keeper", Facts { kind: Kind::Administrator, ..STRANGER }, BOTH),
    ("unverified", "una", Facts { cap: PULL, alice: Role::Write, ..TEAM_ADMIN }, BOTH),
    ("suspended", "sue", Facts { kind: Kind::Ended, ..TEAM_ADMIN }, ALICE),
    ("collaborator", "carl", Facts { alice: Role::Write, ..STRANGER }, BOTH),
    ("member", "mona", MEMBER, ACME),
    ("reader", "rita", Facts { acme: Role::Read, ..MEMBER }, ACME),
    ("writer", "wendy", Facts { acme: Role::Write, ..MEMBER }, ACME),
    ("team admin", "max", TEAM_ADMIN, ACME),
    ("editor", "ed", Facts { acme: Role::Editor, ..MEMBER }, ACME),
    ("owner", "alice", OWNER, BOTH),
];

/// Access tokens of the owner's: name here, how far it reaches, what is asked for.
fn tokens() -> Vec<(&'static str, Cap, Value)> {
    let of_scope = |scope: &str| json!({"scopes": [scope]});
    let of_action = |action: &str| json!({"actions": [action]});
    let hidden = json!({"repositories": ["alice/hidden", "acme/hidden"]});
    vec![
        ("public_read", Cap::To(&[]), of_scope("repo:public_read")),
        ("read", PULL, of_scope("repo:read")),
        ("write", PUSH, of_scope("repo:write")),
        ("admin", Cap::Whole, of_scope("repo:admin")),
        ("to hidden", Cap::ToHidden, hidden),
        ("to pull", PULL, of_action("pull")),
        ("to push", PUSH, of_action("push")),
        ("to delete", Cap::To(&["pull", "delete"]), of_action("delete")),
        ("to describe", Cap::To(&["pull", "describe"]), of_action("describe")),
        ("to admin", Cap::To(&["pull", "administer", "own"]), of_action("admin")),
    ]
}

impl Stage {
    /// Brings everybody in; `found_teams` came before.
    pub async fn gather(&self) -> Vec<Person> {
        let nobody = Facts { kind: Kind::Nobody, ..STRANGER };
        let mut people = vec![person("nobody", nobody, BOTH, None)];
        for (name, account, facts, namespaces) in ACCOUNTS {
            let credentials = (account.to_string(), password_of(account));
            people.push(person(name, *facts, namespaces, Some(credentials)));
        }
        for (name, cap, form) in tokens() {
            let secret = self.token_of_owner(form).await["token"].clone();
            let namespaces = if matches!(name, "write" | "to hidden") { BOTH } else { ALICE };
            people.push(of_owner(name, Facts { cap, ..OWNER }, namespaces, &secret));
        }
        people.extend(self.ended_tokens().await);
        people.extend(self.organization_tokens().await);
        people
    }

    async fn token_of_owner(&self, mut form: Value) -> Value {
        form["token_label"] = json!("sweep");
        self.caller("owner").basic().post("/v2/access-tokens").json(&form).await.is(201).json()
    }

    /// Tokens that would reach everything, had they not ended.
    async fn ended_tokens(&self) -> [Person; 2] {
        let revoked = self.token_of_owner(json!({})).await;
        let path = format!("/v2/access-tokens/{}", revoked["uuid"].as_str().expect("an id"));
        let owner = self.caller("owner").basic();
        owner.patch(&path).json(&json!({"is_active": false})).await.is(200);
        let brief = access_token(&self.hub, "alice", "repo:admin --expires 1s").await;
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        let ended = Facts { kind: Kind::Ended, ..OWNER };
        [
            of_owner("revoked", ended, ALICE, &revoked["token"]),
            of_owner("expired", ended, ALICE, &json!(brief)),
        ]
    }

    /// They act as the organization itself, which is in no organization.
    async fn organization_tokens(&self) -> Vec<Person> {
        let mut people = Vec::new();
        let owner = self.caller("owner").basic();
        let elsewhere = Facts { cap: PUSH, ..STRANGER };
        let pushes = Facts { acme: Role::Owner, cap: PUSH, ..STRANGER };
        for (name, path, facts) in
            [("org token", "acme/*", pushes), ("org elsewhere", "acme/other", elsewhere)]
        {
            let resource = json!({"type": "TYPE_REPO", "path": path, "scopes": ["image-push"]});
            let form = json!({"label": name, "resources": [resource]});
            let made = owner.post("/v2/orgs/acme/access-tokens").json(&form).await.is(201).json();
            let secret = made["token"].as_str().expect("a secret").to_owned();
            people.push(person(name, facts, BOTH, Some(("acme".to_owned(), secret))));
        }
        people
    }
}

fn person(
    name: &'static str,
    facts: Facts,
    namespaces: &'static [&'static str],
    credentials: Option<(String, String)>,
) -> Person {
    Person { name, facts, namespaces, credentials }
}

fn of_owner(
    name: &'static str,
    facts: Facts,
    namespaces: &'static [&'static str],
    secret: &Value,
) -> Person {
    let secret = secret.as_str().expect("a secret").to_owned();
    person(name, facts, namespaces, Some(("alice".to_owned(), secret)))
}
