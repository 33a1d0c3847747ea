//! `roadstead admin official`.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use roadstead_types::RepositoryName;
use serde::Serialize;

use super::Common;
use crate::cli::Failure;
use crate::cli::output::print;

#[derive(Subcommand)]
pub enum Official {
    /// Make an empty official repository, for administrators to push to
    Create(Create),
}

#[derive(Args)]
pub struct Create {
    /// `ubuntu`, or `library/ubuntu`
    name: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct OfficialRow {
    repository: String,
}

impl Official {
    pub fn run(self) -> Result<(), Failure> {
        let Self::Create(Create { name, common }) = self;
        common.run(async |desk| {
            let name = parse(&name)?;
            desk.hub.create_official(&desk.key, &name).await?;
            let row = OfficialRow { repository: name.to_string() };
            print(desk.format, &row, |row| format!("{} was created", row.repository));
            Ok(())
        })
    }
}

/// A name alone means the official repository of that name.
fn parse(text: &str) -> anyhow::Result<RepositoryName> {
    let name: RepositoryName =
        text.parse().with_context(|| format!("`{text}` is no name of a repository"))?;
    if !name.is_library() {
        bail!("official repositories lie in `library`; `{text}` does not");
    }
    Ok(name)
}
