//! `roadstead admin user`.

use clap::{Args, Subcommand};
use roadstead_hub::accounts::{Account, ListedPerson, NewUser, PeopleQuery, Person};
use serde::Serialize;

use super::{Common, Desk, Named};
use crate::cli::Failure;
use crate::cli::ask::read_password;
use crate::cli::output::{fields, print, table};

/// Accounts read in one go.
const PAGE: u32 = 500;

#[derive(Subcommand)]
pub enum User {
    /// Make an account
    Create(Create),
    /// List the people, by name
    List(List),
    /// Show one, and what they have
    Show(Named),
    /// Vouch for the e-mail address of an account; until then it can only read
    Verify(Named),
    /// Lock an account out; what it owns stays
    Disable(Named),
    /// Let a disabled account in again
    Enable(Named),
    /// Make somebody an administrator of the hub
    Promote(Named),
    /// Make an administrator one no longer; the last one stays
    Dismiss(Named),
    /// Give an account another name; its repositories can be pulled by their old names but not pushed
    Rename(Rename),
    /// Give a user or an organization a plan; `default` takes it back
    SetPlan(SetPlan),
    /// Give an account another password, or have its owner choose one, and sign it out everywhere
    ResetPassword(ResetPassword),
    /// End everything that was signed in with the password; access tokens stay
    SignOut(Named),
    /// Delete an account that has no repositories; nobody else ever gets its name
    Delete(Named),
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
    /// Send a link to choose the password instead; takes the address as verified
    #[arg(long, conflicts_with = "password_stdin")]
    letter: bool,
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
pub struct List {
    /// Only those with this in their name or address
    #[arg(long, default_value = "", hide_default_value = true)]
    search: String,
    /// Only those that are disabled
    #[arg(long)]
    disabled: bool,
    /// Only administrators
    #[arg(long)]
    admin: bool,
    /// Only those whose address is not verified
    #[arg(long)]
    unverified: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Rename {
    name: String,
    new: String,
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
    /// Send a link to choose one instead
    #[arg(long, conflicts_with = "password_stdin")]
    letter: bool,
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

/// One account with what it has.
#[derive(Serialize)]
struct UserCard {
    #[serde(flatten)]
    row: UserRow,
    plan: String,
    repositories: u64,
    private_repositories: u64,
    organizations: u64,
    access_tokens: u64,
    last_seen_at: Option<String>,
}

impl From<Person> for UserCard {
    fn from(Person { account, plan, holdings }: Person) -> Self {
        Self {
            row: account.into(),
            plan,
            repositories: holdings.repositories,
            private_repositories: holdings.private_repositories,
            organizations: holdings.organizations,
            access_tokens: holdings.access_tokens,
            last_seen_at: holdings.last_seen_at.map(|time| time.to_string()),
        }
    }
}

impl User {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Create(command) => command.run(),
            Self::List(command) => command.run(),
            Self::Show(Named { name, common }) => common.run(async |desk| {
                let found = desk.hub.find_person(&desk.key, &name).await?;
                print(desk.format, &UserCard::from(found), card);
                Ok(())
            }),
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
            Self::Promote(Named { name, common }) => common.run(async |desk| {
                let account = desk.hub.set_administrator(&desk.key, &name, true).await?;
                desk.show(account, "made an administrator")
            }),
            Self::Dismiss(Named { name, common }) => common.run(async |desk| {
                let account = desk.hub.set_administrator(&desk.key, &name, false).await?;
                desk.show(account, "dismissed as administrator")
            }),
            Self::Rename(Rename { name, new, common }) => common.run(async |desk| {
                let account = desk.hub.rename_user(&desk.key, &name, &new).await?;
                desk.show(account, "renamed")
            }),
            Self::SetPlan(SetPlan { name, plan, common }) => common.run(async |desk| {
                desk.hub.set_plan(&desk.key, &name, &plan).await?;
                print(desk.format, &name, |name| format!("{name} has the plan {plan} now"));
                Ok(())
            }),
            Self::SignOut(Named { name, common }) => common.run(async |desk| {
                let account = desk.hub.sign_user_out(&desk.key, &name).await?;
                desk.show(account, "signed out everywhere")
            }),
            Self::Delete(Named { name, common }) => common.run(async |desk| {
                desk.hub.delete_user(&desk.key, &name).await?;
                desk.done(&name, "deleted")
            }),
            Self::RemoveTwoFactor(Named { name, common }) => common.run(async |desk| {
                let account = desk.hub.remove_second_factor_of(&desk.key, &name).await?;
                desk.show(account, "freed of its second factor")
            }),
            Self::ResetPassword(command) => command.run(),
        }
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let query = PeopleQuery {
            search: self.search,
            only_disabled: self.disabled,
            only_administrators: self.admin,
            only_unverified: self.unverified,
            limit: PAGE,
            ..PeopleQuery::default()
        };
        self.common.run(async |desk| list(desk, query).await)
    }
}

impl ResetPassword {
    fn run(self) -> Result<(), Failure> {
        let Self { name, password_stdin, letter, common } = self;
        if letter {
            return common.run(async |desk| {
                let account = desk.hub.force_new_password(&desk.key, &name).await?;
                desk.show(account, "sent a link to choose a password")
            });
        }
        let password = read_password(password_stdin)?;
        common.run(async |desk| {
            let account = desk.hub.reset_password(&desk.key, &name, &password).await?;
            desk.show(account, "given a new password")
        })
    }
}

impl Create {
    fn run(self) -> Result<(), Failure> {
        if self.letter {
            let Self { name, email, admin, common, .. } = self;
            return common.run(async |desk| {
                let made = desk.hub.create_user_by_letter(&desk.key, &name, &email, admin).await?;
                desk.show(made, "created and sent a link to choose a password")
            });
        }
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

fn card(card: &UserCard) -> String {
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let row = &card.row;
    fields(&[
        ("Name", row.username.clone()),
        ("E-mail", row.email.clone().unwrap_or_default()),
        ("Verified", yes(row.verified)),
        ("Administrator", yes(row.admin)),
        ("Active", yes(!row.disabled)),
        ("Plan", card.plan.clone()),
        ("Repositories", format!("{} ({} private)", card.repositories, card.private_repositories)),
        ("Organizations", card.organizations.to_string()),
        ("Access tokens", card.access_tokens.to_string()),
        ("Last seen", card.last_seen_at.clone().unwrap_or_else(|| "never".to_owned())),
        ("Made at", row.created_at.clone()),
    ])
}

async fn list(desk: &Desk<'_>, mut query: PeopleQuery) -> anyhow::Result<()> {
    let mut rows: Vec<UserRow> = Vec::new();
    loop {
        query.offset = rows.len() as u64;
        let (page, _) = desk.hub.search_people(&desk.key, &query).await?;
        if page.is_empty() {
            break;
        }
        rows.extend(page.into_iter().map(|ListedPerson { account, .. }| UserRow::from(account)));
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
