//! `roadstead admin user`.

use clap::{Args, Subcommand};
use roadstead_hub::accounts::{Account, NewUser};
use serde::Serialize;

use super::{Common, Desk};
use crate::cli::Failure;
use crate::cli::ask::read_password;
use crate::cli::output::{print, table};

/// Accounts read in one go.
const PAGE: u32 = 500;

#[derive(Subcommand)]
pub enum User {
    /// Make an account
    Create(Create),
    /// List all accounts
    List(All),
    /// Vouch for the e-mail address of an account; until then it can only read
    Verify(Named),
    /// Lock an account out; what it owns stays
    Disable(Named),
    /// Let a disabled account in again
    Enable(Named),
    /// Give a user or an organization a plan; `default` takes it back
    SetPlan(SetPlan),
    /// Give an account another password and sign it out everywhere
    ResetPassword(ResetPassword),
    /// Take the second factor off, for somebody who has lost it; the password alone signs in then
    RemoveTwoFactor(Named),
}

#[derive(Args)]
pub struct Create {
    name: String,
    #[arg(long)]
    email: String,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    /// Make it an administrator of the hub
    #[arg(long)]
    admin: bool,
    /// Take the e-mail address as verified
    #[arg(long)]
    verified: bool,
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

#[derive(Args)]
pub struct SetPlan {
    name: String,
    plan: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct ResetPassword {
    name: String,
    /// Read the new password from standard input
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    common: Common,
}

/// What is shown of an account.
#[derive(Serialize)]
struct UserRow {
    id: String,
    username: String,
    email: Option<String>,
    admin: bool,
    verified: bool,
    disabled: bool,
    created_at: String,
}

impl From<Account> for UserRow {
    fn from(account: Account) -> Self {
        Self {
            id: account.uuid,
            username: account.name.to_string(),
            email: account.email,
            admin: account.is_admin,
            verified: account.is_verified,
            disabled: account.is_disabled,
            created_at: account.created_at.to_string(),
        }
    }
}

impl User {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Create(command) => command.run(),
            Self::List(command) => command.common.run(async |desk| list(desk).await),
            Self::Verify(Named { name, common }) => common.run(async |desk| {
                let account = desk.hub.verify_user(&desk.key, &name).await?;
                desk.show(account, "verified")
            }),
            Self::Disable(Named { name, common }) => common.run(async |desk| {
                let account = desk.hub.disable_user(&desk.key, &name).await?;
                desk.show(account, "disabled")
            }),
            Self::Enable(Named { name, common }) => common.run(async |desk| {
                let account = desk.hub.enable_user(&desk.key, &name).await?;
                desk.show(account, "enabled")
            }),
            Self::SetPlan(SetPlan { name, plan, common }) => common.run(async |desk| {
                desk.hub.set_plan(&desk.key, &name, &plan).await?;
                print(desk.format, &name, |name| format!("{name} has the plan {plan} now"));
                Ok(())
            }),
            Self::RemoveTwoFactor(Named { name, common }) => common.run(async |desk| {
                let account = desk.hub.remove_second_factor_of(&desk.key, &name).await?;
                desk.show(account, "freed of its second factor")
            }),
            Self::ResetPassword(ResetPassword { name, password_stdin, common }) => {
                let password = read_password(password_stdin)?;
                common.run(async |desk| {
                    let account = desk.hub.reset_password(&desk.key, &name, &password).await?;
                    desk.show(account, "given a new password")
                })
            }
        }
    }
}

impl Create {
    fn run(self) -> Result<(), Failure> {
        let new = NewUser {
            name: self.name,
            email: self.email,
            password: read_password(self.password_stdin)?,
            is_admin: self.admin,
            is_verified: self.verified,
        };
        self.common.run(async |desk| {
            let account = desk.hub.create_user(&desk.key, new).await?;
            desk.show(account, "created")
        })
    }
}

impl Desk<'_> {
    fn show(&self, account: Account, what: &str) -> anyhow::Result<()> {
        print(self.format, &UserRow::from(account), |row| format!("{} was {what}", row.username));
        Ok(())
    }
}

async fn list(desk: &Desk<'_>) -> anyhow::Result<()> {
    let mut rows: Vec<UserRow> = Vec::new();
    let mut after = None;
    loop {
        let page = desk.hub.list_users(&desk.key, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.name.clone());
        rows.extend(page.into_iter().map(UserRow::from));
    }
    print(desk.format, &rows, |rows| {
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        let cells = |row: &UserRow| {
            let email = row.email.clone().unwrap_or_default();
            let active = yes(!row.disabled);
            vec![row.username.clone(), yes(row.admin), yes(row.verified), active, email]
        };
        let cells: Vec<_> = rows.iter().map(cells).collect();
        table(&["NAME", "ADMIN", "VERIFIED", "ACTIVE", "E-MAIL"], &cells)
    });
    Ok(())
}
