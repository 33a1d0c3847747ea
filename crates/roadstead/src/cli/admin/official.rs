//! `roadstead admin official`.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use roadstead_hub::administration::Maintainer;
use roadstead_hub::repos::{RepositoryOrder, RepositoryQuery};
use roadstead_types::RepositoryName;
use serde::Serialize;

use super::{Common, Desk, Named, Plain};
use crate::cli::Failure;
use crate::cli::output::{print, table};

/// Repositories read in one go.
const PAGE: u32 = 500;

#[derive(Subcommand)]
pub enum Official {
    /// Make an empty official repository, for administrators to push to: `ubuntu`, or `library/ubuntu`
    Create(Named),
    /// List the official repositories, and the teams that maintain them
    List(Plain),
    /// Hand one to a team, which may then push to it and describe it
    Hand(Handed),
    /// Take one back from a team
    TakeBack(Handed),
}

#[derive(Args)]
pub struct Handed {
    /// `ubuntu`, or `library/ubuntu`
    name: String,
    /// `ORGANIZATION/TEAM`
    team: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct OfficialRow {
    repository: String,
    maintainers: Vec<String>,
}

#[derive(Serialize)]
struct CreatedRow {
    repository: String,
}

impl Official {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Create(Named { name, common }) => common.run(async |desk| {
                let name = parse(&name)?;
                desk.hub.create_official(&desk.key, &name).await?;
                let row = CreatedRow { repository: name.to_string() };
                print(desk.format, &row, |row| format!("{} was created", row.repository));
                Ok(())
            }),
            Self::List(Plain { common }) => common.run(async |desk| list(desk).await),
            Self::Hand(Handed { name, team, common }) => common.run(async |desk| {
                let (name, (org, team)) = (parse(&name)?, parse_team(&team)?);
                desk.hub.hand_official(&desk.key, &name, org, team).await?;
                desk.done(name.as_str(), "handed over")
            }),
            Self::TakeBack(Handed { name, team, common }) => common.run(async |desk| {
                let (name, (org, team)) = (parse(&name)?, parse_team(&team)?);
                desk.hub.take_official_back(&desk.key, &name, org, team).await?;
                desk.done(name.as_str(), "taken back")
            }),
        }
    }
}

async fn list(desk: &Desk<'_>) -> anyhow::Result<()> {
    let maintainers = desk.hub.list_maintainers(&desk.key).await?;
    let mut rows: Vec<OfficialRow> = Vec::new();
    loop {
        let query = RepositoryQuery {
            name_part: None,
            order: RepositoryOrder::Name,
            is_descending: false,
            offset: rows.len() as u64,
            limit: PAGE,
        };
        let page = desk.hub.list_official(&desk.key, &query).await?.repositories;
        if page.is_empty() {
            break;
        }
        rows.extend(page.iter().map(|it| row(&it.path, &maintainers)));
    }
    print(desk.format, &rows, |rows| {
        let cells = |row: &OfficialRow| vec![row.repository.clone(), row.maintainers.join(", ")];
        table(&["NAME", "MAINTAINERS"], &rows.iter().map(cells).collect::<Vec<_>>())
    });
    Ok(())
}

fn row(path: &RepositoryName, maintainers: &[Maintainer]) -> OfficialRow {
    let teams = maintainers.iter().filter(|it| it.repository == *path);
    let teams = teams.map(|it| format!("{}/{}", it.organization, it.team));
    OfficialRow { repository: path.to_string(), maintainers: teams.collect() }
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

fn parse_team(text: &str) -> anyhow::Result<(&str, &str)> {
    text.split_once('/').with_context(|| format!("write a team as ORGANIZATION/TEAM, not `{text}`"))
}
