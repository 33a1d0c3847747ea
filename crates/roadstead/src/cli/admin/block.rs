//! `roadstead admin block`.

use clap::{Args, Subcommand};
use roadstead_hub::administration::Takedown;
use roadstead_types::Digest;
use serde::Serialize;

use super::{Common, Desk, Plain};
use crate::cli::Failure;
use crate::cli::output::{print, table};

/// Digests read in one go.
const PAGE: u32 = 500;

#[derive(Subcommand)]
pub enum Block {
    /// Take a manifest or blob down in all repositories
    Add(Add),
    /// Allow a digest again
    Remove(Remove),
    /// List what is taken down, the newest first
    List(Plain),
}

#[derive(Args)]
pub struct Add {
    /// `sha256:...`
    digest: Digest,
    /// Why, in words that clients are shown
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Remove {
    /// `sha256:...`
    digest: Digest,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct BlockRow {
    digest: String,
    reason: String,
    blocked_by: Option<String>,
    created_at: String,
}

impl From<Takedown> for BlockRow {
    fn from(takedown: Takedown) -> Self {
        Self {
            digest: takedown.digest.to_string(),
            reason: takedown.reason,
            blocked_by: takedown.blocked_by.map(|name| name.to_string()),
            created_at: takedown.created_at.to_string(),
        }
    }
}

impl Block {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add(Add { digest, reason, common }) => common.run(async |desk| {
                desk.hub.take_down(&desk.key, &digest, &reason).await?;
                desk.done(&digest.to_string(), "taken down")
            }),
            Self::Remove(Remove { digest, common }) => common.run(async |desk| {
                desk.hub.allow_again(&desk.key, &digest).await?;
                desk.done(&digest.to_string(), "allowed again")
            }),
            Self::List(Plain { common }) => common.run(async |desk| list(desk).await),
        }
    }
}

async fn list(desk: &Desk<'_>) -> anyhow::Result<()> {
    let mut rows: Vec<BlockRow> = Vec::new();
    loop {
        let (page, _) = desk.hub.list_takedowns(&desk.key, rows.len() as u64, PAGE).await?;
        if page.is_empty() {
            break;
        }
        rows.extend(page.into_iter().map(BlockRow::from));
    }
    print(desk.format, &rows, |rows| {
        let cells = |row: &BlockRow| {
            let by = row.blocked_by.clone().unwrap_or_else(|| "operator".to_owned());
            vec![row.digest.clone(), row.created_at.clone(), by, row.reason.clone()]
        };
        let cells: Vec<_> = rows.iter().map(cells).collect();
        table(&["DIGEST", "SINCE", "BY", "REASON"], &cells)
    });
    Ok(())
}
