//! Work that waits, runs, or was given up.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Administrator, App, Problem, Routes};
use roadstead_hub::jobs::QueuedJob;
use roadstead_types::{Id, JobId};
use serde_json::{Value, json};

use crate::body::{answer, bad_fields, no_content};
use crate::both;
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    const ADMIN: Access = Access::Administrator;
    let routes = both!(routes, GET "/api/v1/admin/jobs", ADMIN, list).tell(
        "Jobs that were given up, with the reason; with `state=waiting` those still to be done.",
    );
    let routes = both!(routes, GET "/api/v1/admin/jobs/{id}", ADMIN, show).tell("One job.");
    let routes = both!(routes, POST "/api/v1/admin/jobs/{id}/retry", ADMIN, retry)
        .tell("Has a job that was given up begun anew.");
    both!(routes, DELETE "/api/v1/admin/jobs/{id}", ADMIN, delete)
        .tell("Forgets a job that was given up, or cancels one that waits.")
}

async fn list(
    State(app): State<App>,
    Administrator(key): Administrator,
    page: Page,
) -> Result<Response, Problem> {
    let is_given_up = match page.field("state") {
        None | Some("given_up") => true,
        Some("waiting") => false,
        Some(_) => {
            let rule = "state is one of: given_up, waiting".to_owned();
            return Err(bad_fields([("state", rule)]));
        }
    };
    let found = app.hub.list_jobs(&key, is_given_up, page.offset(), page.size).await;
    let (jobs, total) = found?;
    Ok(answer(StatusCode::OK, &page.render(total, jobs.iter().map(job_json).collect())?))
}

async fn show(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let found = app.hub.find_job(&key, parse(&id)?).await?;
    let job = found.ok_or_else(|| missing("there is no such job; it may be done"))?;
    Ok(answer(StatusCode::OK, &job_json(&job)))
}

async fn retry(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    match app.hub.retry_job(&key, parse(&id)?).await? {
        true => Ok(no_content()),
        false => Err(missing("no job of this id was given up")),
    }
}

async fn delete(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    match app.hub.delete_job(&key, parse(&id)?).await? {
        true => Ok(no_content()),
        false => {
            Err(missing("no job of this id was given up or waits; one that runs ends by itself"))
        }
    }
}

fn parse(id: &str) -> Result<JobId, Problem> {
    id.parse().map(JobId::from_raw).map_err(|_| Problem::not_found())
}

fn missing(text: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, text)
}

/// The id is a text, because it has more digits than a number in JSON can be trusted with.
fn job_json(job: &QueuedJob) -> Value {
    json!({
        "id": job.id.to_string(),
        "kind": job.kind,
        "state": job.state().replace(' ', "_"),
        "attempts": job.attempts,
        "max_attempts": job.max_attempts,
        "created_at": job.created_at.to_string(),
        "run_at": job.run_at.to_string(),
        "given_up_at": job.given_up_at.map(|time| time.to_string()),
        "last_error": job.last_error,
    })
}
