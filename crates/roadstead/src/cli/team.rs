//! `roadstead team`.

use clap::{Args, Subcommand, ValueEnum};
use http::Method;
use roadstead_client::HubApi;
use serde_json::{Value, json};

use super::org::send;
use super::output::text;
use super::session::Common;
use super::{Failure, ask};

#[derive(Subcommand)]
pub enum Team {
    /// List the teams of an organization
    #[command(visible_alias = "list")]
    Ls(Ls),
    /// Make a team
    Create(Create),
    /// Delete a team
    Rm(Rm),
    /// List the members of a team
    Members(Members),
    /// Add a member of the organization to a team
    Add(Person),
    /// Take somebody out of a team
    Remove(Person),
    /// Let a team into a repository of the organization
    Grant(Grant),
    /// Take a team's right in a repository away
    Revoke(Revoke),
}

#[derive(Args)]
pub struct Ls {
    org: String,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Create {
    /// ORG/TEAM
    team: Name,
    #[arg(long, default_value = "")]
    description: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Rm {
    /// ORG/TEAM
    team: Name,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Members {
    /// ORG/TEAM
    team: Name,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Person {
    /// ORG/TEAM
    team: Name,
    user: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Grant {
    /// ORG/TEAM
    team: Name,
    /// A repository of the organization
    repository: String,
    permission: Permission,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Revoke {
    /// ORG/TEAM
    team: Name,
    /// A repository of the organization
    repository: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Permission {
    /// View, search, pull
    Read,
    /// And push
    Write,
    /// And describe, delete, let others in
    Admin,
}

/// `ORG/TEAM`.
#[derive(Clone, Debug)]
struct Name {
    org: String,
    team: String,
}

impl std::str::FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('/') {
            Some((org, team)) if !org.is_empty() && !team.is_empty() && !team.contains('/') => {
                Ok(Self { org: org.to_owned(), team: team.to_owned() })
            }
            _ => Err("a team is named `ORG/TEAM`".to_owned()),
        }
    }
}

impl Name {
    fn path(&self) -> String {
        format!("/v2/orgs/{}/groups/{}/", self.org, self.team)
    }
}

impl Team {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Ls(command) => command.run().await,
            Self::Create(command) => command.run().await,
            Self::Rm(command) => command.run().await,
            Self::Members(command) => command.run().await,
            Self::Add(command) => command.add().await,
            Self::Remove(command) => command.remove().await,
            Self::Grant(command) => command.run().await,
            Self::Revoke(command) => command.run().await,
        }
    }
}

impl Ls {
    async fn run(self) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let list = hub.list(&format!("/v2/orgs/{}/groups/", self.org), self.limit).await?;
        self.common.show.list(&list, &["TEAM", "MEMBERS", "DESCRIPTION"], |item| {
            let name = format!("{}/{}", self.org, text(&item["name"]));
            vec![name, text(&item["member_count"]), text(&item["description"])]
        });
        Ok(())
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let Name { org, team } = &self.team;
        let body = json!({"name": team, "description": self.description});
        let (path, name) = (format!("/v2/orgs/{org}/groups/"), format!("{org}/{team}"));
        let done = format!("{name} was created");
        send(&self.common, Method::POST, &path, Some(body), &name, &done).await
    }
}

impl Rm {
    async fn run(self) -> Result<(), Failure> {
        let name = format!("{}/{}", self.team.org, self.team.team);
        ask::confirm(&format!("Delete the team {name}? Its rights go with it."), self.yes)?;
        let done = format!("{name} was deleted");
        send(&self.common, Method::DELETE, &self.team.path(), None, &name, &done).await
    }
}

impl Members {
    async fn run(self) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let list = hub.list(&format!("{}members/", self.team.path()), self.limit).await?;
        self.common.show.list(&list, &["USER", "NAME"], |item| {
            vec![text(&item["username"]), text(&item["full_name"])]
        });
        Ok(())
    }
}

impl Person {
    /// Somebody who is no member yet is invited; then the hub says so.
    async fn add(self) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let path = format!("{}members/", self.team.path());
        let answer = hub.ask(Method::POST, &path, Some(&json!({"member": self.user}))).await?;
        let done = format!("{} is in {}/{}", self.user, self.team.org, self.team.team);
        self.common.show.one(&answer, &self.user, |answer| {
            answer["message"].as_str().map_or(done, str::to_owned)
        });
        Ok(())
    }

    async fn remove(self) -> Result<(), Failure> {
        let path = format!("{}members/{}/", self.team.path(), self.user);
        let done = format!("{} left {}/{}", self.user, self.team.org, self.team.team);
        send(&self.common, Method::DELETE, &path, None, &self.user, &done).await
    }
}

impl Grant {
    /// A new right is made, one that is there is changed: two requests of Docker's API.
    async fn run(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.repository).await?;
        let id = team_id(&at.hub, &self.team).await?;
        let permission = self.permission.word();
        let held = at.hub.list(&at.path("/groups/"), usize::MAX).await?;
        let is_held = held.items.iter().any(|item| item["group_id"] == id);
        let answer = match is_held {
            true => {
                let body = json!({"permission": permission});
                at.hub.ask(Method::PATCH, &at.path(&format!("/groups/{id}/")), Some(&body)).await?
            }
            false => {
                let body = json!({"group_id": id, "permission": permission});
                at.hub.ask(Method::POST, &at.path("/groups/"), Some(&body)).await?
            }
        };
        let Name { org, team } = &self.team;
        let done = format!("{org}/{team} has {permission} in {}", at.repository);
        self.common.show.one(&answer, permission, |_| done);
        Ok(())
    }
}

impl Revoke {
    async fn run(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.repository).await?;
        let id = team_id(&at.hub, &self.team).await?;
        let path = at.path(&format!("/groups/{id}/"));
        let answer = at.hub.ask(Method::DELETE, &path, None).await?;
        let Name { org, team } = &self.team;
        let done = format!("{org}/{team} has no right in {} any more", at.repository);
        self.common.show.one(&answer, team, |_| done);
        Ok(())
    }
}

async fn team_id(hub: &HubApi, name: &Name) -> Result<Value, Failure> {
    let mut team = hub.get(&name.path()).await?;
    Ok(team["id"].take())
}

impl Permission {
    const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}
