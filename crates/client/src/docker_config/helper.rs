//! Credential helpers: programs called `docker-credential-NAME` that keep secrets in a keychain
//! (docker-credential-helpers, README, "Development").

use std::process::Stdio;
use std::time::Duration;

use roadstead_types::Secret;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::{Login, LoginSecret};
use crate::ClientError;

/// The user name under which a helper keeps an identity token.
const TOKEN_USER: &str = "<token>";
/// A keychain may ask its owner first.
const PATIENCE: Duration = Duration::from_secs(120);

pub async fn get(name: &str, key: &str) -> Result<Option<Login>, ClientError> {
    let answer = match run(name, "get", key.to_owned()).await? {
        Ok(answer) => answer,
        // The words every helper uses for "I have none".
        Err(said) if said.contains("credentials not found") => return Ok(None),
        Err(said) => return Err(failed(name, "get", &said)),
    };
    let value: Value = serde_json::from_str(&answer)
        .map_err(|_| failed(name, "get", "its answer is not valid JSON"))?;
    let text = |member: &str| value[member].as_str().unwrap_or_default().to_owned();
    let (user, secret) = (text("Username"), Secret::new(text("Secret")));
    if secret.expose().is_empty() {
        return Ok(None);
    }
    Ok(Some(match user == TOKEN_USER {
        true => Login { user: String::new(), secret: LoginSecret::IdentityToken(secret) },
        false => Login { user, secret: LoginSecret::Password(secret) },
    }))
}

pub async fn store(name: &str, key: &str, login: &Login) -> Result<(), ClientError> {
    let (user, secret) = match &login.secret {
        LoginSecret::Password(password) => (login.user.as_str(), password),
        LoginSecret::IdentityToken(token) => (TOKEN_USER, token),
    };
    let input = json!({"ServerURL": key, "Username": user, "Secret": secret.expose()});
    match run(name, "store", input.to_string()).await? {
        Ok(_) => Ok(()),
        Err(said) => Err(failed(name, "store", &said)),
    }
}

pub async fn erase(name: &str, key: &str) -> Result<(), ClientError> {
    match run(name, "erase", key.to_owned()).await? {
        Ok(_) => Ok(()),
        Err(said) if said.contains("credentials not found") => Ok(()),
        Err(said) => Err(failed(name, "erase", &said)),
    }
}

/// Runs a helper; the inner error is what it said when it refused.
async fn run(name: &str, verb: &str, input: String) -> Result<Result<String, String>, ClientError> {
    if name.contains('/') {
        return Err(ClientError::Credentials(format!("`{name}` is no name of a helper")));
    }
    let program = format!("docker-credential-{name}");
    let cannot = |error: std::io::Error| {
        ClientError::Credentials(format!("`{program}`, which docker's config.json names: {error}"))
    };
    let mut command = Command::new(&program);
    command.arg(verb).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(cannot)?;
    if let Some(mut pipe) = child.stdin.take() {
        // A helper that does not read its input says why.
        let _ = pipe.write_all(input.as_bytes()).await;
    }
    let waited = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
    let output = waited.map_err(|_| failed(name, verb, "no answer in time"))?.map_err(cannot)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok(Ok(text(&output.stdout)));
    }
    Ok(Err(format!("{} {}", text(&output.stdout), text(&output.stderr)).trim().to_owned()))
}

fn failed(name: &str, verb: &str, said: &str) -> ClientError {
    ClientError::Credentials(format!("`docker-credential-{name} {verb}` failed: {said}"))
}
