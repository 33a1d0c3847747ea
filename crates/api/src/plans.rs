//! What a namespace may have and what it has; plans, for administrators.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Administrator, App, Problem, Routes, SignedIn};
use roadstead_hub::plans::{Plan, PlanError, Use};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, bad_fields};
use crate::both;

pub fn routes(routes: Routes) -> Routes {
    let routes = both!(routes, GET "/api/v1/namespaces/{namespace}/usage", Access::SignedIn, usage)
        .tell("What a namespace may have and what it has of that.");
    let routes =
        both!(routes, GET "/v2/users/{username}/registry-settings", Access::SignedIn, settings);
    let routes = both!(routes, GET "/api/billing/v4/accounts/{account_id}/hub-plan",
        Access::SignedIn, hub_plan);
    let routes = both!(routes, GET "/api/v1/admin/plans", Access::Administrator, list)
        .tell("All plans but the default one.");
    let routes = both!(routes, PUT "/api/v1/admin/plans/{plan}", Access::Administrator, put)
        .tell_taking::<Limits>("Makes a plan, or changes what it allows.");
    let routes = both!(routes, DELETE "/api/v1/admin/plans/{plan}", Access::Administrator, delete)
        .tell("Removes a plan that no account has.");
    both!(routes, PUT "/api/v1/admin/accounts/{namespace}/plan", Access::Administrator, set)
        .tell_taking::<Chosen>("Gives a user or an organization a plan; `default` takes it back.")
}

/// What is absent or null is without limit.
#[derive(Deserialize, JsonSchema)]
struct Limits {
    #[serde(default)]
    private_repositories: Option<u64>,
    #[serde(default)]
    storage_bytes: Option<u64>,
    #[serde(default)]
    members: Option<u64>,
    /// Pulls in a window, where pulls are limited at all.
    #[serde(default)]
    pulls: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
struct Chosen {
    #[serde(default)]
    plan: String,
}

async fn usage(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(namespace): Path<String>,
) -> Result<Response, Problem> {
    let found = app.hub.use_of(&who, &namespace).await.map_err(refuse)?;
    let body = json!({
        "namespace": found.account.as_str(),
        "plan": plan_json(&found.plan),
        "private_repositories": {
            "used": found.private_repositories,
            "limit": found.plan.private_repositories,
        },
        "storage_bytes": {
            "used": found.storage.stored,
            "reserved": found.storage.reserved,
            "limit": found.plan.storage_bytes,
        },
    });
    Ok(answer(StatusCode::OK, &body))
}

/// What clients are told where there is no limit: `hub-tool` prints it as `unlimited`.
const NO_LIMIT: u64 = 9999;

/// What `hub-tool account info` cannot do without (hub-api, 12). Teams and collaborators have no limit here.
async fn hub_plan(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let plan = app.hub.use_of_id(&who, &id).await.map_err(refuse)?.plan;
    let body = json!({
        "name": plan.name,
        "legacy": false,
        "seats": plan.members.unwrap_or(NO_LIMIT),
        "private_repos": plan.private_repositories.unwrap_or(NO_LIMIT),
        "teams": NO_LIMIT,
        "collaborators": NO_LIMIT,
        "parallel_builds": 0,
        "duration": "",
    });
    Ok(answer(StatusCode::OK, &body))
}

/// As the first Docker Hub told it; a number that stands for no limit is one no one reaches.
async fn settings(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(namespace): Path<String>,
) -> Result<Response, Problem> {
    let found = app.hub.use_of(&who, &namespace).await.map_err(refuse)?;
    let Use { private_repositories: used, default_private, .. } = found;
    let limit = found.plan.private_repositories.unwrap_or(NO_LIMIT);
    let percent = if limit == 0 { 100.0 } else { used as f64 * 100.0 / limit as f64 };
    let body = json!({
        "private_repo_used": used,
        "num_free_private_repos": limit,
        "private_repo_limit": limit,
        "private_repo_available": limit.saturating_sub(used),
        "private_repo_percent_used": percent,
        "default_repo_visibility": if default_private { "private" } else { "public" },
    });
    Ok(answer(StatusCode::OK, &body))
}

async fn list(
    State(app): State<App>,
    Administrator(key): Administrator,
) -> Result<Response, Problem> {
    let plans = app.hub.list_plans(&key).await?;
    let results: Vec<_> = plans.iter().map(plan_json).collect();
    let body = json!({
        "count": results.len(), "next": null, "previous": null, "results": results,
    });
    Ok(answer(StatusCode::OK, &body))
}

async fn put(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(name): Path<String>,
    Incoming(form): Incoming<Limits>,
) -> Result<Response, Problem> {
    let plan = Plan {
        name,
        private_repositories: form.private_repositories,
        storage_bytes: form.storage_bytes,
        members: form.members,
        pulls: form.pulls,
    };
    app.hub.put_plan(&key, plan.clone()).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &plan_json(&plan)))
}

async fn delete(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    app.hub.delete_plan(&key, &name).await.map_err(refuse)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(account): Path<String>,
    Incoming(form): Incoming<Chosen>,
) -> Result<Response, Problem> {
    app.hub.set_plan(&key, &account, &form.plan).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &json!({ "account": account, "plan": form.plan })))
}

fn refuse(error: PlanError) -> Problem {
    let text = error.to_string();
    match error {
        PlanError::NoSuchAccount(_) => Problem::not_found(),
        PlanError::NotYours(_) | PlanError::CredentialTooSmall => Problem::forbidden(text),
        PlanError::NoSuchPlan(_) => bad_fields([("plan", text)]),
        PlanError::Name => bad_fields([("name", text)]),
        PlanError::InUse(_) => Problem::new(StatusCode::CONFLICT, text),
        PlanError::Store(error) => error.into(),
    }
}

fn plan_json(plan: &Plan) -> Value {
    json!({
        "name": plan.name,
        "private_repositories": plan.private_repositories,
        "storage_bytes": plan.storage_bytes,
        "members": plan.members,
        "pulls": plan.pulls,
    })
}
