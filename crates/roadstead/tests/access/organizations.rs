//! How to use the routes of organizations and of sharing once; see `recipes`.

use http::Method;
use roadstead_http::RouteEntry;
use serde_json::{Value, json};

use crate::stage::Stage;

/// Whether it is a page of an organization, whose name stands where others have a namespace.
pub fn is_page(entry: &RouteEntry) -> bool {
    let rest = entry.pattern.strip_prefix("/{namespace}/").unwrap_or_default();
    let page = rest.split('/').next().unwrap_or_default();
    matches!(page, "activity" | "people" | "plan" | "settings" | "tokens")
}

/// Puts something that is there in the place of each parameter, and makes it where the request uses it
/// up.
pub async fn fill(
    stage: &Stage,
    entry: &RouteEntry,
    path: String,
    repository: &str,
    is_made: bool,
) -> String {
    let pattern = entry.pattern.trim_end_matches('/');
    if pattern.contains("{org}") || is_page(entry) {
        stage.enlist("molly").await;
    }
    if pattern.contains("{member}") {
        stage.enlist("dora").await;
    }
    let of_acme = repository.starts_with("acme/");
    if pattern.ends_with("/{collaborator}") && is_made && !of_acme {
        let owner = stage.caller("owner").basic();
        let path = format!("/v2/repositories/{repository}/collaborators");
        owner.post(&path).json(&json!({"user": "dora"})).await.is(201);
    }
    let group = match pattern.ends_with("/{group}") && is_made && of_acme {
        true => crew_with_right(stage, repository).await,
        false => "1".to_owned(),
    };
    let path = match pattern.contains("/invit") && pattern.contains("{uuid}") {
        true => path.replace("{uuid}", &spare_invitation(stage).await),
        false => path,
    };
    let uses_up = matches!(pattern, "/api/v1/orgs/{org}" | "/api/v1/orgs/{org}/rename");
    let org = match uses_up && matches!(entry.method, Method::DELETE | Method::POST) {
        true => spare_organization(stage).await,
        false => "acme".to_owned(),
    };
    let uses_up = pattern.ends_with("/{team}") && entry.method != Method::GET;
    let team = match uses_up {
        true => spare_team(stage).await,
        false => "crew".to_owned(),
    };
    path.replace("{org}", &org)
        .replace("{team}", &team)
        .replace("{member}", "dora")
        .replace("{collaborator}", "dora")
        .replace("{group}", &group)
}

fn fresh(stage: &Stage) -> String {
    stage.missing().replace("alice/", "")
}

async fn spare_organization(stage: &Stage) -> String {
    let name = format!("o{}", fresh(stage));
    let owner = stage.caller("owner").basic();
    owner.post("/v2/orgs").json(&json!({"orgname": name})).await.is(201);
    name
}

async fn spare_team(stage: &Stage) -> String {
    let name = fresh(stage);
    let owner = stage.caller("owner").basic();
    owner.post("/v2/orgs/acme/groups").json(&json!({"name": name})).await.is(201);
    name
}

/// A team that has a right on the repository.
async fn crew_with_right(stage: &Stage, repository: &str) -> String {
    let owner = stage.caller("owner").basic();
    let crew = owner.get("/v2/orgs/acme/groups/crew").await.is(200).json()["id"].clone();
    let form = json!({"group_id": crew, "permission": "read"});
    let path = format!("/v2/repositories/{repository}/groups");
    owner.post(&path).json(&form).await.is(200);
    crew.to_string()
}

/// A token of `acme` that nobody needs; one at a time, because there may be only so many.
pub async fn spare_token(stage: &Stage) -> String {
    let (owner, path) = (stage.caller("owner").basic(), "/v2/orgs/acme/access-tokens");
    let newest = owner.get(&format!("{path}?page_size=1")).await.is(200).json();
    let newest = &newest["results"][0];
    if newest["label"] == "spare" {
        return newest["id"].as_str().expect("an id").to_owned();
    }
    let resource = json!({"type": "TYPE_REPO", "path": "acme/other", "scopes": ["image-pull"]});
    let form = json!({"label": "spare", "resources": [resource]});
    let made = owner.post(path).json(&form).await.is(201).json();
    made["id"].as_str().expect("an id").to_owned()
}

async fn spare_invitation(stage: &Stage) -> String {
    let owner = stage.caller("owner").basic();
    let told = owner.post("/v2/invites/bulk").json(&invitation(stage)).await.is(202).json();
    told["invitees"][0]["invite"]["id"].as_str().expect("an id").to_owned()
}

fn invitation(stage: &Stage) -> Value {
    json!({"org": "acme", "invitees": [format!("{}@example.test", fresh(stage))]})
}

/// What a request brings along; `None` for routes of other chapters.
pub fn body(stage: &Stage, method: &str, pattern: &str) -> Option<Value> {
    Some(match (method, pattern) {
        ("POST", "/v2/orgs") => json!({"orgname": format!("m{}", fresh(stage))}),
        ("PATCH", "/api/v1/orgs/{org}") => json!({"company": "changed"}),
        ("POST", "/api/v1/orgs/{org}/rename") => json!({"orgname": format!("r{}", fresh(stage))}),
        ("PUT", "/v2/orgs/{org}/settings") => json!({"restricted_images": {"enabled": false}}),
        ("PUT", "/v2/orgs/{org}/settings/registry-access-management") => json!({"enabled": false}),
        ("PUT", "/v2/orgs/{org}/members/{member}") => json!({"role": "editor"}),
        ("POST", "/v2/orgs/{org}/groups") => json!({"name": fresh(stage)}),
        ("PUT" | "PATCH", "/v2/orgs/{org}/groups/{team}") => json!({"description": "changed"}),
        ("POST", "/v2/orgs/{org}/groups/{team}/members") => json!({"member": "dora"}),
        ("POST", "/v2/invites/bulk") => invitation(stage),
        ("POST", "/v2/repositories/{namespace}/{repository}/groups")
        | ("PATCH", "/v2/repositories/{namespace}/{repository}/groups/{group}") => {
            json!({"group_id": 1, "permission": "read"})
        }
        ("POST", "/v2/repositories/{namespace}/{repository}/collaborators") => {
            json!({"user": "dora"})
        }
        (
            "POST",
            "/api/v1/orgs/{org}/leave"
            | "/api/v1/invitations/{uuid}/accept"
            | "/api/v1/invitations/{uuid}/decline"
            | "/api/v1/repositories/{namespace}/{repository}/leave",
        )
        | ("PATCH", "/v2/invites/{uuid}/resend") => json!({}),
        _ => return None,
    })
}
