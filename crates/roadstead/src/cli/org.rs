//! `roadstead org`.

use clap::{Args, Subcommand, ValueEnum};
use http::Method;
use serde_json::{Value, json};

use super::output::{fields, text, time};
use super::session::Common;
use super::{Failure, ask};

#[derive(Subcommand)]
pub enum Org {
    /// List your organizations
    #[command(visible_alias = "list")]
    Ls(Ls),
    /// Make an organization; you become its owner
    Create(Create),
    /// Show an organization
    View(Named),
    /// Give an organization another name
    Rename(Rename),
    /// Delete an organization
    Rm(Rm),
    /// List the members
    Members(Listed),
    /// Invite people by user name or e-mail address
    Invite(Invite),
    /// List the invitations that were not answered yet
    Invites(Named),
    /// Take back an invitation
    Uninvite(Uninvite),
    /// List the invitations to you
    Invitations(Ls),
    /// Accept the invitation of an organization
    Accept(Named),
    /// Decline the invitation of an organization
    Decline(Named),
    /// Leave an organization and all its teams
    Leave(Leave),
    /// Give a member another role
    Role(ChangeRole),
    /// Remove a member from the organization and all its teams
    Remove(Remove),
}

#[derive(Clone, Copy, ValueEnum)]
enum Role {
    Owner,
    Editor,
    Member,
}

#[derive(Args)]
pub struct Ls {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Create {
    name: String,
    /// The name in full
    #[arg(long, default_value = "")]
    full_name: String,
    #[arg(long, default_value = "")]
    company: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Named {
    org: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Listed {
    org: String,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Rename {
    org: String,
    new: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Rm {
    org: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Invite {
    org: String,
    /// User names or e-mail addresses
    #[arg(required = true)]
    people: Vec<String>,
    /// The team they join
    #[arg(long)]
    team: Option<String>,
    #[arg(long, value_enum, default_value = "member")]
    role: Role,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Uninvite {
    /// As `org invites` shows it
    id: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Leave {
    org: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct ChangeRole {
    org: String,
    user: String,
    role: Role,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Remove {
    org: String,
    user: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    common: Common,
}

impl Org {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Ls(command) => command.run().await,
            Self::Create(command) => command.run().await,
            Self::View(command) => command.view().await,
            Self::Rename(command) => command.run().await,
            Self::Rm(command) => command.run().await,
            Self::Members(command) => command.members().await,
            Self::Invite(command) => command.run().await,
            Self::Invites(command) => command.invites().await,
            Self::Uninvite(command) => command.run().await,
            Self::Invitations(command) => command.invitations().await,
            Self::Accept(command) => command.reply("accept", "you are in").await,
            Self::Decline(command) => command.reply("decline", "you declined").await,
            Self::Leave(command) => command.run().await,
            Self::Role(command) => command.run().await,
            Self::Remove(command) => command.run().await,
        }
    }
}

impl Ls {
    async fn run(self) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let list = hub.list("/v2/user/orgs/", self.limit).await?;
        self.common.show.list(&list, &["NAME", "FULL NAME", "MY ROLE"], |item| {
            vec![text(&item["orgname"]), text(&item["full_name"]), text(&item["user_role"])]
        });
        Ok(())
    }
}

impl Ls {
    async fn invitations(self) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let list = hub.list("/api/v1/invitations", self.limit).await?;
        self.common.show.list(
            &list,
            &["ORGANIZATION", "TEAM", "ROLE", "INVITED BY", "UNTIL"],
            |item| {
                let (by, until) = (text(&item["inviter_username"]), time(&item["expires_at"]));
                vec![text(&item["org"]), text(&item["team"]), text(&item["role"]), by, until]
            },
        );
        Ok(())
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let body = json!({
            "orgname": self.name, "full_name": self.full_name, "company": self.company,
        });
        let done = format!("{} was created; you are its owner", self.name);
        send(&self.common, Method::POST, "/v2/orgs/", Some(body), &self.name, &done).await
    }
}

impl Named {
    async fn view(self) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let found = hub.get(&format!("/v2/orgs/{}/", self.org)).await?;
        self.common.show.one(&found, &self.org, |found| {
            fields(&[
                ("Name", text(&found["orgname"])),
                ("Full name", text(&found["full_name"])),
                ("Company", text(&found["company"])),
                ("Location", text(&found["location"])),
                ("Created", time(&found["date_joined"])),
            ])
        });
        Ok(())
    }

    /// Answers the invitation of this organization; people know it by name.
    async fn reply(self, word: &str, done: &str) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let open = hub.list("/api/v1/invitations", usize::MAX).await?;
        let invitation = open.items.iter().find(|item| item["org"] == self.org.as_str());
        let invitation = invitation.ok_or_else(|| {
            Failure::Missing(format!("there is no invitation of `{}` to you", self.org))
        })?;
        let path = format!("/api/v1/invitations/{}/{word}", text(&invitation["id"]));
        let answer = hub.ask(Method::POST, &path, Some(&json!({}))).await?;
        self.common.show.one(&answer, &self.org, |_| format!("{done} {}", self.org));
        Ok(())
    }

    async fn invites(self) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let mut found = hub.get(&format!("/v2/orgs/{}/invites", self.org)).await?;
        let items: Vec<Value> = serde_json::from_value(found["data"].take()).unwrap_or_default();
        let list = roadstead_client::List { total: items.len() as u64, items };
        self.common.show.list(&list, &["ID", "INVITEE", "TEAM", "INVITED BY", "WHEN"], |item| {
            let by = text(&item["inviter_username"]);
            let (team, when) = (text(&item["team"]), time(&item["created_at"]));
            vec![text(&item["id"]), text(&item["invitee"]), team, by, when]
        });
        Ok(())
    }
}

impl Listed {
    async fn members(self) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let list = hub.list(&format!("/v2/orgs/{}/members/", self.org), self.limit).await?;
        self.common.show.list(&list, &["USER", "NAME", "ROLE", "TEAMS"], |item| {
            let teams = item["groups"].as_array().map(Vec::as_slice).unwrap_or_default();
            let teams: Vec<String> = teams.iter().map(text).collect();
            let (user, name) = (text(&item["username"]), text(&item["full_name"]));
            vec![user, name, text(&item["role"]), teams.join(", ")]
        });
        Ok(())
    }
}

impl Rename {
    async fn run(self) -> Result<(), Failure> {
        let (path, body) =
            (format!("/api/v1/orgs/{}/rename", self.org), json!({"orgname": self.new}));
        let done = format!("{} is {} now; the old names keep pulling", self.org, self.new);
        send(&self.common, Method::POST, &path, Some(body), &self.new, &done).await
    }
}

impl Rm {
    async fn run(self) -> Result<(), Failure> {
        let warning = format!("This deletes {} with its teams and repositories.", self.org);
        ask::confirm_by_name(&warning, &self.org, self.yes)?;
        let (path, done) =
            (format!("/api/v1/orgs/{}", self.org), format!("{} was deleted", self.org));
        send(&self.common, Method::DELETE, &path, None, &self.org, &done).await
    }
}

impl Invite {
    async fn run(self) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let mut body = json!({
            "org": self.org, "invitees": self.people, "role": self.role.word(),
        });
        if let Some(team) = &self.team {
            body["team"] = json!(team);
        }
        let mut answer = hub.ask(Method::POST, "/v2/invites/bulk", Some(&body)).await?;
        let items: Vec<Value> =
            serde_json::from_value(answer["invitees"].take()).unwrap_or_default();
        let failed = items.iter().any(|item| item["status"] != "invited");
        let list = roadstead_client::List { total: items.len() as u64, items };
        self.common.show.list(&list, &["INVITEE", "STATUS"], |item| {
            vec![text(&item["invitee"]), text(&item["status"]).replace('_', " ")]
        });
        if failed { Err(Failure::Told) } else { Ok(()) }
    }
}

impl Uninvite {
    async fn run(self) -> Result<(), Failure> {
        let path = format!("/v2/invites/{}", self.id);
        let done = "the invitation was taken back";
        send(&self.common, Method::DELETE, &path, None, &self.id, done).await
    }
}

impl Leave {
    async fn run(self) -> Result<(), Failure> {
        ask::confirm(&format!("Leave {}?", self.org), self.yes)?;
        let path = format!("/api/v1/orgs/{}/leave", self.org);
        let done = format!("you left {}", self.org);
        send(&self.common, Method::POST, &path, Some(json!({})), &self.org, &done).await
    }
}

impl ChangeRole {
    async fn run(self) -> Result<(), Failure> {
        let path = format!("/v2/orgs/{}/members/{}/", self.org, self.user);
        let body = json!({"role": self.role.word()});
        let done = format!("{} has the role {} in {}", self.user, self.role.word(), self.org);
        send(&self.common, Method::PUT, &path, Some(body), &self.user, &done).await
    }
}

impl Remove {
    async fn run(self) -> Result<(), Failure> {
        ask::confirm(&format!("Remove {} from {}?", self.user, self.org), self.yes)?;
        let path = format!("/v2/orgs/{}/members/{}/", self.org, self.user);
        let done = format!("{} left {}", self.user, self.org);
        send(&self.common, Method::DELETE, &path, None, &self.user, &done).await
    }
}

impl Role {
    const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Editor => "editor",
            Self::Member => "member",
        }
    }
}

/// One request, and what to say when it is done.
pub async fn send(
    common: &Common,
    method: Method,
    path: &str,
    body: Option<Value>,
    name: &str,
    done: &str,
) -> Result<(), Failure> {
    let hub = common.connection.hub().await?;
    let answer = hub.ask(method, path, body.as_ref()).await?;
    common.show.one(&answer, name, |_| done.to_owned());
    Ok(())
}
