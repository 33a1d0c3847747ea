//! `roadstead repo`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use http::Method;
use roadstead_client::HubApi;
use serde_json::{Value, json};

use super::api::read;
use super::output::{cut, fields, text, time};
use super::session::{At, Common, user_name};
use super::{Failure, ask};

/// Columns of a description in a list.
const DESCRIPTION: usize = 45;

#[derive(Subcommand)]
pub enum Repo {
    /// List the repositories of a namespace
    #[command(visible_alias = "list")]
    Ls(Ls),
    /// Make a repository
    Create(Create),
    /// Show a repository
    View(Named),
    /// Change the description or the visibility
    Edit(Edit),
    /// The long description, in Markdown
    #[command(subcommand)]
    Readme(Readme),
    /// Give a repository another name; the old one keeps pulling
    Rename(Rename),
    /// Hand a repository to another namespace; the old name keeps pulling
    Transfer(Transfer),
    /// Star a repository
    Star(Named),
    /// Take the star away again
    Unstar(Named),
    /// Delete a repository; it can be restored for 14 days
    Rm(Rm),
    /// Bring a deleted repository back
    Restore(Named),
}

#[derive(Args)]
pub struct Ls {
    /// A user or an organization [default: you]
    namespace: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Create {
    /// [HOST/]NAMESPACE/NAME
    name: String,
    /// In a line, at most 100 characters
    #[arg(long, default_value = "")]
    description: String,
    /// Only for those who are let in
    #[arg(long)]
    private: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Named {
    /// [HOST/]NAMESPACE/NAME
    name: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Edit {
    /// [HOST/]NAMESPACE/NAME
    name: String,
    /// In a line, at most 100 characters
    #[arg(long)]
    description: Option<String>,
    /// Only for those who are let in
    #[arg(long, conflicts_with = "public")]
    private: bool,
    /// For everybody
    #[arg(long)]
    public: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
pub enum Readme {
    /// Print it
    Get(Named),
    /// Replace it by a file
    Push(PushReadme),
}

#[derive(Args)]
pub struct PushReadme {
    /// [HOST/]NAMESPACE/NAME
    name: String,
    /// - is standard input
    file: PathBuf,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Rename {
    /// [HOST/]NAMESPACE/NAME
    name: String,
    /// The new name, without namespace
    new: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Transfer {
    /// [HOST/]NAMESPACE/NAME
    name: String,
    /// The user or organization that gets it
    namespace: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Rm {
    /// [HOST/]NAMESPACE/NAME
    name: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    common: Common,
}

impl Repo {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Ls(command) => command.run().await,
            Self::Create(command) => command.run().await,
            Self::View(command) => command.view().await,
            Self::Edit(command) => command.run().await,
            Self::Readme(Readme::Get(command)) => command.readme().await,
            Self::Readme(Readme::Push(command)) => command.run().await,
            Self::Rename(command) => command.run().await,
            Self::Transfer(command) => command.run().await,
            Self::Star(command) => command.star(Method::POST, "starred").await,
            Self::Unstar(command) => command.star(Method::DELETE, "no longer starred").await,
            Self::Rm(command) => command.run().await,
            Self::Restore(command) => command.restore().await,
        }
    }
}

impl Ls {
    async fn run(self) -> Result<(), Failure> {
        let hub = self.common.connection.hub().await?;
        let namespace = match self.namespace {
            Some(namespace) => namespace,
            None => user_name(&hub).await?,
        };
        let list = hub.list(&format!("/v2/repositories/{namespace}/"), self.limit).await?;
        let head = ["REPOSITORY", "DESCRIPTION", "LAST UPDATE", "PULLS", "STARS", "PRIVATE"];
        self.common.show.list(&list, &head, |item| {
            vec![
                format!("{}/{}", text(&item["namespace"]), text(&item["name"])),
                cut(&text(&item["description"]), DESCRIPTION),
                time(&item["last_updated"]),
                text(&item["pull_count"]),
                text(&item["star_count"]),
                text(&item["is_private"]),
            ]
        });
        Ok(())
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.name).await?;
        let body = json!({
            "name": at.repository.name(),
            "namespace": at.repository.namespace(),
            "description": self.description,
            "is_private": self.private,
        });
        let path = format!("/v2/namespaces/{}/repositories", at.repository.namespace());
        let made = at.hub.ask(Method::POST, &path, Some(&body)).await?;
        tell(&self.common, &at, &made, "created");
        Ok(())
    }
}

impl Named {
    async fn view(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.name).await?;
        let found = at.hub.get(&at.path("/")).await?;
        let name = at.repository.to_string();
        self.common.show.one(&found, &name, |found| {
            let visibility = if found["is_private"] == true { "private" } else { "public" };
            fields(&[
                ("Name", name.clone()),
                ("Description", text(&found["description"])),
                ("Visibility", visibility.to_owned()),
                ("Stars", text(&found["star_count"])),
                ("Pulls", text(&found["pull_count"])),
                ("Last push", time(&found["last_updated"])),
                ("Created", time(&found["date_registered"])),
                ("You may", may(&found["permissions"])),
                ("Pull it with", format!("docker pull {}/{}", at.hub.host, at.repository.short())),
            ])
        });
        Ok(())
    }

    async fn readme(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.name).await?;
        let found = at.hub.get(&at.path("/")).await?;
        print!("{}", text(&found["full_description"]));
        Ok(())
    }

    async fn star(self, method: Method, done: &str) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.name).await?;
        let body = (method == Method::POST).then(|| json!({}));
        let answer = at.hub.ask(method, &at.path("/stars/"), body.as_ref()).await?;
        let name = at.repository.to_string();
        self.common.show.one(&answer, &name, |_| format!("{name} is {done}"));
        Ok(())
    }

    /// The repository of this name that was deleted last.
    async fn restore(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.name).await?;
        let trash = format!("/api/v1/trash/{}", at.repository.namespace());
        let deleted = at.hub.list(&trash, usize::MAX).await?;
        let of_name = |item: &&Value| item["name"] == at.repository.name();
        let last =
            deleted.items.iter().filter(of_name).max_by_key(|item| text(&item["deleted_at"]));
        let last = last.ok_or_else(|| {
            Failure::Missing(format!("there is no {} in the trash", at.repository))
        })?;
        let path = format!("{trash}/{}/restore", text(&last["id"]));
        let answer = at.hub.ask(Method::POST, &path, Some(&json!({}))).await?;
        tell(&self.common, &at, &answer, "restored");
        Ok(())
    }
}

impl Edit {
    async fn run(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.name).await?;
        if self.description.is_none() && !self.private && !self.public {
            let text = "say what to change: --description, --private or --public";
            return Err(Failure::Usage(text.to_owned()));
        }
        let mut answer = Value::Null;
        if let Some(description) = &self.description {
            answer = patch(&at.hub, &at, json!({"description": description})).await?;
        }
        if self.private || self.public {
            let body = json!({"is_private": self.private});
            answer = at.hub.ask(Method::POST, &at.path("/privacy/"), Some(&body)).await?;
        }
        tell(&self.common, &at, &answer, "changed");
        Ok(())
    }
}

impl PushReadme {
    async fn run(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.name).await?;
        let body = json!({"full_description": read(&self.file)?});
        let answer = patch(&at.hub, &at, body).await?;
        tell(&self.common, &at, &answer, "described");
        Ok(())
    }
}

impl Rename {
    async fn run(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.name).await?;
        let body = json!({"name": self.new});
        let answer = at.hub.ask(Method::POST, &at.own_path("/rename"), Some(&body)).await?;
        let name = format!("{}/{}", at.repository.namespace(), self.new);
        let old = &at.repository;
        self.common
            .show
            .one(&answer, &name, |_| format!("{old} is {name} now; {old} keeps pulling"));
        Ok(())
    }
}

impl Transfer {
    async fn run(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.name).await?;
        let name = format!("{}/{}", self.namespace, at.repository.name());
        let old = &at.repository;
        let question = format!("Hand {old} to {}? Its collaborators lose it.", self.namespace);
        ask::confirm(&question, self.yes)?;
        let body = json!({"namespace": self.namespace});
        let answer = at.hub.ask(Method::POST, &at.own_path("/transfer"), Some(&body)).await?;
        self.common
            .show
            .one(&answer, &name, |_| format!("{old} is {name} now; {old} keeps pulling"));
        Ok(())
    }
}

impl Rm {
    async fn run(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.name).await?;
        let name = at.repository.to_string();
        let warning = format!("This deletes {name} with all its tags.");
        ask::confirm_by_name(&warning, &name, self.yes)?;
        let answer = at.hub.ask(Method::DELETE, &at.path("/"), None).await?;
        tell(&self.common, &at, &answer, "deleted");
        Ok(())
    }
}

async fn patch(hub: &HubApi, at: &At, body: Value) -> Result<Value, Failure> {
    Ok(hub.ask(Method::PATCH, &at.path("/"), Some(&body)).await?)
}

fn tell(common: &Common, at: &At, answer: &Value, what: &str) {
    let name = at.repository.to_string();
    common.show.one(answer, &name, |_| format!("{name} was {what}"));
}

fn may(permissions: &Value) -> String {
    let granted = ["read", "write", "admin"].into_iter().filter(|name| permissions[*name] == true);
    granted.collect::<Vec<_>>().join(", ")
}
