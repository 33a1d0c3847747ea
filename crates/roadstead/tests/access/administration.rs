//! How to use the routes of administrators once; see `recipes`.

use roadstead_testkit::sha256;
use serde_json::{Value, json};

use crate::stage::Stage;

/// Puts something made for the purpose in the place of each parameter: nothing of the stage's may change.
pub async fn fill(stage: &Stage, path: String) -> String {
    let keeper = stage.caller("keeper").basic();
    let mut path = path;
    if path.contains("{user}") {
        path = path.replace("{user}", &spare_user(stage).await);
    }
    if path.contains("{organization}") {
        path = path.replace("{organization}", &spare_organization(stage).await);
    }
    if path.contains("{official}") {
        let name = fresh(stage);
        keeper.post("/api/v1/admin/official").json(&json!({"name": name})).await.is(201);
        path = path.replace("{official}", &name);
    }
    path = path.replace("{maintainer}", "crew");
    if path.contains("/reserved/{name}") {
        let name = fresh(stage);
        keeper.post("/api/v1/admin/reserved").json(&reserved(&name)).await.is(201);
        path = path.replace("{name}", &name);
    }
    path
}

fn fresh(stage: &Stage) -> String {
    stage.missing().replace("alice/", "")
}

/// The one there is, or another after that was renamed or deleted.
async fn spare_user(stage: &Stage) -> String {
    let keeper = stage.caller("keeper").basic();
    let found = keeper.get("/api/v1/admin/users?search=spare").await.is(200).json();
    if let Some(name) = found["results"][0]["username"].as_str() {
        return name.to_owned();
    }
    let name = format!("spare-{}", fresh(stage));
    keeper.post("/api/v1/admin/users").json(&user(&name)).await.is(201);
    name
}

/// The one there is, or another after that was deleted: nobody makes any number of them.
async fn spare_organization(stage: &Stage) -> String {
    let keeper = stage.caller("keeper").basic();
    let found = keeper.get("/api/v1/admin/orgs?search=spare").await.is(200).json();
    if let Some(name) = found["results"][0]["orgname"].as_str() {
        return name.to_owned();
    }
    let name = format!("spare-{}", fresh(stage));
    let owner = stage.caller("owner").basic();
    owner.post("/v2/orgs").json(&json!({"orgname": name})).await.is(201);
    name
}

fn user(name: &str) -> Value {
    json!({
        "username": name, "email": format!("{name}@example.test"), "is_verified": true,
        "password": "correct horse staple",
    })
}

fn reserved(name: &str) -> Value {
    json!({"name": name, "reason": "sweep"})
}

/// What a request brings along; `None` for routes of other chapters.
pub fn body(stage: &Stage, method: &str, pattern: &str) -> Option<Value> {
    Some(match (method, pattern) {
        ("POST", "/api/v1/admin/users") => user(&fresh(stage)),
        ("POST", "/api/v1/admin/users/{user}/rename") => json!({"username": fresh(stage)}),
        ("POST", "/api/v1/admin/official") => json!({"name": fresh(stage)}),
        ("POST", "/api/v1/admin/blocked") => {
            json!({"digest": sha256(fresh(stage)), "reason": "sweep"})
        }
        ("POST", "/api/v1/admin/reserved") => reserved(&fresh(stage)),
        ("POST", "/api/v1/admin/announcements") => json!({"text": "sweep"}),
        (
            "POST",
            "/api/v1/admin/users/{user}/disable"
            | "/api/v1/admin/users/{user}/enable"
            | "/api/v1/admin/users/{user}/verify"
            | "/api/v1/admin/users/{user}/password"
            | "/api/v1/admin/users/{user}/sign-out"
            | "/api/v1/admin/orgs/{organization}/disable"
            | "/api/v1/admin/orgs/{organization}/enable"
            | "/api/v1/admin/jobs/{id}/retry",
        )
        | ("PUT", "/api/v1/admin/users/{user}/administrator")
        | ("PUT", "/api/v1/admin/official/{official}/maintainers/{org}/{maintainer}")
        | ("PATCH", "/api/v1/admin/settings") => json!({}),
        _ => return None,
    })
}
