//! Stars (hub-api, 5.6), and lists of a person's repositories (hub-api, 3).

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use roadstead_http::{Access, Anyone, App, Can, Problem, Routes, SignedIn};
use roadstead_hub::access::Pull;
use roadstead_hub::repos::{RepositoryOrder, RepositoryQuery};
use roadstead_types::AccountName;
use serde_json::{Value, json};

use crate::body::answer;
use crate::both;
use crate::page::Page;
use crate::repository_json::entry_json;

/// Repositories in the answer that knows no pages.
const ALL: u32 = 1000;

pub fn routes(routes: Routes) -> Routes {
    const LIST: Access = Access::Public("lists only what the caller may pull");
    let routes = both!(
        routes,
        GET "/v2/repositories/{namespace}/{repository}/stars",
        Access::needs::<Pull>(),
        list
    );
    let routes = both!(
        routes,
        POST "/v2/repositories/{namespace}/{repository}/stars",
        Access::SignedIn,
        star
    );
    let routes = both!(
        routes,
        DELETE "/v2/repositories/{namespace}/{repository}/stars",
        Access::SignedIn,
        unstar
    );
    let routes = both!(
        routes,
        GET "/api/v1/repositories/{namespace}/{repository}/stargazers",
        Access::needs::<Pull>(),
        list
    )
    .tell("Who starred it, the newest first.");
    let routes = both!(routes, GET "/v2/users/{username}/repositories", LIST, list_names);
    both!(routes, GET "/v2/users/{username}/repositories/starred", LIST, list_starred)
}

/// Giving twice is as good as giving once.
async fn star(Can { repo, .. }: Can<Pull>, SignedIn(who): SignedIn) -> Result<Response, Problem> {
    repo.star(&who).await?;
    Ok(answer(StatusCode::CREATED, &json!({})))
}

async fn unstar(Can { repo, .. }: Can<Pull>, SignedIn(who): SignedIn) -> Result<Response, Problem> {
    repo.unstar(&who).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn list(Can { repo, .. }: Can<Pull>, page: Page) -> Result<Response, Problem> {
    let (found, total) = repo.list_stargazers(page.offset(), page.size).await?;
    let results = found.iter().map(|who| {
        json!({
            "user": who.name.as_str(),
            "full_name": who.full_name,
            "starred_at": who.starred_at.to_string(),
        })
    });
    Ok(answer(StatusCode::OK, &page.render(total, results.collect())?))
}

async fn list_starred(
    State(app): State<App>,
    Anyone(caller): Anyone,
    Path(username): Path<String>,
    page: Page,
) -> Result<Response, Problem> {
    let who = account(&username)?;
    let found = app.hub.list_starred(&caller, &who, page.offset(), page.size).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let results = found.repositories.iter().map(entry_json).collect();
    Ok(answer(StatusCode::OK, &page.render(found.total, results)?))
}

/// A bare list without pages, which is what old clients of this address read.
async fn list_names(
    State(app): State<App>,
    Anyone(caller): Anyone,
    Path(username): Path<String>,
) -> Result<Response, Problem> {
    let query = RepositoryQuery {
        name_part: None,
        order: RepositoryOrder::Name,
        is_descending: false,
        offset: 0,
        limit: ALL,
    };
    let found = app.hub.list_namespace(&caller, &account(&username)?, &query).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let names = found
        .repositories
        .iter()
        .map(|record| json!({ "namespace": record.path.namespace(), "name": record.path.name() }));
    Ok(answer(StatusCode::OK, &names.collect::<Vec<Value>>()))
}

fn account(name: &str) -> Result<AccountName, Problem> {
    name.parse().map_err(|_| Problem::not_found())
}
