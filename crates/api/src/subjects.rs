//! What a repository is about: categories (hub-api, 5.5), topics, and the full description by itself.

use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Can, Problem, Routes};
use roadstead_hub::access::{Describe, Pull};
use roadstead_hub::repos::{CATEGORIES, Texts};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer};
use crate::both;
use crate::repositories::{refuse_edit, rendered};

pub fn routes(routes: Routes) -> Routes {
    const FIXED: Access = Access::Public("a fixed list of words");
    let routes = both!(routes, GET "/v2/categories", FIXED, categories);
    let routes = both!(
        routes,
        PATCH "/v2/repositories/{namespace}/{repository}/categories",
        Access::needs::<Describe>(),
        set_categories
    );
    let routes = both!(
        routes,
        PUT "/api/v1/repositories/{namespace}/{repository}/topics",
        Access::needs::<Describe>(),
        set_topics
    )
    .tell_taking::<Topics>("Puts these topics in place of those it has.");
    let routes = both!(
        routes,
        GET "/api/v1/repositories/{namespace}/{repository}/readme",
        Access::needs::<Pull>(),
        readme
    )
    .tell("The full description alone.");
    both!(
        routes,
        PUT "/api/v1/repositories/{namespace}/{repository}/readme",
        Access::needs::<Describe>(),
        set_readme
    )
    .tell_taking::<Readme>("Writes the full description.")
}

/// The name is not read: clients fill it with anything.
#[derive(Deserialize)]
struct Chosen {
    slug: String,
}

#[derive(Deserialize, JsonSchema)]
struct Topics {
    topics: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
struct Readme {
    full_description: String,
}

async fn categories() -> Response {
    let all = CATEGORIES
        .iter()
        .zip(1..)
        .map(|(category, id)| json!({ "id": id, "name": category.name, "slug": category.slug }));
    answer(StatusCode::OK, &all.collect::<Vec<Value>>())
}

async fn set_categories(
    Can { repo, .. }: Can<Describe>,
    Incoming(chosen): Incoming<Vec<Chosen>>,
) -> Result<Response, Problem> {
    let slugs = chosen.into_iter().map(|category| category.slug).collect();
    repo.set_categories(slugs).await.map_err(refuse_edit)?;
    rendered(&repo, StatusCode::OK).await
}

async fn set_topics(
    Can { repo, .. }: Can<Describe>,
    Incoming(form): Incoming<Topics>,
) -> Result<Response, Problem> {
    repo.set_topics(form.topics).await.map_err(refuse_edit)?;
    rendered(&repo, StatusCode::OK).await
}

async fn readme(Can { repo, .. }: Can<Pull>) -> Result<Response, Problem> {
    Ok(answer(StatusCode::OK, &json!({ "full_description": repo.readme().await? })))
}

async fn set_readme(
    Can { repo, .. }: Can<Describe>,
    Incoming(form): Incoming<Readme>,
) -> Result<Response, Problem> {
    let texts = Texts { description: None, full_description: Some(form.full_description) };
    repo.describe(texts).await.map_err(refuse_edit)?;
    rendered(&repo, StatusCode::OK).await
}
