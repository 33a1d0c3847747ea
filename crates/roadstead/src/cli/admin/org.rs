//! `roadstead admin org`.

use clap::{Args, Subcommand};
use roadstead_hub::accounts::{ListedPerson, PeopleQuery, Person};
use serde::Serialize;

use super::{Common, Desk, Named};
use crate::cli::Failure;
use crate::cli::output::{fields, print, table};

/// Organizations read in one go.
const PAGE: u32 = 500;

#[derive(Subcommand)]
pub enum Org {
    /// List the organizations
    List(List),
    /// Show one, and what it has
    Show(Named),
    /// Close one: nobody manages it or makes repositories in it, and its access tokens are void
    Disable(Named),
    /// Open it again
    Enable(Named),
    /// Give an organization a plan; `default` takes it back
    SetPlan(SetPlan),
    /// Delete one that has no repositories; its names stay reserved
    Delete(Named),
}

#[derive(Args)]
pub struct List {
    /// Only those with this in their name
    #[arg(long, default_value = "", hide_default_value = true)]
    search: String,
    /// Only those that are disabled
    #[arg(long)]
    disabled: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct SetPlan {
    name: String,
    plan: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct OrgRow {
    id: String,
    orgname: String,
    plan: String,
    disabled: bool,
    created_at: String,
}

impl From<ListedPerson> for OrgRow {
    fn from(ListedPerson { account, plan }: ListedPerson) -> Self {
        Self {
            id: account.uuid,
            orgname: account.name.to_string(),
            plan,
            disabled: account.is_disabled,
            created_at: account.created_at.to_string(),
        }
    }
}

/// One organization with what it has.
#[derive(Serialize)]
struct OrgCard {
    #[serde(flatten)]
    row: OrgRow,
    repositories: u64,
    private_repositories: u64,
    members: u64,
    teams: u64,
    access_tokens: u64,
}

impl From<Person> for OrgCard {
    fn from(Person { account, plan, holdings }: Person) -> Self {
        Self {
            row: ListedPerson { account, plan }.into(),
            repositories: holdings.repositories,
            private_repositories: holdings.private_repositories,
            members: holdings.members,
            teams: holdings.teams,
            access_tokens: holdings.access_tokens,
        }
    }
}

impl Org {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::List(List { search, disabled, common }) => {
                let query = PeopleQuery {
                    search,
                    only_disabled: disabled,
                    limit: PAGE,
                    ..PeopleQuery::default()
                };
                common.run(async |desk| list(desk, query).await)
            }
            Self::Show(Named { name, common }) => common.run(async |desk| {
                let found = desk.hub.examine_organization(&desk.key, &name).await?;
                print(desk.format, &OrgCard::from(found), card);
                Ok(())
            }),
            Self::Disable(Named { name, common }) => common.run(async |desk| {
                desk.hub.disable_organization(&desk.key, &name).await?;
                desk.done(&name, "disabled")
            }),
            Self::Enable(Named { name, common }) => common.run(async |desk| {
                desk.hub.enable_organization(&desk.key, &name).await?;
                desk.done(&name, "enabled")
            }),
            Self::SetPlan(SetPlan { name, plan, common }) => common.run(async |desk| {
                desk.hub.set_plan(&desk.key, &name, &plan).await?;
                desk.done(&name, "given the plan")
            }),
            Self::Delete(Named { name, common }) => common.run(async |desk| {
                desk.hub.delete_organization(&desk.key, &name).await?;
                desk.done(&name, "deleted")
            }),
        }
    }
}

async fn list(desk: &Desk<'_>, mut query: PeopleQuery) -> anyhow::Result<()> {
    let mut rows: Vec<OrgRow> = Vec::new();
    loop {
        query.offset = rows.len() as u64;
        let (page, _) = desk.hub.search_organizations(&desk.key, &query).await?;
        if page.is_empty() {
            break;
        }
        rows.extend(page.into_iter().map(OrgRow::from));
    }
    print(desk.format, &rows, |rows| {
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        let cells = |row: &OrgRow| {
            vec![row.orgname.clone(), row.plan.clone(), yes(!row.disabled), row.created_at.clone()]
        };
        let cells: Vec<_> = rows.iter().map(cells).collect();
        table(&["NAME", "PLAN", "ACTIVE", "MADE AT"], &cells)
    });
    Ok(())
}

fn card(card: &OrgCard) -> String {
    fields(&[
        ("Name", card.row.orgname.clone()),
        ("Plan", card.row.plan.clone()),
        ("Active", if card.row.disabled { "no" } else { "yes" }.to_owned()),
        ("Repositories", format!("{} ({} private)", card.repositories, card.private_repositories)),
        ("Members", card.members.to_string()),
        ("Teams", card.teams.to_string()),
        ("Access tokens", card.access_tokens.to_string()),
        ("Made at", card.row.created_at.clone()),
    ])
}
