//! `roadstead tag`.

use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

use super::output::{fields, size, text, time};
use super::session::Common;
use super::{Failure, ask};

#[derive(Subcommand)]
pub enum Tag {
    /// List the tags of a repository
    #[command(visible_alias = "list")]
    Ls(Ls),
    /// Show a tag and its platforms
    Inspect(Named),
    /// Show where a tag pointed, when, and who moved it
    History(History),
    /// Point a tag at an earlier digest again
    Restore(Restore),
    /// Delete a tag
    Rm(Rm),
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
pub struct Named {
    /// [HOST/]NAMESPACE/NAME:TAG
    tag: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct History {
    /// [HOST/]NAMESPACE/NAME:TAG
    tag: String,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Restore {
    /// [HOST/]NAMESPACE/NAME:TAG
    tag: String,
    /// As `tag history` shows it
    digest: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Rm {
    /// [HOST/]NAMESPACE/NAME:TAG
    tag: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    common: Common,
}

impl Tag {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Ls(command) => command.run().await,
            Self::Inspect(command) => command.run().await,
            Self::History(command) => command.run().await,
            Self::Restore(command) => command.run().await,
            Self::Rm(command) => command.run().await,
        }
    }
}

impl Ls {
    async fn run(self) -> Result<(), Failure> {
        let at = self.common.connection.at(&self.repository).await?;
        let list = at.hub.list(&at.path("/tags/"), self.limit).await?;
        let head = ["TAG", "DIGEST", "SIZE", "LAST PUSHED", "LAST PULLED"];
        self.common.show.list(&list, &head, |item| {
            vec![
                text(&item["name"]),
                short(&item["digest"]),
                size(item["full_size"].as_u64().unwrap_or_default()),
                time(&item["tag_last_pushed"]),
                time(&item["tag_last_pulled"]),
            ]
        });
        Ok(())
    }
}

impl Named {
    async fn run(self) -> Result<(), Failure> {
        let (at, tag) = self.common.connection.at_tag(&self.tag).await?;
        let found = at.hub.get(&at.path(&format!("/tags/{tag}/"))).await?;
        self.common.show.one(&found, &text(&found["digest"]), |found| {
            let images = found["images"].as_array().map(Vec::as_slice).unwrap_or_default();
            let platforms: Vec<String> = images.iter().map(platform).collect();
            fields(&[
                ("Name", format!("{}:{tag}", at.repository)),
                ("Digest", text(&found["digest"])),
                ("Type", text(&found["media_type"])),
                ("Size", size(found["full_size"].as_u64().unwrap_or_default())),
                ("Platforms", platforms.join(", ")),
                ("Pushed", time(&found["tag_last_pushed"])),
                ("Pushed by", text(&found["last_updater_username"])),
                ("Pulled", time(&found["tag_last_pulled"])),
            ])
        });
        Ok(())
    }
}

impl History {
    async fn run(self) -> Result<(), Failure> {
        let (at, tag) = self.common.connection.at_tag(&self.tag).await?;
        let path = at.own_path(&format!("/tags/{tag}/history"));
        let list = at.hub.list(&path, self.limit).await?;
        self.common.show.list(&list, &["TO", "FROM", "WHEN", "WHO"], |item| {
            let (to, from) = (text(&item["to"]), text(&item["from"]));
            vec![to, from, time(&item["moved_at"]), text(&item["moved_by"])]
        });
        Ok(())
    }
}

impl Restore {
    async fn run(self) -> Result<(), Failure> {
        let (at, tag) = self.common.connection.at_tag(&self.tag).await?;
        let path = at.own_path(&format!("/tags/{tag}/restore"));
        let body = json!({"digest": self.digest});
        let answer = at.hub.ask(Method::POST, &path, Some(&body)).await?;
        let (name, digest) = (format!("{}:{tag}", at.repository), &self.digest);
        self.common.show.one(&answer, &name, |_| format!("{name} points at {digest} again"));
        Ok(())
    }
}

impl Rm {
    async fn run(self) -> Result<(), Failure> {
        let (at, tag) = self.common.connection.at_tag(&self.tag).await?;
        let name = format!("{}:{tag}", at.repository);
        ask::confirm(&format!("Delete {name}?"), self.yes)?;
        let path = at.path(&format!("/tags/{tag}/"));
        let answer = at.hub.ask(Method::DELETE, &path, None).await?;
        self.common.show.one(&answer, &name, |_| format!("{name} was deleted"));
        Ok(())
    }
}

/// As docker shortens digests.
fn short(digest: &Value) -> String {
    let text = text(digest);
    text.strip_prefix("sha256:").map_or(text.clone(), |hex| hex.chars().take(12).collect())
}

fn platform(image: &Value) -> String {
    let parts = ["os", "architecture", "variant"].map(|name| text(&image[name]));
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("/")
}
