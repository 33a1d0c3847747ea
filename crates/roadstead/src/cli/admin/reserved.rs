//! `roadstead admin reserved`.

use clap::{Args, Subcommand};
use roadstead_hub::administration::ReservedName;
use serde::Serialize;

use super::{Common, Desk, Named, Plain};
use crate::cli::Failure;
use crate::cli::output::{print, table};

/// Names read in one go.
const PAGE: u32 = 500;

#[derive(Subcommand)]
pub enum Reserved {
    /// Reserve a name, or with `*` at its end all names that begin so
    Add(Add),
    /// Let people take a name again
    Remove(Named),
    /// List the names that were reserved
    List(Plain),
}

#[derive(Args)]
pub struct Add {
    name: String,
    /// Why, for other administrators
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct NameRow {
    name: String,
    reason: String,
    created_at: String,
}

impl From<ReservedName> for NameRow {
    fn from(name: ReservedName) -> Self {
        Self { name: name.name, reason: name.reason, created_at: name.created_at.to_string() }
    }
}

impl Reserved {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add(Add { name, reason, common }) => common.run(async |desk| {
                desk.hub.reserve_name(&desk.key, &name, &reason).await?;
                desk.done(&name, "reserved")
            }),
            Self::Remove(Named { name, common }) => common.run(async |desk| {
                desk.hub.release_name(&desk.key, &name).await?;
                desk.done(&name, "released")
            }),
            Self::List(Plain { common }) => common.run(async |desk| list(desk).await),
        }
    }
}

async fn list(desk: &Desk<'_>) -> anyhow::Result<()> {
    let mut rows: Vec<NameRow> = Vec::new();
    loop {
        let (page, _) = desk.hub.list_reserved_names(&desk.key, rows.len() as u64, PAGE).await?;
        if page.is_empty() {
            break;
        }
        rows.extend(page.into_iter().map(NameRow::from));
    }
    print(desk.format, &rows, |rows| {
        let cells =
            |row: &NameRow| vec![row.name.clone(), row.created_at.clone(), row.reason.clone()];
        table(&["NAME", "SINCE", "REASON"], &rows.iter().map(cells).collect::<Vec<_>>())
    });
    Ok(())
}
