//! `roadstead admin plan`.

use clap::{Args, Subcommand};
use roadstead_hub::plans::Plan as HubPlan;
use serde::Serialize;

use super::{Common, Desk};
use crate::cli::Failure;
use crate::cli::output::{print, table};

#[derive(Subcommand)]
pub enum Plan {
    /// Make a plan, or change what it allows; what is left out is without limit
    Set(Set),
    /// List the plans; `default` is set by configuration
    List(All),
    /// Remove a plan that no account has
    Remove(Named),
}

#[derive(Args)]
pub struct Set {
    name: String,
    /// How many private repositories a namespace may have
    #[arg(long, value_name = "COUNT")]
    private_repositories: Option<u64>,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct All {
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Named {
    name: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct PlanRow {
    name: String,
    private_repositories: Option<u64>,
}

impl From<HubPlan> for PlanRow {
    fn from(plan: HubPlan) -> Self {
        Self { name: plan.name, private_repositories: plan.private_repositories }
    }
}

impl Plan {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Set(Set { name, private_repositories, common }) => common.run(async |desk| {
                let plan =
                    HubPlan { name, private_repositories, storage_bytes: None, members: None };
                desk.hub.put_plan(&desk.key, plan.clone()).await?;
                print(desk.format, &PlanRow::from(plan), |row| format!("{} was set", row.name));
                Ok(())
            }),
            Self::List(All { common }) => common.run(async |desk| list(desk).await),
            Self::Remove(Named { name, common }) => common.run(async |desk| {
                desk.hub.delete_plan(&desk.key, &name).await?;
                print(desk.format, &name, |name| format!("{name} was removed"));
                Ok(())
            }),
        }
    }
}

async fn list(desk: &Desk<'_>) -> anyhow::Result<()> {
    let plans = desk.hub.list_plans(&desk.key).await?;
    let rows: Vec<_> = plans.into_iter().map(PlanRow::from).collect();
    print(desk.format, &rows, |rows| {
        let count = |most: Option<u64>| most.map_or("unlimited".to_owned(), |n| n.to_string());
        let cells = |row: &PlanRow| vec![row.name.clone(), count(row.private_repositories)];
        table(&["NAME", "PRIVATE REPOSITORIES"], &rows.iter().map(cells).collect::<Vec<_>>())
    });
    Ok(())
}
