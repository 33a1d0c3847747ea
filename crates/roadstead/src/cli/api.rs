//! `roadstead api`: any request to the hub, with the login that is kept.

use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use http::Method;
use serde_json::{Map, Value};

use super::Failure;
use super::session::Connection;

/// Send any request to the hub's API and print the answer
#[derive(Args)]
pub struct Api {
    /// GET, POST, PUT, PATCH, DELETE or HEAD
    method: String,
    /// The path, for example /v2/user/
    path: String,
    /// A member of the request; numbers, true, false, null, [..] and {..} are taken as JSON
    #[arg(short, long = "field", value_name = "KEY=VALUE")]
    fields: Vec<String>,
    /// Take the request from a file with JSON; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "fields")]
    input: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
}

impl Api {
    pub async fn run(self) -> Result<(), Failure> {
        let method = self.method.to_uppercase().parse::<Method>();
        let method = method.map_err(|_| usage(format!("`{}` is no method", self.method)))?;
        if !self.path.starts_with('/') {
            return Err(usage(format!("`{}` is no path; write `/v2/user/`", self.path)));
        }
        let body = self.body()?;
        let hub = self.connection.hub().await?;
        let (status, answer) = hub.raw(method, &self.path, body.as_ref()).await?;
        print!("{}", pretty(&answer));
        match status.as_u16() {
            200..=299 => Ok(()),
            401 | 403 => Err(Failure::Denied(format!("{} answered {status}", hub.host))),
            404 => Err(Failure::Missing(format!("{} answered {status}", hub.host))),
            _ => Err(Failure::Failed(anyhow::anyhow!("{} answered {status}", hub.host))),
        }
    }

    fn body(&self) -> Result<Option<Value>, Failure> {
        if let Some(path) = &self.input {
            let text = read(path)?;
            let value = serde_json::from_str(&text);
            let bad = |error| usage(format!("{}: not valid JSON: {error}", path.display()));
            return value.map(Some).map_err(bad);
        }
        if self.fields.is_empty() {
            return Ok(None);
        }
        let members: Result<Map<String, Value>, Failure> =
            self.fields.iter().map(|field| member(field)).collect();
        Ok(Some(Value::Object(members?)))
    }
}

/// A file, or standard input for `-`.
pub fn read(path: &std::path::Path) -> Result<String, Failure> {
    if path.as_os_str() != "-" {
        let text = std::fs::read_to_string(path);
        return Ok(text.with_context(|| format!("{}", path.display()))?);
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("standard input cannot be read")?;
    Ok(text)
}

fn member(field: &str) -> Result<(String, Value), Failure> {
    let (key, value) = field
        .split_once('=')
        .ok_or_else(|| usage(format!("`{field}` is no field; write `key=value`")))?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((key.to_owned(), value))
}

/// JSON laid out for reading; anything else as it came.
fn pretty(answer: &[u8]) -> String {
    let value: Result<Value, _> = serde_json::from_slice(answer);
    match value.and_then(|value| serde_json::to_string_pretty(&value)) {
        Ok(text) => text + "\n",
        Err(_) => String::from_utf8_lossy(answer).into_owned(),
    }
}

fn usage(text: String) -> Failure {
    Failure::Usage(text)
}
