//! `roadstead token`. An access token cannot manage access tokens, nor can what `login` keeps: these
//! commands ask for the password.

use std::time::Duration;

use clap::{Args, Subcommand};
use http::Method;
use roadstead_client::HubApi;
use roadstead_hub::Clock;
use roadstead_types::CredentialScope;
use serde_json::json;

use super::output::{text, time};
use super::session::Common;
use super::{Failure, ask};
use crate::config::units::parse_duration;

#[derive(Subcommand)]
pub enum Token {
    /// List your access tokens
    #[command(visible_alias = "list")]
    Ls(Ls),
    /// Make an access token; it is shown once
    Create(Create),
    /// Delete an access token
    Rm(Rm),
    /// Refuse an access token until it is enabled again
    Disable(One),
    /// Let a disabled access token in again
    Enable(One),
}

/// What all of these take.
#[derive(Args)]
struct Proof {
    /// Read your password from standard input
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Ls {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    proof: Proof,
}

#[derive(Args)]
pub struct Create {
    /// What it is for
    label: String,
    /// repo:admin, repo:write, repo:read or repo:public_read
    #[arg(long)]
    scope: CredentialScope,
    /// How long it is valid, for example `90d`; without, until it is deleted
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    expires: Option<Duration>,
    #[command(flatten)]
    proof: Proof,
}

#[derive(Args)]
pub struct Rm {
    /// As `token ls` shows it
    id: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    proof: Proof,
}

#[derive(Args)]
pub struct One {
    /// As `token ls` shows it
    id: String,
    #[command(flatten)]
    proof: Proof,
}

impl Token {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Ls(command) => command.run().await,
            Self::Create(command) => command.run().await,
            Self::Rm(command) => command.run().await,
            Self::Disable(command) => command.set_active(false, "disabled").await,
            Self::Enable(command) => command.set_active(true, "enabled").await,
        }
    }
}

impl Proof {
    async fn hub(&self) -> Result<HubApi, Failure> {
        self.common.connection.hub_by_password(self.password_stdin).await
    }
}

impl Ls {
    async fn run(self) -> Result<(), Failure> {
        let hub = self.proof.hub().await?;
        let list = hub.list("/v2/access-tokens", self.limit).await?;
        let head = ["ID", "LABEL", "SCOPE", "ACTIVE", "EXPIRES", "LAST USED"];
        self.proof.common.show.list(&list, &head, |item| {
            vec![
                text(&item["uuid"]),
                text(&item["token_label"]),
                text(&item["scopes"][0]),
                text(&item["is_active"]),
                time(&item["expires_at"]),
                time(&item["last_used"]),
            ]
        });
        Ok(())
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let hub = self.proof.hub().await?;
        let expires_at = self.expires.map(|valid| Clock::system().now().plus(valid).to_string());
        let body = json!({
            "token_label": self.label, "scopes": [self.scope.word()], "expires_at": expires_at,
        });
        let made = hub.ask(Method::POST, "/v2/access-tokens", Some(&body)).await?;
        let token = text(&made["token"]);
        // The token alone on standard output, so that `TOKEN=$(roadstead token create ..)` works.
        self.proof.common.show.one(&made, &token, |_| token.clone());
        if !self.proof.common.show.is_quiet() {
            eprintln!("This token is shown once. Use it in place of the password.");
        }
        Ok(())
    }
}

impl Rm {
    async fn run(self) -> Result<(), Failure> {
        ask::confirm(&format!("Delete the token {}?", self.id), self.yes)?;
        let hub = self.proof.hub().await?;
        let path = format!("/v2/access-tokens/{}", self.id);
        let answer = hub.ask(Method::DELETE, &path, None).await?;
        self.proof.common.show.one(&answer, &self.id, |_| format!("{} was deleted", self.id));
        Ok(())
    }
}

impl One {
    async fn set_active(self, is_active: bool, done: &str) -> Result<(), Failure> {
        let hub = self.proof.hub().await?;
        let path = format!("/v2/access-tokens/{}", self.id);
        let answer = hub.ask(Method::PATCH, &path, Some(&json!({"is_active": is_active}))).await?;
        let label = text(&answer["token_label"]);
        self.proof.common.show.one(&answer, &self.id, |_| format!("`{label}` was {done}"));
        Ok(())
    }
}
