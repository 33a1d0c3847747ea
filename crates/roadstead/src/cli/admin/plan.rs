//! `roadstead admin plan`.

use clap::{Args, Subcommand};
use roadstead_hub::plans::Plan as HubPlan;
use serde::Serialize;

use super::{Common, Desk};
use crate::cli::Failure;
use crate::cli::output::{print, size, table};
use crate::config::units::parse_size;

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
    /// How many bytes a namespace may hold, such as `10 GiB`
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    namespace_storage: Option<u64>,
    /// How many members an organization may have, open invitations included
    #[arg(long, value_name = "COUNT")]
    members: Option<u64>,
    /// How many pulls an account may make in a window, where the hub limits pulls
    #[arg(long, value_name = "COUNT")]
    pulls: Option<u64>,
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
    storage_bytes: Option<u64>,
    members: Option<u64>,
    pulls: Option<u64>,
}

impl From<HubPlan> for PlanRow {
    fn from(plan: HubPlan) -> Self {
        Self {
            name: plan.name,
            private_repositories: plan.private_repositories,
            storage_bytes: plan.storage_bytes,
            members: plan.members,
            pulls: plan.pulls,
        }
    }
}

impl Set {
    fn run(self) -> Result<(), Failure> {
        let plan = HubPlan {
            name: self.name,
            private_repositories: self.private_repositories,
            storage_bytes: self.namespace_storage,
            members: self.members,
            pulls: self.pulls,
        };
        self.common.run(async |desk| {
            desk.hub.put_plan(&desk.key, plan.clone()).await?;
            print(desk.format, &PlanRow::from(plan), |row| format!("{} was set", row.name));
            Ok(())
        })
    }
}

impl Plan {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Set(form) => form.run(),
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
        table(
            &["NAME", "PRIVATE REPOSITORIES", "STORAGE", "MEMBERS", "PULLS"],
            &rows.iter().map(cells).collect::<Vec<_>>(),
        )
    });
    Ok(())
}

fn cells(row: &PlanRow) -> Vec<String> {
    let told = |most: Option<u64>, tell: fn(u64) -> String| {
        most.map_or_else(|| "unlimited".to_owned(), tell)
    };
    vec![
        row.name.clone(),
        told(row.private_repositories, |count| count.to_string()),
        told(row.storage_bytes, size),
        told(row.members, |count| count.to_string()),
        told(row.pulls, |count| count.to_string()),
    ]
}
