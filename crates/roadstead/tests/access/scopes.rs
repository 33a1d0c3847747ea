//! Whatever list of scopes is asked for, a token grants no more than was asked and no more than the
//! credential reaches. Random lists, a fixed seed, and an oracle of its own.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roadstead_testkit::Client;
use serde_json::Value;

use crate::stage::{HIDDEN, PUBLIC, Reach, Stage, token};

const ROUNDS: usize = 40;

const NAMES: &[&str] = &[
    PUBLIC,
    HIDDEN,
    "alice/unmade",
    "mallory/unmade",
    "library/tool",
    "tool",
    "library/unmade",
    "hub.example:5000/alice/hidden",
    "localhost/alice/hidden",
    "Alice/hidden",
    "alice/hidden/x",
    "../alice/hidden",
    "",
    "catalog",
];
const TYPES: &[&str] = &["repository", "repository", "repository(plugin)", "registry", "other"];
const ACTIONS: &[&str] = &[
    "pull",
    "push",
    "delete",
    "*",
    "pull,push",
    "push,pull,delete",
    "PULL",
    "admin",
    "",
    "pull,,*",
];

/// xorshift64*, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn throw<T: Copy>(&mut self, sides: &[T]) -> T {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        sides[number as usize % sides.len()]
    }
}

/// Actions on a name as the rules of the product have them.
fn allowed(caller: &str, reach: Reach, name: &str) -> BTreeSet<&'static str> {
    let name = name.strip_prefix("hub.example:5000/").unwrap_or(name);
    let name = name.strip_prefix("localhost/").unwrap_or(name);
    let own = match reach {
        Reach::Public => vec![],
        Reach::Pull => vec!["pull"],
        Reach::Push => vec!["pull", "push"],
        Reach::Everything => vec!["pull", "push", "delete"],
    };
    let actions = match (name, caller) {
        ("library/tool" | "tool" | "library/unmade" | "catalog", "keeper") => {
            vec!["pull", "push", "delete"]
        }
        ("mallory/unmade", "stranger") => vec!["pull", "push", "delete"],
        ("library/tool" | "tool", _) => vec!["pull"],
        (PUBLIC, _) if own.is_empty() => vec!["pull"],
        (PUBLIC | HIDDEN | "alice/unmade", _) => own,
        _ => vec![],
    };
    actions.into_iter().collect()
}

/// What was asked for under exactly this name, read the long way round.
fn asked(scopes: &[(&str, &str, &str)], name: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for (kind, _, actions) in scopes.iter().filter(|(_, other, _)| *other == name) {
        for word in actions.split(',').filter(|_| kind.starts_with("repository")) {
            match word {
                "*" => found.extend(["pull", "push", "delete"]),
                "pull" => drop(found.insert("pull")),
                "push" => drop(found.insert("push")),
                "delete" => drop(found.insert("delete")),
                _ => {}
            }
        }
    }
    found
}

fn access_of(token: &str) -> Vec<Value> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let payload: Value = serde_json::from_slice(&payload).unwrap();
    payload["access"].as_array().expect("a list").clone()
}

async fn issued(caller: &Client, scopes: &[(&str, &str, &str)]) -> String {
    let scopes: Vec<_> =
        scopes.iter().map(|(kind, name, actions)| format!("{kind}:{name}:{actions}")).collect();
    if scopes.len() % 2 == 0 {
        return token(caller, &scopes.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
    let answer = caller.post("/token").form(&[("scope", &*scopes.join(" "))]).await.is(200);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn no_list_of_scopes_widens_a_credential() {
    let stage = Stage::set().await;
    let keeper = stage.caller("keeper").bearer("library/tool").await;
    keeper.repo("library/tool").push(&stage.image, &["1"]).await;
    let mut dice = Dice(0x5eed);

    for caller in &stage.callers {
        for _ in 0..ROUNDS {
            let length = dice.throw(&[1, 2, 3, 5, 8]);
            let scopes: Vec<_> = (0..length)
                .map(|_| (dice.throw(TYPES), dice.throw(NAMES), dice.throw(ACTIONS)))
                .collect();
            let token = issued(&caller.basic(), &scopes).await;
            let story = |what: &str| format!("{what}: {} asked for {scopes:?}", caller.name);
            for access in access_of(&token) {
                let name = access["name"].as_str().unwrap();
                if access["type"] == "registry" {
                    assert!(
                        scopes.contains(&("registry", "catalog", "*"))
                            || scopes.iter().any(|s| s.1 == "catalog")
                    );
                    continue;
                }
                let granted: BTreeSet<_> = access["actions"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(Value::as_str)
                    .collect();
                let expected: BTreeSet<_> = asked(&scopes, name)
                    .intersection(&allowed(caller.name, caller.reach, name))
                    .copied()
                    .collect();
                assert_eq!(granted, expected, "{}", story(name));
            }
            used(&stage, &token, caller.name, caller.reach, &story).await;
        }
    }
}

/// The same seen from the registry: the token opens what the caller may open, or less.
async fn used(
    stage: &Stage,
    token: &str,
    caller: &str,
    reach: Reach,
    story: &impl Fn(&str) -> String,
) {
    let client = stage.hub.token(token);
    for name in [PUBLIC, HIDDEN, "library/tool"] {
        let may = allowed(caller, reach, name);
        let pulled = client.head(&format!("/v2/{name}/manifests/1")).await.status();
        assert!(pulled != 200 || may.contains("pull"), "{}", story(name));
        let deleted = client.delete(&format!("/v2/{name}/manifests/none")).await.status();
        assert!(deleted != 404 || may.contains("delete"), "{}", story(name));
        if !may.contains("push") {
            let pushed = client.post(&format!("/v2/{name}/blobs/uploads/")).body("").await.status();
            assert!(matches!(pushed, 401 | 403), "{}", story(name));
        }
    }
}

#[tokio::test]
async fn a_list_too_long_to_be_honest_is_refused() {
    let stage = Stage::set().await;
    let owner = stage.caller("owner").basic();
    let scope = format!("scope=repository:{HIDDEN}:pull&");

    owner.get(&format!("/token?{}", scope.repeat(100))).await.is(200);
    owner.get(&format!("/token?{}", scope.repeat(101))).await.is(400);
    let joined = format!("repository:{HIDDEN}:pull ").repeat(101);
    owner.post("/token").form(&[("scope", &*joined)]).await.is(400);
    let long = format!("repository:alice/{}:pull", "x".repeat(40_000));
    owner.post("/token").form(&[("scope", &*long)]).await.is(400);
}
