//! Where the data lie: the data folder, the database, the store.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use roadstead_types::Secret;

use super::merge::Values;
use super::units::parse_switch;

#[derive(Clone, Debug)]
pub struct DataConfig {
    pub data_dir: PathBuf,
    /// `sqlite:PATH` or `postgres://...`, with the password in it.
    pub database: Secret,
    pub storage: StorageConfig,
}

impl DataConfig {
    /// Whether both the rows and the bytes lie in the data folder, so that nobody shares them.
    pub fn is_embedded(&self) -> bool {
        self.database.expose().starts_with("sqlite:")
    }
}

#[derive(Clone, Debug)]
pub enum StorageConfig {
    Folder(PathBuf),
    S3(S3Config),
}

#[derive(Clone, Debug)]
pub struct S3Config {
    pub bucket: String,
    /// Without slashes at its ends; may be empty.
    pub prefix: String,
    pub endpoint: Option<String>,
    pub region: Option<String>,
    pub path_style: bool,
    pub allow_http: bool,
    /// Without keys the store looks for those of the environment, then for the machine's own.
    pub access_key_id: Option<String>,
    pub secret_access_key: Option<Secret>,
}

pub(super) fn parse(values: &mut Values, environment: &BTreeMap<String, String>) -> DataConfig {
    let data_dir = values.text("data-dir").map_or_else(|| PathBuf::from("data"), PathBuf::from);
    let database = database(values, &data_dir);
    let storage = storage(values, &data_dir, environment);
    DataConfig { data_dir, database, storage }
}

fn database(values: &mut Values, data_dir: &Path) -> Secret {
    let default = || format!("sqlite:{}", data_dir.join("roadstead.db").display());
    let given = values.parsed("database", |text| match text.split_once(':') {
        Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => Ok(text.to_owned()),
        Some(("sqlite", path)) if !path.trim_start_matches('/').is_empty() => Ok(text.to_owned()),
        _ => Err("write `postgres://user@host/name` or `sqlite:PATH`".to_owned()),
    });
    let url = given.unwrap_or_else(default);
    let Some(file) = values.text("database-password-file") else { return Secret::new(url) };
    if url.starts_with("sqlite:") {
        values.refuse("database-password-file", "needs a PostgreSQL database");
        return Secret::new(url);
    }
    match read_secret(Path::new(&file)) {
        Ok(password) => Secret::new(with_password(&url, password.expose())),
        Err(why) => {
            values.refuse("database-password-file", why);
            Secret::new(url)
        }
    }
}

/// Puts a password into `postgres://user@host/..`, in place of one that stands there.
fn with_password(url: &str, password: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let user = user.split(':').next().unwrap_or_default();
    let password: String = password.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("{scheme}://{user}:{password}@{host}{path}")
}

/// The first line of a file that only its owner and group may read.
pub(super) fn read_secret(file: &Path) -> Result<Secret, String> {
    let name = file.display();
    refuse_if_world_readable(file)?;
    let text =
        std::fs::read_to_string(file).map_err(|e| format!("`{name}` cannot be read: {e}"))?;
    match text.lines().next().map(str::trim) {
        Some(secret) if !secret.is_empty() => Ok(Secret::new(secret.to_owned())),
        _ => Err(format!("`{name}` is empty")),
    }
}

/// A secret that everybody on the machine can read is not one.
pub(super) fn refuse_if_world_readable(file: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let name = file.display();
    let metadata = std::fs::metadata(file).map_err(|e| format!("`{name}` cannot be read: {e}"))?;
    if metadata.permissions().mode() & 0o007 != 0 {
        return Err(format!(
            "`{name}` can be used by every user of this machine; run `chmod 600 {name}`"
        ));
    }
    Ok(())
}

fn storage(
    values: &mut Values,
    data_dir: &Path,
    environment: &BTreeMap<String, String>,
) -> StorageConfig {
    let folder = || StorageConfig::Folder(data_dir.join("blobs"));
    let text = values.text("storage");
    match text.as_deref().map(|text| text.split_once("://").unwrap_or(("file", text))) {
        None => {
            refuse_s3_settings(values);
            folder()
        }
        Some(("file", path)) if !path.is_empty() => {
            refuse_s3_settings(values);
            StorageConfig::Folder(PathBuf::from(path))
        }
        Some(("s3", rest)) => s3(values, rest, environment).map_or_else(folder, StorageConfig::S3),
        Some(_) => {
            values.refuse("storage", "write the path of a folder, or `s3://bucket/prefix`");
            folder()
        }
    }
}

const S3_SETTINGS: [&str; 5] =
    ["s3-endpoint", "s3-region", "s3-path-style", "s3-allow-http", "s3-secret-access-key-file"];

fn refuse_s3_settings(values: &mut Values) {
    for name in S3_SETTINGS {
        if values.source(name).is_some() {
            values.refuse(name, "needs `storage = s3://bucket/prefix`");
        }
    }
}

fn s3(values: &mut Values, rest: &str, environment: &BTreeMap<String, String>) -> Option<S3Config> {
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    if bucket.is_empty() || bucket.contains('@') {
        values.refuse("storage", "name the bucket: `s3://bucket/prefix`; keys do not belong here");
        return None;
    }
    let mut query = query_options(values, query);
    let aws = |name: &str| environment.get(name).filter(|text| !text.is_empty()).cloned();
    let endpoint = values.text("s3-endpoint").or_else(|| query.remove("endpoint"));
    let region = values.text("s3-region").or_else(|| query.remove("region"));
    let path_style = switch(values, "s3-path-style", query.remove("path-style"));
    let allow_http = switch(values, "s3-allow-http", query.remove("allow-http"));
    let endpoint = endpoint.or_else(|| aws("AWS_ENDPOINT_URL"));
    if let Some(endpoint) = &endpoint {
        check_endpoint(values, endpoint, allow_http);
    }
    let is_local = endpoint.as_deref().is_some_and(is_local);
    let (access_key_id, secret_access_key) = keys(values);
    Some(S3Config {
        bucket: bucket.to_owned(),
        prefix: prefix.trim_matches('/').to_owned(),
        endpoint,
        region: region.or_else(|| aws("AWS_REGION")).or_else(|| aws("AWS_DEFAULT_REGION")),
        path_style,
        allow_http: allow_http || is_local,
        access_key_id,
        secret_access_key,
    })
}

/// The options of an S3 URL; each has the name of its setting without `s3-`.
fn query_options(values: &mut Values, query: &str) -> BTreeMap<&'static str, String> {
    const NAMES: [&str; 4] = ["endpoint", "region", "path-style", "allow-http"];
    let mut found = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, "true"));
        match NAMES.iter().find(|known| **known == name.replace('_', "-")) {
            Some(known) => {
                drop(found.insert(*known, value.replace("%3A", ":").replace("%2F", "/")))
            }
            None => values.refuse(
                "storage",
                format!("`{name}` is not an option of an S3 URL; known are {}", NAMES.join(", ")),
            ),
        }
    }
    found
}

fn switch(values: &mut Values, name: &'static str, in_url: Option<String>) -> bool {
    if let Some(on) = values.parsed(name, parse_switch) {
        return on;
    }
    match in_url.as_deref().map(parse_switch) {
        None => false,
        Some(Ok(on)) => on,
        Some(Err(why)) => {
            values.refuse("storage", format!("`{}`: {why}", name.trim_start_matches("s3-")));
            false
        }
    }
}

fn check_endpoint(values: &mut Values, endpoint: &str, allow_http: bool) {
    let source = if values.source("s3-endpoint").is_some() { "s3-endpoint" } else { "storage" };
    match endpoint.split_once("://") {
        Some(("https", host)) if !host.is_empty() => {}
        Some(("http", host)) if !host.is_empty() && (allow_http || is_local(endpoint)) => {}
        Some(("http", host)) if !host.is_empty() => values.refuse(
            source,
            format!("`{endpoint}` sends everything in the clear; use https, or allow it with s3-allow-http"),
        ),
        _ => values.refuse(source, format!("`{endpoint}`: write `https://host` or `http://host:port`")),
    }
}

/// Whether an endpoint is on this very machine.
fn is_local(endpoint: &str) -> bool {
    let host = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Both or none.
fn keys(values: &mut Values) -> (Option<String>, Option<Secret>) {
    let id = values.text("s3-access-key-id");
    let from_file = values.parsed("s3-secret-access-key-file", |f| read_secret(Path::new(f)));
    let secret = from_file.or_else(|| values.text("s3-secret-access-key").map(Secret::new));
    let has_secret = secret.is_some() || values.source("s3-secret-access-key-file").is_some();
    if id.is_some() && !has_secret {
        values.refuse("s3-access-key-id", "needs s3-secret-access-key or its file too");
    }
    if id.is_none() && has_secret {
        values.refuse("storage", "a secret key is set; it needs s3-access-key-id too");
    }
    (id, secret)
}
