//! `roadstead admin job`.

use anyhow::bail;
use clap::{Args, Subcommand};
use roadstead_hub::jobs::QueuedJob;
use roadstead_types::{Id, JobId};
use serde::Serialize;

use super::{Common, Desk};
use crate::cli::Failure;
use crate::cli::output::{print, table};

/// Jobs read in one go.
const PAGE: u32 = 100;
/// Jobs listed at most; where there are more, something is wrong with all of them.
const MOST: usize = 1000;

#[derive(Subcommand)]
pub enum Job {
    /// List the jobs that were given up, or those still to be done
    List(List),
    /// Have a job that was given up begun anew
    Retry(One),
    /// Forget a job that was given up, or cancel one that waits
    Delete(One),
}

#[derive(Args)]
pub struct List {
    /// List the jobs that wait or run instead
    #[arg(long)]
    waiting: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct One {
    /// The job's id, as `admin job list` shows it
    id: i64,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct JobRow {
    /// A text, because programs in JavaScript round large numbers.
    id: String,
    kind: String,
    state: &'static str,
    attempts: i64,
    max_attempts: i64,
    created_at: String,
    run_at: String,
    given_up_at: Option<String>,
    last_error: Option<String>,
}

impl From<QueuedJob> for JobRow {
    fn from(job: QueuedJob) -> Self {
        Self {
            id: job.id.to_string(),
            state: job.state(),
            kind: job.kind,
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            created_at: job.created_at.to_string(),
            run_at: job.run_at.to_string(),
            given_up_at: job.given_up_at.map(|time| time.to_string()),
            last_error: job.last_error,
        }
    }
}

/// What was done to one.
#[derive(Serialize)]
struct Done {
    id: String,
    done: &'static str,
}

impl Job {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::List(List { waiting, common }) => {
                common.run(async |desk| list(desk, !waiting).await)
            }
            Self::Retry(One { id, common }) => common.run(async |desk| {
                let found = desk.hub.retry_job(&desk.key, JobId::from_raw(id)).await?;
                tell(desk, id, found, ("was given up", "begun anew"))
            }),
            Self::Delete(One { id, common }) => common.run(async |desk| {
                let found = desk.hub.delete_job(&desk.key, JobId::from_raw(id)).await?;
                tell(desk, id, found, ("was given up or waits", "deleted"))
            }),
        }
    }
}

async fn list(desk: &Desk<'_>, given_up: bool) -> anyhow::Result<()> {
    let mut jobs: Vec<QueuedJob> = Vec::new();
    while jobs.len() < MOST {
        let offset = jobs.len() as u64;
        let (page, _) = desk.hub.list_jobs(&desk.key, given_up, offset, PAGE).await?;
        if page.is_empty() {
            break;
        }
        jobs.extend(page);
    }
    let rows: Vec<JobRow> = jobs.into_iter().map(JobRow::from).collect();
    print(desk.format, &rows, |rows| {
        let cells = |row: &JobRow| {
            vec![
                row.id.clone(),
                row.kind.clone(),
                row.state.to_owned(),
                format!("{}/{}", row.attempts, row.max_attempts),
                row.given_up_at.as_ref().unwrap_or(&row.run_at).clone(),
                row.last_error.clone().unwrap_or_default(),
            ]
        };
        let cells: Vec<_> = rows.iter().map(cells).collect();
        table(&["ID", "KIND", "STATE", "TRIES", "AT", "LAST ERROR"], &cells)
    });
    Ok(())
}

fn tell(
    desk: &Desk<'_>,
    id: i64,
    found: bool,
    (needs, done): (&str, &'static str),
) -> anyhow::Result<()> {
    if !found {
        bail!("no job `{id}` {needs}; `roadstead admin job list` shows those that were given up");
    }
    print(desk.format, &Done { id: id.to_string(), done }, |it| format!("{}: {}", it.id, it.done));
    Ok(())
}
