//! `roadstead collab`.

use clap::{Args, Subcommand};
use http::Method;
use serde_json::json;

use super::Failure;
use super::output::text;
use super::session::Common;

#[derive(Subcommand)]
pub enum Collab {
    /// List who may push to your repository
    #[command(visible_alias = "list")]
    Ls(Ls),
    /// Let somebody pull from and push to your repository
    Add(Person),
    /// Take that right away
    Rm(Person),
}

#[derive(Args)]
pub struct Ls {
    /// [HOST/]NAMESPACE/NAME
    repository: String,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Person {
    /// [HOST/]NAMESPACE/NAME
    repository: String,
    user: String,
    #[command(flatten)]
    common: Common,
}

impl Collab {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Ls(command) => command.run().await,
            Self::Add(command) => command.add().await,
            Self::Rm(command) => command.remove().await,
        }
    }
}

impl Ls {
    async fn run(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.repository).await?;
        let list = at.hub.list(&at.path("/collaborators/"), self.limit).await?;
        self.common.show.list(&list, &["USER"], |item| vec![text(&item["user"])]);
        Ok(())
    }
}

impl Person {
    async fn add(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.repository).await?;
        let body = json!({"user": self.user});
        let answer = at.hub.ask(Method::POST, &at.path("/collaborators/"), Some(&body)).await?;
        let done = format!("{} may push to {}", self.user, at.repository);
        self.common.show.one(&answer, &self.user, |_| done);
        Ok(())
    }

    async fn remove(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.repository).await?;
        let path = at.path(&format!("/collaborators/{}/", self.user));
        let answer = at.hub.ask(Method::DELETE, &path, None).await?;
        let done = format!("{} may no longer push to {}", self.user, at.repository);
        self.common.show.one(&answer, &self.user, |_| done);
        Ok(())
    }
}
