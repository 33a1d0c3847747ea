//! Docker's credential files, so that one login serves docker and this program alike
//! (docker-client, 4.5).
//!
//! `config.json` is read and written, helpers included; members this program does not know stay as
//! they are. The older `.dockercfg` is read.

mod entry;
mod helper;

use std::path::{Path, PathBuf};

use roadstead_types::Secret;
use serde_json::{Map, Value, json};

use crate::{ClientError, Host, json_file};

/// A user name and what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    pub user: String,
    pub secret: LoginSecret,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginSecret {
    /// A password or an access token.
    Password(Secret),
    /// What a token service gave in place of the password.
    IdentityToken(Secret),
}

/// Where a login was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    Helper(String),
    /// In the file, where whoever reads it can use it.
    File(PathBuf),
}

/// Docker's configuration of this person.
#[derive(Clone, Debug)]
pub struct DockerConfig {
    path: PathBuf,
    members: Map<String, Value>,
    /// Entries of `~/.dockercfg`, which docker itself wrote before 2015.
    legacy: Map<String, Value>,
}

impl DockerConfig {
    /// Reads the configuration docker would read: `$DOCKER_CONFIG` or `~/.docker`.
    pub fn open() -> Result<Self, ClientError> {
        let home = std::env::home_dir();
        let folder = match std::env::var_os("DOCKER_CONFIG").filter(|value| !value.is_empty()) {
            Some(folder) => PathBuf::from(folder),
            None => home.clone().ok_or_else(no_home)?.join(".docker"),
        };
        let legacy = home.map(|home| home.join(".dockercfg"));
        Self::read(&folder.join("config.json"), legacy.as_deref())
    }

    fn read(path: &Path, legacy: Option<&Path>) -> Result<Self, ClientError> {
        let legacy = legacy.map(json_file::read).transpose()?.unwrap_or_default();
        Ok(Self { path: path.to_owned(), members: json_file::read(path)?, legacy })
    }

    /// The login kept for a registry.
    pub async fn login(&self, host: &Host) -> Result<Option<Login>, ClientError> {
        let key = host.credential_key();
        if let Some(name) = self.helper(key)
            && let Some(login) = helper::get(name, key).await?
        {
            return Ok(Some(login));
        }
        let of = |entries: &Map<String, Value>| entry::find(entries, key).and_then(entry::read);
        Ok(self.auths().and_then(of).or_else(|| of(&self.legacy)))
    }

    /// Keeps a login where docker looks for it.
    pub async fn store(&mut self, host: &Host, login: &Login) -> Result<Stored, ClientError> {
        let key = host.credential_key();
        self.refresh()?;
        let stored = match self.helper(key).map(str::to_owned) {
            Some(name) => {
                helper::store(&name, key, login).await?;
                // Docker lists the registries of a helper with empty entries.
                self.set(key, json!({}));
                Stored::Helper(name)
            }
            None => {
                self.set(key, entry::write(login));
                Stored::File(self.path.clone())
            }
        };
        json_file::write(&self.path, &self.members)?;
        Ok(stored)
    }

    /// Forgets the login for a registry; tells whether there was one.
    pub async fn erase(&mut self, host: &Host) -> Result<bool, ClientError> {
        let key = host.credential_key();
        self.refresh()?;
        let mut found = false;
        if let Some(name) = self.helper(key) {
            found = helper::get(name, key).await?.is_some();
            helper::erase(name, key).await?;
        }
        let mut keys = vec![key.to_owned()];
        keys.extend(["http://", "https://"].map(|scheme| format!("{scheme}{host}")));
        if let Some(Value::Object(auths)) = self.members.get_mut("auths") {
            for key in &keys {
                found |= auths.remove(key).is_some();
            }
        }
        if found {
            json_file::write(&self.path, &self.members)?;
        }
        Ok(found)
    }

    /// The registries with an entry, Docker Hub left out.
    pub fn hosts(&self) -> Vec<Host> {
        let keys = self.auths().into_iter().flat_map(Map::keys).chain(self.legacy.keys());
        let hosts = keys.filter_map(|key| key.parse::<Host>().ok());
        let mut hosts: Vec<Host> = hosts.filter(|host| host.as_str() != "docker.io").collect();
        hosts.dedup();
        hosts
    }

    /// Another program may have written meanwhile; its entries are not ours to undo.
    fn refresh(&mut self) -> Result<(), ClientError> {
        self.members = json_file::read(&self.path)?;
        Ok(())
    }

    fn auths(&self) -> Option<&Map<String, Value>> {
        self.members.get("auths")?.as_object()
    }

    fn set(&mut self, key: &str, value: Value) {
        let auths = self.members.entry("auths").or_insert_with(|| json!({}));
        if !auths.is_object() {
            *auths = json!({});
        }
        auths[key] = value;
    }

    /// The helper for a registry: its own, else the one for all.
    fn helper(&self, key: &str) -> Option<&str> {
        let own = self.members.get("credHelpers").and_then(|helpers| helpers[key].as_str());
        let all = || self.members.get("credsStore").and_then(Value::as_str);
        own.or_else(all).filter(|name| !name.is_empty())
    }
}

fn no_home() -> ClientError {
    ClientError::Credentials("set HOME, or DOCKER_CONFIG, to say where logins are kept".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(user: &str, password: &str) -> Login {
        let secret = LoginSecret::Password(Secret::new(password.to_owned()));
        Login { user: user.to_owned(), secret }
    }

    #[tokio::test]
    async fn a_login_is_added_to_what_is_there_and_taken_out_again() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("docker/config.json");
        std::fs::create_dir(home.path().join("docker")).unwrap();
        std::fs::write(&path, r#"{"auths":{"other":{"auth":"eDp5"}},"currentContext":"x"}"#)
            .unwrap();
        let mut config = DockerConfig::read(&path, None).unwrap();
        let host = "hub:5000".parse().unwrap();

        let stored = config.store(&host, &password("alice", "a:b")).await.unwrap();

        assert_eq!(stored, Stored::File(path.clone()));
        let mut again = DockerConfig::read(&path, None).unwrap();
        assert_eq!(again.login(&host).await.unwrap(), Some(password("alice", "a:b")));
        assert_eq!(again.members["currentContext"], "x");
        assert!(again.erase(&host).await.unwrap());
        assert!(!again.erase(&host).await.unwrap());
        let last = DockerConfig::read(&path, None).unwrap();
        assert_eq!(last.members["auths"], json!({"other": {"auth": "eDp5"}}));
    }

    #[tokio::test]
    async fn the_old_file_is_read_and_the_new_one_comes_first() {
        let home = tempfile::tempdir().unwrap();
        let old = home.path().join(".dockercfg");
        std::fs::write(&old, r#"{"https://my-registry.com":{"auth":"b2xkOnB3","email":"e"}}"#)
            .unwrap();
        let path = home.path().join("config.json");
        let host = "my-registry.com".parse().unwrap();
        let mut config = DockerConfig::read(&path, Some(&old)).unwrap();
        assert_eq!(config.login(&host).await.unwrap(), Some(password("old", "pw")));

        config.store(&host, &password("new", "pw")).await.unwrap();

        assert_eq!(config.login(&host).await.unwrap(), Some(password("new", "pw")));
    }

    #[tokio::test]
    async fn a_broken_file_is_told_and_not_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.json");
        std::fs::write(&path, "{\"auths\":").unwrap();

        let error = DockerConfig::read(&path, None).unwrap_err().to_string();

        assert!(error.contains("config.json") && error.contains("not valid JSON"), "{error}");
    }
}
