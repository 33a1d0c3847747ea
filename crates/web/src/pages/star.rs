//! Giving a repository a star, and taking it back.

use axum::Form;
use axum::response::{IntoResponse, Redirect, Response};
use roadstead_http::Problem;
use roadstead_hub::access::Pull;
use serde::Deserialize;

use crate::card::href;
use crate::frame::Frame;
use crate::seen::Seen;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// `star`, or `unstar`.
    what: String,
    mark: String,
}

pub async fn submit(seen: Seen<Pull>, Form(sent): Form<Sent>) -> Response {
    match change(&seen, &sent).await {
        Ok(there) => Redirect::to(&there).into_response(),
        Err(problem) => seen.visit.refuse(&problem),
    }
}

/// Where to go then; who is not signed in goes to do that first.
async fn change(Seen { repo, visit, .. }: &Seen<Pull>, sent: &Sent) -> Result<String, Problem> {
    let page = href(repo.name());
    let Some(who) = visit.sender(&sent.mark)? else {
        return Ok(Frame { path: page, ..visit.frame.clone() }.sign_in());
    };
    if sent.what == "unstar" {
        repo.unstar(who).await?;
    } else {
        repo.star(who).await?;
    }
    Ok(page)
}
