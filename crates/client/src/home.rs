//! The hub a person works with: the one last logged in to, so that names need no host.

use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::{ClientError, Host, json_file};

const MEMBER: &str = "host";

/// The hub last logged in to.
pub fn read() -> Result<Option<Host>, ClientError> {
    let Some(path) = path() else { return Ok(None) };
    let members = json_file::read(&path)?;
    Ok(members.get(MEMBER).and_then(Value::as_str).and_then(|host| host.parse().ok()))
}

/// Remembers a hub, or forgets it.
pub fn write(host: Option<&Host>) -> Result<(), ClientError> {
    let Some(path) = path() else { return Ok(()) };
    let mut members: Map<String, Value> = json_file::read(&path)?;
    match host {
        Some(host) => members.insert(MEMBER.to_owned(), Value::from(host.as_str())),
        None => members.remove(MEMBER),
    };
    json_file::write(&path, &members)
}

/// `~/.config/roadstead/client.json`, or below `XDG_CONFIG_HOME`.
fn path() -> Option<PathBuf> {
    Some(folder("XDG_CONFIG_HOME", ".config")?.join("roadstead/client.json"))
}

/// Where transfers that broke off wait: `~/.cache/roadstead`, or below `XDG_CACHE_HOME`.
pub fn cache() -> Option<PathBuf> {
    Some(folder("XDG_CACHE_HOME", ".cache")?.join("roadstead"))
}

fn folder(variable: &str, otherwise: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    named.or_else(|| Some(std::env::home_dir()?.join(otherwise)))
}
