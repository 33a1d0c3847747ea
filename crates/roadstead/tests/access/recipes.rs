//! How to use each route once. A route without a recipe fails the sweep.

use http::Method;
use roadstead_http::RouteEntry;
use roadstead_testkit::{Ask, Client, media, sha256};
use serde_json::{Value, json};

use crate::administration;
use crate::organizations;
use crate::stage::{FREE, Stage};

const ABSENT: &str = "11111111-1111-4111-8111-111111111111";

/// What a request brings along.
enum Body {
    None,
    Json(Value),
    Form(&'static [(&'static str, &'static str)]),
    Manifest,
    Bytes(&'static str),
}

/// A request to `entry` by `caller`, about `repository`.
pub async fn request(
    stage: &Stage,
    entry: &RouteEntry,
    caller: &Client,
    repository: &str,
    is_made: bool,
) -> Ask {
    let path = path(stage, entry, repository, is_made).await;
    let ask = caller.ask(entry.method.clone(), &path);
    match body(stage, entry, repository) {
        Body::None => ask,
        Body::Json(value) => ask.json(&value),
        Body::Form(fields) => ask.form(fields),
        Body::Manifest => {
            ask.header("content-type", media::OCI_MANIFEST).body(stage.image.manifest.bytes.clone())
        }
        Body::Bytes(text) => ask.body(text),
    }
}

async fn path(stage: &Stage, entry: &RouteEntry, repository: &str, is_made: bool) -> String {
    let (namespace, name) = repository.split_once('/').expect("a namespace");
    let namespace = if organizations::is_page(entry) { "acme" } else { namespace };
    let is_registry =
        entry.pattern.contains("/{repository}/") && !entry.pattern.contains("{namespace}");
    let path = entry.pattern.replace("{namespace}", namespace);
    let path = path.replace("{repository}", if is_registry { repository } else { name });
    let path = path.replace("{reference}", "1").replace("{tag}", "1");
    let path = administration::fill(stage, path).await;
    let path = path.replace("{id}", "1").replace("{session}", ABSENT);
    let path = path.replace("{badge}", "pulls.svg").replace("{file}", "none");
    let path = path.replace("{marked}", "made-up");
    let path = path.replace("{act}", "enable");
    let digest = match entry.pattern.contains("/referrers/") {
        true => stage.image.manifest.digest.clone(),
        false => sha256(FREE),
    };
    let path = path.replace("{digest}", &digest).replace("{username}", "alice");
    let path = match path.contains("{upload}") {
        true => path.replace("{upload}", &upload(stage, repository, is_made).await),
        false => path,
    };
    let path = organizations::fill(stage, entry, path, repository, is_made).await;
    let path = match path.contains("{uuid}") {
        true if path.starts_with("/v2/orgs/") => {
            path.replace("{uuid}", &organizations::spare_token(stage).await)
        }
        true => path.replace("{uuid}", &spare_token(stage).await),
        false => path,
    };
    let path = path.replace("{account}", namespace);
    let path = match path.contains("{account_id}") {
        true => path.replace("{account_id}", &id_of(stage, namespace).await),
        false => path,
    };
    let path = match path.contains("{plan}") {
        true => path.replace("{plan}", spare_plan(stage).await),
        false => path,
    };
    assert!(!path.contains('{'), "teach the sweep what stands for the parameter in {path}");
    match (&entry.method, entry.pattern) {
        (&Method::PUT, pattern) if pattern.ends_with("/{upload}") => {
            format!("{path}?digest={}", sha256("x"))
        }
        _ => path,
    }
}

/// A session of the owner's, where there can be one.
async fn upload(stage: &Stage, repository: &str, is_made: bool) -> String {
    if !is_made {
        return ABSENT.to_owned();
    }
    let owner = stage.caller("owner").bearer(repository).await;
    let upload = owner.repo(repository).begin_upload().await;
    upload.location().rsplit('/').next().expect("an id").to_owned()
}

/// As clients know the account.
async fn id_of(stage: &Stage, account: &str) -> String {
    let owner = stage.caller("owner").basic();
    let shown = owner.get(&format!("/v2/users/{account}")).await.is(200).json();
    shown["id"].as_str().expect("an id").to_owned()
}

/// A plan that nobody has.
async fn spare_plan(stage: &Stage) -> &'static str {
    let keeper = stage.caller("keeper").basic();
    keeper.put("/api/v1/admin/plans/spare").json(&json!({})).await.is(200);
    "spare"
}

/// An access token of the owner's that nobody needs.
async fn spare_token(stage: &Stage) -> String {
    let body = json!({"token_label": "spare"});
    let owner = stage.caller("owner").basic();
    let made = owner.post("/v2/access-tokens").json(&body).await.is(201).json();
    made["uuid"].as_str().expect("an id").to_owned()
}

fn body(stage: &Stage, entry: &RouteEntry, repository: &str) -> Body {
    let fresh = || stage.missing().replace("alice/", "");
    let (namespace, name) = repository.split_once('/').expect("a namespace");
    match (entry.method.as_str(), entry.pattern.trim_end_matches('/')) {
        ("GET" | "HEAD" | "DELETE", _) => Body::None,
        ("PUT", "/v2/{repository}/manifests/{reference}") => Body::Manifest,
        // Forms of administration, sent empty: what they lack is said, and nothing of the stage's changes.
        ("POST", pattern) if pattern.starts_with("/admin/") => Body::Form(&[]),
        ("POST", "/announcements/{id}/dismiss") => Body::Form(&[("next", "/")]),
        // Forms of pages, sent empty: nothing is proved, and a star is given.
        (
            "POST",
            "/signin" | "/signin/code" | "/signin/again" | "/signup" | "/signout" | "/language",
        )
        | ("POST", "/{namespace}/{repository}/star")
        // Without the digest that the page showed nothing is deleted or put back.
        | (
            "POST",
            "/{namespace}/{repository}/tags/{tag}/delete"
            | "/{namespace}/{repository}/tags/{tag}/restore",
        ) => Body::Form(&[]),
        // Without a password no guess is counted, and what is missing changes nothing.
        ("POST", pattern) if pattern.starts_with("/settings/") => Body::Form(&[]),
        // A form that says nothing changes nothing of what it is about.
        ("POST", "/new" | "/repositories/trash")
        | (
            "POST",
            "/{namespace}/{repository}/edit"
            | "/{namespace}/{repository}/permissions/collaborators"
            | "/{namespace}/{repository}/permissions/teams"
            | "/{namespace}/{repository}/settings/archive"
            | "/{namespace}/{repository}/settings/delete"
            | "/{namespace}/{repository}/settings/former-names"
            | "/{namespace}/{repository}/settings/immutable"
            | "/{namespace}/{repository}/settings/rename"
            | "/{namespace}/{repository}/settings/transfer"
            | "/{namespace}/{repository}/settings/visibility",
        ) => Body::Form(&[]),
        // Nothing of an organization is changed by a form that says nothing.
        ("POST", "/organizations/new" | "/organizations/invitations") => Body::Form(&[]),
        ("POST", _) if organizations::is_page(entry) => Body::Form(&[]),
        ("POST", "/v2/{repository}/blobs/uploads") => Body::Bytes(""),
        ("PATCH" | "PUT", "/v2/{repository}/blobs/uploads/{upload}") => Body::Bytes("x"),
        ("POST", "/token") => Body::Form(&[("service", "roadstead")]),
        ("POST", "/setup") => Body::Form(&[("code", "made-up"), ("name", "eve")]),
        ("POST", "/v2/users" | "/v1/users") => {
            let name = fresh();
            let email = format!("{name}@example.test");
            Body::Json(
                json!({"username": name, "email": email, "password": "correct horse staple"}),
            )
        }
        ("PUT", "/api/v1/account/email") => {
            // Nothing of the stage's people may change, and no guess is counted against them.
            Body::Json(json!({"email": "no address", "password": "not read"}))
        }
        ("PUT", "/api/v1/account/password") => {
            Body::Json(json!({"password": "not read", "new_password": "short"}))
        }
        ("POST", "/api/v1/account/email/verification") => Body::None,
        ("POST", "/api/v1/account/email/confirm") => Body::Json(json!({"code": "made-up"})),
        ("POST", "/api/v1/account/password/reset") => {
            Body::Json(json!({"code": "made-up", "new_password": "correct horse"}))
        }
        ("POST", "/api/v1/account/password/forgotten") => {
            Body::Json(json!({"email": format!("{}@example.test", fresh())}))
        }
        ("POST", "/account/verify" | "/account/invitation/{uuid}") => {
            Body::Form(&[("code", "made-up")])
        }
        ("POST", "/account/reset-password") => {
            Body::Form(&[("code", "made-up"), ("password", "correct horse")])
        }
        ("POST", "/account/forgot-password") => Body::Form(&[("email", "no address")]),
        ("POST", "/v2/users/login") => {
            Body::Json(json!({"username": "alice", "password": stage.alice.password}))
        }
        ("POST", "/v2/logout") => Body::None,
        ("PATCH", "/v2/user" | "/v2/users/{username}" | "/api/v1/account") => Body::Json(json!({})),
        ("POST", "/v2/users/2fa-login") => {
            Body::Json(json!({"login_2fa_token": "made-up", "code": "123456"}))
        }
        // Incomplete, or with nothing begun: no guess is counted against the stage's people.
        ("POST", "/api/v1/account/two-factor" | "/api/v1/account/two-factor/recovery-codes") => {
            Body::Json(json!({}))
        }
        ("POST", "/api/v1/account/two-factor/confirm") => Body::Json(json!({"code": "123456"})),
        ("POST", "/v2/auth/token") => {
            Body::Json(json!({"identifier": "alice", "secret": stage.alice.password}))
        }
        ("POST", "/v2/access-tokens" | "/v2/api_tokens") => {
            Body::Json(json!({"token_label": "sweep"}))
        }
        ("PATCH", "/v2/access-tokens/{uuid}" | "/v2/api_tokens/{uuid}") => {
            Body::Json(json!({"token_label": "changed"}))
        }
        ("PUT", "/api/v1/admin/plans/{plan}") => Body::Json(json!({"private_repositories": 5})),
        ("PUT", "/api/v1/admin/accounts/{namespace}/plan") => {
            Body::Json(json!({"plan": "default"}))
        }
        ("POST", "/v2/orgs/{org}/access-tokens") => Body::Json(json!({
            "label": "sweep",
            "resources": [{"type": "TYPE_REPO", "path": "acme/*", "scopes": ["image-pull"]}],
        })),
        ("PATCH", "/v2/orgs/{org}/access-tokens/{uuid}") => Body::Json(json!({"label": "changed"})),
        (
            "POST",
            "/v2/repositories"
            | "/v2/repositories/{namespace}"
            | "/v2/namespaces/{namespace}/repositories",
        ) => Body::Json(json!({"namespace": "alice", "name": fresh()})),
        (
            "PATCH",
            "/v2/repositories/{namespace}/{repository}"
            | "/v2/namespaces/{namespace}/repositories/{repository}",
        ) => Body::Json(json!({"description": "changed"})),
        ("POST", "/v2/repositories/{namespace}/{repository}/privacy") => {
            // What is so already, as the stage keeps it.
            Body::Json(json!({"is_private": repository.ends_with("/hidden")}))
        }
        ("PATCH", "/v2/repositories/{namespace}/{repository}/categories") => Body::Json(json!([])),
        ("PUT", "/api/v1/repositories/{namespace}/{repository}/topics") => {
            Body::Json(json!({"topics": []}))
        }
        ("PUT", "/api/v1/repositories/{namespace}/{repository}/readme") => {
            Body::Json(json!({"full_description": "# Changed"}))
        }
        ("PATCH", "/v2/namespaces/{namespace}/repositories/{repository}/immutabletags") => {
            Body::Json(json!({"immutable_tags": false}))
        }
        ("POST", "/v2/namespaces/{namespace}/repositories/{repository}/immutabletags/verify") => {
            Body::Json(json!({"regex": ".*"}))
        }
        ("POST", "/api/v1/repositories/{namespace}/{repository}/tags/{tag}/restore") => {
            Body::Json(json!({"digest": stage.image.manifest.digest}))
        }
        // To the name it has, and so for all that stays as the stage keeps it.
        ("POST", "/api/v1/repositories/{namespace}/{repository}/rename") => {
            Body::Json(json!({"name": name}))
        }
        ("POST", "/api/v1/repositories/{namespace}/{repository}/transfer") => {
            Body::Json(json!({"namespace": namespace}))
        }
        ("POST", "/api/v1/repositories/{namespace}/{repository}/former-names/release") => {
            Body::Json(json!({"name": repository}))
        }
        (
            "POST",
            "/v2/repositories/{namespace}/{repository}/stars"
            | "/api/v1/repositories/{namespace}/{repository}/archive"
            | "/api/v1/trash/{namespace}/{id}/restore",
        ) => Body::Json(json!({})),
        (method, pattern) => match organizations::body(stage, method, pattern)
            .or_else(|| administration::body(stage, method, pattern))
        {
            Some(body) => Body::Json(body),
            None => panic!("the sweep has no recipe for {method} {pattern}: write one"),
        },
    }
}
