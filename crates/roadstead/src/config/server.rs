//! What `serve` needs beyond the data: listeners, TLS, policy, limits, logs.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use roadstead_http::{Challenge, Origin};
use roadstead_hub::settings::{PullLimits, Settings, SignUp, SparseIndexes};
use roadstead_types::{Network, NetworkError, Secret};
use tracing_subscriber::EnvFilter;

use super::data::{DataConfig, StorageConfig, read_secret, refuse_if_world_readable};
use super::mail::{self, MailConfig};
use super::merge::Values;
use super::units::{parse_duration, parse_size, parse_switch};

#[derive(Clone, Debug)]
pub struct ServerConfig {
    pub listen: SocketAddr,
    pub public_url: Option<Origin>,
    pub tls: Option<TlsFiles>,
    pub trusted_proxies: Vec<Network>,
    pub challenge: Challenge,
    /// Networks that requests to strangers' addresses may go to although they are not public.
    pub egress_allow: Vec<Network>,
    pub image_proxy: bool,
    pub token_keys: Vec<PathBuf>,
    pub secret_key: Option<PathBuf>,
    pub metrics: MetricsConfig,
    pub mail: MailConfig,
    pub log: String,
    pub log_format: LogFormat,
    pub shutdown_timeout: Duration,
    pub settings: Settings,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Where `/metrics` answers.
#[derive(Clone, Debug)]
pub enum MetricsConfig {
    Off,
    /// On a listener of its own, to anybody who reaches it.
    Listener(SocketAddr),
    /// On the main listener, to whoever knows the token.
    Token(Secret),
}

pub(super) fn parse(values: &mut Values, data: &DataConfig) -> ServerConfig {
    let listen = values
        .parsed("listen", parse_address)
        .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 5000)));
    let public_url = values
        .parsed("public-url", |text| text.parse::<Origin>().map_err(|error| error.to_string()));
    let trusted_proxies = values.many("trusted-proxy", parse_network);
    // Behind a proxy or under a public name, loopback does not mean "only this machine".
    let is_private = listen.ip().is_loopback() && trusted_proxies.is_empty();
    let is_private = is_private && public_url.as_ref().is_none_or(is_loopback_origin);
    let mut settings = settings(values, data, public_url.as_ref(), is_private);
    let mail = mail::parse(values, listen, public_url.as_ref());
    settings.mail_server = mail.server.as_ref().map(ToString::to_string);
    ServerConfig {
        listen,
        mail,
        public_url,
        tls: tls(values),
        trusted_proxies,
        challenge: choice(values, "challenge", CHALLENGES).unwrap_or(Challenge::Bearer),
        egress_allow: values.many("egress-allow", parse_network),
        image_proxy: values.parsed("image-proxy", parse_switch).unwrap_or(true),
        token_keys: values.many("token-key", private_file),
        secret_key: values.parsed("secret-key", private_file),
        metrics: metrics(values, listen),
        log: values.parsed("log", parse_filter).unwrap_or_else(|| "info".to_owned()),
        log_format: choice(values, "log-format", LOG_FORMATS).unwrap_or(LogFormat::Text),
        shutdown_timeout: values
            .parsed("shutdown-timeout", parse_duration)
            .unwrap_or(Duration::from_secs(25)),
        settings,
    }
}

fn parse_network(text: &str) -> Result<Network, String> {
    text.parse().map_err(|error: NetworkError| error.to_string())
}

fn private_file(text: &str) -> Result<PathBuf, String> {
    refuse_if_world_readable(Path::new(text)).map(|()| PathBuf::from(text))
}

const CHALLENGES: &[(&str, Challenge)] =
    &[("bearer", Challenge::Bearer), ("basic", Challenge::Basic)];
const LOG_FORMATS: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];
const SIGN_UPS: &[(&str, SignUp)] =
    &[("open", SignUp::Open), ("invite", SignUp::Invite), ("closed", SignUp::Closed)];
const SPARSE: &[(&str, SparseIndexes)] =
    &[("refuse", SparseIndexes::Refuse), ("allow", SparseIndexes::Allow)];

fn settings(
    values: &mut Values,
    data: &DataConfig,
    public_url: Option<&Origin>,
    is_private: bool,
) -> Settings {
    let mut settings = Settings::default();
    // All nodes of one hub are given the same public URL, so they agree on the audience too.
    if let Some(url) = public_url {
        settings.service.clone_from(&url.authority);
    }
    settings.sign_up = choice(values, "sign-up", SIGN_UPS).unwrap_or(if is_private {
        SignUp::Open
    } else {
        SignUp::Closed
    });
    settings.deletes = values.parsed("deletes", parse_switch).unwrap_or(settings.deletes);
    settings.sparse_indexes =
        choice(values, "sparse-indexes", SPARSE).unwrap_or(settings.sparse_indexes);
    settings.redirect_downloads = redirect(values, data);
    settings.upload_ttl = values
        .parsed("upload-ttl", |text| at_least(parse_duration(text)?, Duration::from_secs(1), "1s"))
        .unwrap_or(settings.upload_ttl);
    settings.private_repositories =
        values.parsed("private-repositories", parse_count).unwrap_or(settings.private_repositories);
    settings.storage_bytes = values
        .parsed("namespace-storage", |text| match text {
            "unlimited" => Ok(None),
            size => parse_size(size).map(Some),
        })
        .unwrap_or(settings.storage_bytes);
    settings.pulls = pull_limits(values, settings.pulls);
    settings.limits.api_requests =
        values.parsed("api-limit", parse_count).unwrap_or(settings.limits.api_requests);
    settings.audit_retention = values
        .parsed("audit-retention", |text| {
            at_least(parse_duration(text)?, Duration::from_secs(86_400), "1d")
        })
        .unwrap_or(settings.audit_retention);
    settings.limits.blob_bytes = values
        .parsed("max-blob-size", |text| at_least(parse_size(text)?, 1 << 20, "1 MiB"))
        .unwrap_or(settings.limits.blob_bytes);
    settings.limits.manifest_bytes = values
        .parsed("max-manifest-size", parse_manifest_limit)
        .unwrap_or(settings.limits.manifest_bytes);
    settings
}

fn pull_limits(values: &mut Values, defaults: PullLimits) -> PullLimits {
    let window = |text: &str| match parse_duration(text)? {
        // Answers tell it in whole seconds.
        time if time < Duration::from_secs(1) || time > Duration::from_secs(30 * 86_400) => {
            Err("must be between 1s and 30d".to_owned())
        }
        time => Ok(Duration::from_secs(time.as_secs())),
    };
    PullLimits {
        anonymous: values.parsed("pull-limit-anonymous", parse_count).unwrap_or(defaults.anonymous),
        account: values.parsed("pull-limit-account", parse_count).unwrap_or(defaults.account),
        window: values.parsed("pull-limit-window", window).unwrap_or(defaults.window),
    }
}

/// A number, or `unlimited` for none.
fn parse_count(text: &str) -> Result<Option<u64>, String> {
    match text {
        "unlimited" => Ok(None),
        count => count.parse().map(Some).map_err(|_| "write a number or `unlimited`".to_owned()),
    }
}

fn at_least<T: PartialOrd>(value: T, least: T, name: &str) -> Result<T, String> {
    if value < least { Err(format!("must be at least {name}")) } else { Ok(value) }
}

/// Manifests are held in memory whole, so their limit has a limit.
fn parse_manifest_limit(text: &str) -> Result<usize, String> {
    let bytes = parse_size(text)?;
    match usize::try_from(bytes) {
        Ok(bytes) if (64 << 10..=64 << 20).contains(&bytes) => Ok(bytes),
        _ => Err("must be between 64 KiB and 64 MiB".to_owned()),
    }
}

fn redirect(values: &mut Values, data: &DataConfig) -> Option<Duration> {
    let chosen = values.parsed("redirect-downloads", |text| {
        if text == "off" {
            return Ok(None);
        }
        let longest = Duration::from_secs(7 * 86_400);
        match parse_duration(text)? {
            // Signature version 4 ends at seven days.
            time if time >= Duration::from_secs(30) && time <= longest => Ok(Some(time)),
            _ => Err("must be between 30s and 7d".to_owned()),
        }
    })?;
    if chosen.is_some() && matches!(data.storage, StorageConfig::Folder(_)) {
        values.refuse("redirect-downloads", "needs an S3 store");
    }
    chosen
}

fn tls(values: &mut Values) -> Option<TlsFiles> {
    let cert = values.text("tls-cert").map(PathBuf::from);
    let key = values.text("tls-key").map(PathBuf::from);
    match (cert, key) {
        (None, None) => None,
        (Some(_), None) => {
            values.refuse("tls-cert", "needs tls-key too");
            None
        }
        (None, Some(_)) => {
            values.refuse("tls-key", "needs tls-cert too");
            None
        }
        (Some(cert), Some(key)) => {
            if let Err(why) = refuse_if_world_readable(&key) {
                values.refuse("tls-key", why);
            }
            if let Err(error) = std::fs::metadata(&cert) {
                values.refuse("tls-cert", format!("`{}` cannot be read: {error}", cert.display()));
            }
            Some(TlsFiles { cert, key })
        }
    }
}

fn metrics(values: &mut Values, listen: SocketAddr) -> MetricsConfig {
    let address = values.parsed("metrics-listen", parse_address);
    let token = values.parsed("metrics-token-file", |file| read_secret(Path::new(file)));
    match (address, token) {
        (None, None) => MetricsConfig::Off,
        (None, Some(token)) => MetricsConfig::Token(token),
        (Some(address), None) => {
            if address == listen && address.port() != 0 {
                values.refuse(
                    "metrics-listen",
                    "is the main address; choose another, or use metrics-token-file",
                );
            }
            MetricsConfig::Listener(address)
        }
        (Some(_), Some(_)) => {
            values.refuse("metrics-token-file", "cannot be used together with metrics-listen");
            MetricsConfig::Off
        }
    }
}

/// `ADDRESS:PORT`; `localhost:PORT` and `:PORT` (all addresses) are understood too.
fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    let spelled = match text.rsplit_once(':') {
        Some(("localhost", port)) => format!("127.0.0.1:{port}"),
        Some(("", port)) => format!("[::]:{port}"),
        _ => text.to_owned(),
    };
    spelled.parse().map_err(|_| {
        "write an address and a port, such as `127.0.0.1:5000` or `0.0.0.0:443`".to_owned()
    })
}

fn parse_filter(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text).map_err(|_| {
        "write error, warn, info, debug or trace, or a list such as `info,roadstead_hub=debug`"
            .to_owned()
    })?;
    Ok(text.to_owned())
}

fn choice<T: Copy>(values: &mut Values, name: &'static str, known: &[(&str, T)]) -> Option<T> {
    values.parsed(name, |text| {
        let found = known.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        found.ok_or_else(|| format!("write one of {}", words.join(", ")))
    })
}

fn is_loopback_origin(origin: &Origin) -> bool {
    let host =
        origin.authority.rsplit_once(':').map_or(origin.authority.as_str(), |(host, _)| host);
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
