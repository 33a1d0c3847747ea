//! `roadstead admin token`.

use std::time::Duration;

use anyhow::bail;
use clap::{Args, Subcommand};
use roadstead_hub::access::Limits;
use roadstead_hub::accounts::{AccessToken, NewAccessToken};
use roadstead_types::CredentialScope;
use serde::Serialize;

use super::{Common, Desk};
use crate::cli::Failure;
use crate::cli::output::{print, table};
use crate::config::units::parse_duration;

/// Tokens read in one go.
const PAGE: u32 = 100;

#[derive(Subcommand)]
pub enum Token {
    /// Make an access token; it is shown once
    Create(Create),
    /// List the access tokens of an account
    List(List),
    /// Revoke an access token
    Revoke(Revoke),
}

#[derive(Args)]
pub struct Create {
    user: String,
    /// What the token is for
    #[arg(long)]
    label: String,
    /// repo:admin, repo:write, repo:read or repo:public_read
    #[arg(long)]
    scope: CredentialScope,
    /// Limit it to a repository, or to a pattern such as `acme/*`; may be repeated
    #[arg(long = "repository", value_name = "NAME")]
    repositories: Vec<String>,
    /// Limit it to an action: pull, push, delete, describe or admin; may be repeated
    #[arg(long = "action", value_name = "ACTION")]
    actions: Vec<String>,
    /// How long it is valid, for example `90d`; without, until it is revoked
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    expires: Option<Duration>,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct List {
    user: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Revoke {
    user: String,
    /// The token's id, as `admin token list` shows it
    id: String,
    #[command(flatten)]
    common: Common,
}

/// What is shown of a token.
#[derive(Serialize)]
struct TokenRow {
    id: String,
    label: String,
    scope: &'static str,
    active: bool,
    created_at: String,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    /// Only right after it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl From<AccessToken> for TokenRow {
    fn from(token: AccessToken) -> Self {
        Self {
            id: token.uuid.to_string(),
            label: token.label,
            scope: token.scope.word(),
            active: token.is_active,
            created_at: token.created_at.to_string(),
            expires_at: token.expires_at.map(|time| time.to_string()),
            last_used_at: token.last_used_at.map(|time| time.to_string()),
            token: None,
        }
    }
}

impl Token {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Create(command) => command.run(),
            Self::List(List { user, common }) => common.run(async |desk| list(desk, &user).await),
            Self::Revoke(Revoke { user, id, common }) => {
                common.run(async |desk| revoke(desk, &user, &id).await)
            }
        }
    }
}

impl Create {
    fn run(self) -> Result<(), Failure> {
        let Self { user, label, scope, repositories, actions, expires, common } = self;
        let limits = limits(repositories, &actions)?;
        common.run(async |desk| {
            let expires_at = expires.map(|valid| desk.hub.now().plus(valid));
            let new = NewAccessToken { label, scope, limits, expires_at };
            let (token, secret) = desk.hub.create_token_for(&desk.key, &user, new).await?;
            let row = TokenRow { token: Some(secret.expose().clone()), ..token.into() };
            // The token alone, so that `TOKEN=$(roadstead admin token create ..)` works.
            print(desk.format, &row, |row| row.token.clone().unwrap_or_default());
            Ok(())
        })
    }
}

/// What is not named is not limited.
fn limits(repositories: Vec<String>, actions: &[String]) -> Result<Limits, Failure> {
    let mut limits = Ok(Limits::default());
    if !repositories.is_empty() {
        let named = repositories.into_iter().map(|name| (name, None));
        limits = limits.and_then(|limits| limits.to_repositories(named));
    }
    if !actions.is_empty() {
        limits = limits.and_then(|limits| limits.to_actions(actions));
    }
    limits.map_err(|error| Failure::Usage(error.to_string()))
}

async fn list(desk: &Desk<'_>, user: &str) -> anyhow::Result<()> {
    let mut rows: Vec<TokenRow> = Vec::new();
    loop {
        let offset = rows.len() as u64;
        let page = desk.hub.list_tokens_of(&desk.key, user, offset, PAGE).await?;
        if page.tokens.is_empty() {
            break;
        }
        rows.extend(page.tokens.into_iter().map(TokenRow::from));
    }
    print(desk.format, &rows, |rows| {
        let never = || "never".to_owned();
        let cells = |row: &TokenRow| {
            vec![
                row.id.clone(),
                row.scope.to_owned(),
                if row.active { "yes" } else { "no" }.to_owned(),
                row.expires_at.clone().unwrap_or_else(never),
                row.last_used_at.clone().unwrap_or_else(never),
                row.label.clone(),
            ]
        };
        let cells: Vec<_> = rows.iter().map(cells).collect();
        table(&["ID", "SCOPE", "ACTIVE", "EXPIRES", "LAST USED", "LABEL"], &cells)
    });
    Ok(())
}

async fn revoke(desk: &Desk<'_>, user: &str, id: &str) -> anyhow::Result<()> {
    let Ok(uuid) = id.parse() else {
        bail!("`{id}` is no token id; `roadstead admin token list {user}` shows them");
    };
    let token = desk.hub.revoke_token_of(&desk.key, user, uuid).await?;
    print(desk.format, &TokenRow::from(token), |row| format!("`{}` was revoked", row.label));
    Ok(())
}
