//! Where a tag stood before, putting it back there, and how much is pulled.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Can, Problem, Routes};
use roadstead_hub::access::{Pull, Push};
use roadstead_hub::content::RestoreTagError;
use roadstead_types::{Digest, Id};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, bad_fields};
use crate::both;
use crate::page::Page;
use crate::tags::tag;

/// Days that are told when nobody says how many.
const DAYS: i64 = 30;

pub fn routes(routes: Routes) -> Routes {
    let routes = both!(
        routes,
        GET "/api/v1/repositories/{namespace}/{repository}/tags/{tag}/history",
        Access::needs::<Pull>(),
        history
    )
    .tell("Every move of the tag, the newest first.");
    let routes = both!(
        routes,
        POST "/api/v1/repositories/{namespace}/{repository}/tags/{tag}/restore",
        Access::needs::<Push>(),
        restore
    )
    .tell_taking::<Restore>("Points the tag at a manifest it stood at before.");
    both!(
        routes,
        GET "/api/v1/repositories/{namespace}/{repository}/pulls",
        Access::needs::<Pull>(),
        pulls
    )
    .tell("Pulls of each of the last `days`, and the most pulled tags.")
}

#[derive(Deserialize, JsonSchema)]
struct Restore {
    #[serde(default)]
    digest: String,
}

async fn history(
    Can { repo, .. }: Can<Pull>,
    Path(path): Path<HashMap<String, String>>,
    page: Page,
) -> Result<Response, Problem> {
    let found = repo.tag_history(&tag(&path)?, page.offset(), page.size).await?;
    let text = |digest: Option<Digest>| digest.map(|digest| digest.to_string());
    let results = found.moves.iter().map(|step| {
        json!({
            "id": step.id.raw().to_string(),
            "from": text(step.from),
            "to": text(step.to),
            "moved_at": step.moved_at.to_string(),
            "moved_by": step.mover.as_ref().map(|name| name.as_str()),
            "can_restore": step.is_here,
        })
    });
    Ok(answer(StatusCode::OK, &page.render(found.total, results.collect())?))
}

async fn restore(
    Can { repo, .. }: Can<Push>,
    Path(path): Path<HashMap<String, String>>,
    Incoming(form): Incoming<Restore>,
) -> Result<Response, Problem> {
    let tag = tag(&path)?;
    let digest: Digest = form.digest.parse().map_err(|error: roadstead_types::DigestError| {
        bad_fields([("digest", error.to_string())])
    })?;
    repo.restore_tag(&tag, &digest).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &json!({ "tag": tag.as_str(), "digest": digest.to_string() })))
}

fn refuse(error: RestoreTagError) -> Problem {
    let text = error.to_string();
    match error {
        RestoreTagError::NeverThere { .. } => Problem::new(StatusCode::NOT_FOUND, text),
        RestoreTagError::ManifestGone(_) | RestoreTagError::RepositoryGone => {
            Problem::new(StatusCode::CONFLICT, text)
        }
        RestoreTagError::Immutable(_) => Problem::forbidden(text),
        RestoreTagError::Store(error) => error.into(),
    }
}

async fn pulls(Can { repo, .. }: Can<Pull>, page: Page) -> Result<Response, Problem> {
    let days = match page.field("days").map(str::parse) {
        None => DAYS,
        Some(Ok(days)) if (1..=366).contains(&days) => days,
        Some(_) => return Err(bad_fields([("days", "say 1 to 366 days".to_owned())])),
    };
    let found = repo.pull_statistics(days).await?;
    let of_days = found.days.iter().map(|(midnight, count)| {
        let text = midnight.to_string();
        json!({ "day": text.split('T').next(), "pulls": count })
    });
    let of_tags = found.tags.iter().map(|(tag, count)| json!({ "tag": tag, "pulls": count }));
    let body = json!({
        "days": of_days.collect::<Vec<Value>>(),
        "tags": of_tags.collect::<Vec<Value>>(),
    });
    Ok(answer(StatusCode::OK, &body))
}
