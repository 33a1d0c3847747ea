//! Putting a tag back where it stood.

use axum::Form;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::access::Push;
use roadstead_hub::content::RestoreTagError;
use roadstead_types::{Digest, DigestError};
use serde::Deserialize;

use super::named;
use crate::card::href;
use crate::seen::Seen;
use crate::ui;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    digest: String,
    mark: String,
}

pub async fn submit(seen: Seen<Push>, Form(sent): Form<Sent>) -> Response {
    match restore(&seen, &sent).await {
        Ok((there, said)) => seen.visit.done(&there, &said),
        Err(problem) => seen.visit.refuse(&problem),
    }
}

/// Where to go then, and what was done.
async fn restore(
    Seen { repo, visit, path }: &Seen<Push>,
    sent: &Sent,
) -> Result<(String, String), Problem> {
    visit.sender(&sent.mark)?.ok_or_else(Problem::unauthorized)?;
    let tag = named(path)?;
    let digest: Digest = sent.digest.parse().map_err(|error: DigestError| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
    })?;
    repo.restore_tag(&tag, &digest).await.map_err(refuse)?;
    let brief = ui::brief(&digest);
    let said = visit.frame.t2("tags-restored", "tag", tag.as_str(), "digest", brief);
    Ok((format!("{}/tags/{tag}/history", href(repo.name())), said.into_owned()))
}

fn refuse(error: RestoreTagError) -> Problem {
    let text = error.to_string();
    match error {
        RestoreTagError::NeverThere { .. }
        | RestoreTagError::ManifestGone(_)
        | RestoreTagError::Immutable(_) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, text),
        RestoreTagError::RepositoryGone => Problem::not_found(),
        RestoreTagError::Store(error) => error.into(),
    }
}
