//! Puts the parts together, runs them, and takes them apart again.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use roadstead_blobs::BlobStore;
use roadstead_blobs::fs::FsStore;
use roadstead_blobs::s3::{S3Config as S3Place, S3Store, S3Timeouts};
use roadstead_db::Db;
use roadstead_http::shutdown::ShutdownTrigger;
use roadstead_http::{App, Shutdown};
use roadstead_hub::access::tokens::Keys;
use roadstead_hub::search::Feed;
use roadstead_hub::{Clock, Hub, SealingKey, Settings};
use roadstead_outbound::{Client, Pictures, Rules, SystemNames};
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{Config, DataConfig, MetricsConfig, ServerConfig, StorageConfig};
use crate::data_dir::DataDir;
use crate::serve::{self, Listeners, tls};
use crate::telemetry::metrics::Metrics;
use crate::{lifecycle, routes, workers};

/// How long the database may take to close.
const CLOSING: Duration = Duration::from_secs(3);

/// `roadstead serve`: from a configuration to a running hub, until a signal ends it.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let metrics = Metrics::start()?;
    let data_dir = DataDir::open(&config.data.data_dir)?;
    let _lock = data_dir.lock()?;
    let keys = token_keys(&config.server, &data_dir)?;
    let sealing = sealing_key(&config.server, &data_dir)?;
    let tls = config.server.tls.as_ref().map(tls::Certificate::load).transpose()?;
    let (listener, address) = serve::bind(config.server.listen).await?;
    let node = data_dir.node()?;
    let (hub, db) = open(&config, node.clone(), keys, sealing).await?;
    hub.free_own_leases().await.context("the database cannot be written")?;
    let base = own_url(&config.server, address);
    let workers = workers::start(&hub, &db, node, &config, &base).await?;

    let search = Feed::begin(hub.clone(), config.data.data_dir.join("search")).await;
    tokio::spawn(search.run());

    let (trigger, shutdown) = Shutdown::new();
    let listeners = Listeners::new(shutdown.clone());
    listen_for_metrics(&config.server, &metrics, &listeners).await?;
    let counting = tokio::spawn(lifecycle::count(hub.clone(), shutdown.clone()));
    let app = App {
        hub: hub.clone(),
        shutdown,
        public_url: config.server.public_url.clone(),
        trusted_proxies: config.server.trusted_proxies.clone().into(),
        challenge: config.server.challenge,
        pictures: pictures(&config.server)?,
    };
    let tls_config = tls.clone().map(tls::server_config).transpose()?;
    listeners.serve(listener, router(app, &config.server, &metrics), tls_config);
    if let Some(certificate) = tls {
        tokio::spawn(certificate.follow());
    }
    tokio::spawn(metrics.keep_up());
    tokio::spawn(lifecycle::purge(hub.clone()));
    tokio::spawn(lifecycle::follow_decisions(hub.clone()));

    announce(&config, &hub, address, &base).await?;
    data_dir.write_address(address)?;
    wait_for_signal().await?;
    let patience = config.server.shutdown_timeout;
    tokio::join!(stop(trigger, listeners, patience), workers.finish(patience));
    // After the last request, so that its pull is counted too.
    let counted = async {
        let _ = counting.await;
        lifecycle::write_counts(&hub).await;
    };
    if tokio::time::timeout(CLOSING, counted).await.is_err() {
        tracing::warn!("the last pulls could not be written down in time");
    }
    data_dir.remove_address();
    if tokio::time::timeout(CLOSING, db.close()).await.is_err() {
        tracing::warn!("the database did not close in time");
    }
    Ok(())
}

/// Runs a command on the data of a hub, which may be running.
pub fn with_hub<T>(
    config: Config,
    work: impl AsyncFnOnce(&Hub) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    crate::telemetry::logs::start("warn", config.server.log_format);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the async runtime cannot start")?;
    runtime.block_on(async {
        DataDir::open(&config.data.data_dir)?;
        // No token is made or read here and no secret is opened, so any key does.
        let (keys, sealing) = (Keys::generate()?, SealingKey::generate());
        let (hub, db) = open(&config, "command".to_owned(), keys, sealing).await?;
        let result = work(&hub).await;
        let _ = tokio::time::timeout(CLOSING, db.close()).await;
        result
    })
}

async fn open(
    config: &Config,
    node: String,
    keys: Keys,
    sealing: SealingKey,
) -> anyhow::Result<(Hub, Db)> {
    let db = open_database(&config.data).await?;
    let blobs = open_store(&config.data)?;
    check_store(&config.data, &blobs).await?;
    let settings: Settings = config.server.settings.clone();
    let parts = roadstead_hub::Parts {
        db: db.clone(),
        blobs,
        clock: Clock::system(),
        settings,
        node,
        keys,
        sealing,
    };
    let hub = Hub::start(parts).await.context("the database cannot be used")?;
    Ok((hub, db))
}

async fn open_database(data: &DataConfig) -> anyhow::Result<Db> {
    let url = data.database.expose();
    Db::open(url).await.with_context(|| match url.strip_prefix("sqlite:") {
        Some(path) => format!(
            "the database `{path}` cannot be opened; check that this user may read and write it"
        ),
        None => "the PostgreSQL database cannot be opened; check --database and that it is running"
            .to_owned(),
    })
}

fn open_store(data: &DataConfig) -> anyhow::Result<Arc<dyn BlobStore>> {
    match &data.storage {
        StorageConfig::Folder(path) => {
            let store = FsStore::open(path).with_context(|| {
                format!("the folder `{}` cannot be used for image bytes", path.display())
            })?;
            Ok(Arc::new(store))
        }
        StorageConfig::S3(s3) => {
            let place = S3Place {
                bucket: s3.bucket.clone(),
                prefix: s3.prefix.clone(),
                endpoint: s3.endpoint.clone(),
                region: s3.region.clone(),
                access_key: s3.access_key_id.clone(),
                secret_key: s3.secret_access_key.clone(),
                path_style: s3.path_style,
                allow_http: s3.allow_http,
                spool_dir: data.data_dir.join("spool"),
                part_bytes: S3Place::PART_BYTES,
                timeouts: S3Timeouts::default(),
            };
            let store = S3Store::open(place)
                .with_context(|| format!("the S3 bucket `{}` cannot be used", s3.bucket))?;
            Ok(Arc::new(store))
        }
    }
}

/// A folder that cannot be written will not mend itself, so the start is refused. A bucket may be
/// away for a moment: `/readyz` tells, and the start is not held up.
async fn check_store(data: &DataConfig, blobs: &Arc<dyn BlobStore>) -> anyhow::Result<()> {
    match &data.storage {
        StorageConfig::Folder(path) => blobs.check().await.with_context(|| {
            format!(
                "the folder `{}` cannot be written; check that this user owns it",
                path.display()
            )
        }),
        StorageConfig::S3(s3) => {
            let (blobs, bucket) = (blobs.clone(), s3.bucket.clone());
            tokio::spawn(async move {
                if let Err(error) = blobs.check().await {
                    tracing::error!(bucket, %error, "the S3 store does not answer as it should");
                }
            });
            Ok(())
        }
    }
}

fn token_keys(server: &ServerConfig, data_dir: &DataDir) -> anyhow::Result<Keys> {
    let keys = match server.token_keys.as_slice() {
        [] => Keys::open(&data_dir.private_keys()?),
        files => Keys::from_files(files),
    };
    Ok(keys?)
}

fn sealing_key(server: &ServerConfig, data_dir: &DataDir) -> anyhow::Result<SealingKey> {
    let key = match &server.secret_key {
        None => SealingKey::open(&data_dir.private_keys()?),
        Some(file) => SealingKey::from_file(file),
    };
    Ok(key?)
}

/// Through the one client that may ask addresses which strangers wrote down.
fn pictures(server: &ServerConfig) -> anyhow::Result<Option<Pictures>> {
    if !server.image_proxy {
        return Ok(None);
    }
    let rules = Rules { allowed: server.egress_allow.clone() };
    let client = Client::new(rules, Arc::new(SystemNames));
    Ok(Some(Pictures::new(client.context("the client for other hosts cannot start")?)))
}

fn router(app: App, server: &ServerConfig, metrics: &Metrics) -> Router {
    let mut router = routes::all().into_router(&app);
    if let MetricsConfig::Token(token) = &server.metrics {
        router = router.merge(routes::metrics_with_token(metrics.clone(), token.clone()));
    }
    router.layer(axum::middleware::from_fn(roadstead_http::middleware::observe)).with_state(app)
}

async fn listen_for_metrics(
    server: &ServerConfig,
    metrics: &Metrics,
    listeners: &Listeners,
) -> anyhow::Result<()> {
    if let MetricsConfig::Listener(address) = server.metrics {
        let (listener, bound) = serve::bind(address).await?;
        listeners.serve(listener, routes::metrics_for_all(metrics.clone()), None);
        tracing::info!("metrics on http://{bound}/metrics");
    }
    Ok(())
}

/// The lines on standard output: where the hub is, and how to make its first administrator.
async fn announce(
    config: &Config,
    hub: &Hub,
    address: SocketAddr,
    base: &str,
) -> anyhow::Result<()> {
    let scheme = scheme(&config.server);
    say(&format!("listening on {scheme}://{address}"));
    if let Some(file) = &config.file {
        tracing::info!("settings from {}", file.display());
    }
    let code = hub.setup_code().await.context("the database cannot be read")?;
    if let Some(code) = code {
        say(&format!("make the first administrator: {base}/setup?code={}", code.expose()));
    }
    Ok(())
}

/// The hub's URL, for links that are given to people: what the operator said, else where it listens.
fn own_url(server: &ServerConfig, address: SocketAddr) -> String {
    let scheme = scheme(server);
    match &server.public_url {
        Some(url) => url.to_string(),
        None if address.ip().is_unspecified() => format!("{scheme}://localhost:{}", address.port()),
        None => format!("{scheme}://{address}"),
    }
}

fn scheme(server: &ServerConfig) -> &'static str {
    if server.tls.is_some() { "https" } else { "http" }
}

/// A line on standard output, which may be closed; a server does not end for that.
fn say(line: &str) {
    if let Err(error) = writeln!(std::io::stdout(), "{line}") {
        tracing::warn!(%error, "standard output cannot be written");
    }
}

async fn wait_for_signal() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // Listened to so that it does not end the process, as it does by default.
    let mut hang_up = signal(SignalKind::hangup())?;
    let name = loop {
        tokio::select! {
            _ = terminate.recv() => break "SIGTERM",
            _ = interrupt.recv() => break "SIGINT",
            _ = hang_up.recv() => tracing::info!(
                "SIGHUP does nothing: certificates are followed by themselves, other settings need a restart"
            ),
        }
    };
    tracing::info!("{name}: shutting down");
    // The second signal must not wait for clients.
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::warn!("a second signal: ending at once");
        std::process::exit(1);
    });
    Ok(())
}

/// Nothing new is accepted; uploads are parked, downloads may end.
async fn stop(trigger: ShutdownTrigger, listeners: Listeners, patience: Duration) {
    trigger.begin();
    if listeners.finish(patience).await {
        tracing::info!("all requests ended");
    } else {
        tracing::warn!("the shutdown timeout is over; the remaining requests are cut off");
    }
}
