//! The Prometheus metrics: their names, and the text that `/metrics` answers.
//!
//! Counting happens where things happen; this module only collects and renders.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Counter, Gauge, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the latency classes, in seconds: from a cached manifest to an hour's upload.
const SECONDS: [f64; 15] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 600.0, 3600.0];

/// Renders what was counted so far.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// The metrics of this process.
    pub fn start() -> anyhow::Result<Self> {
        static STARTED: OnceLock<Metrics> = OnceLock::new();
        if let Some(metrics) = STARTED.get() {
            return Ok(metrics.clone());
        }
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
            .install_recorder()?;
        describe();
        Ok(STARTED.get_or_init(|| Self(handle)).clone())
    }

    /// The text format of Prometheus, version 0.0.4.
    pub fn render(&self) -> String {
        record_process();
        self.0.render()
    }

    /// Samples of histograms wait in a buffer until somebody renders; without a scraper this
    /// keeps it small.
    pub async fn keep_up(self) {
        let mut ticks = tokio::time::interval(Duration::from_secs(5));
        loop {
            ticks.tick().await;
            self.0.run_upkeep();
        }
    }
}

fn describe() {
    use metrics::{describe_counter as counter, describe_gauge as gauge};
    counter!("roadstead_http_requests_total", "Requests, by route, method and class of status");
    metrics::describe_histogram!(
        "roadstead_http_request_seconds",
        Unit::Seconds,
        "Time until the head of the answer was sent, by route and method"
    );
    gauge!("roadstead_http_requests_in_flight", "Requests whose answer is not sent in full");
    gauge!("roadstead_http_connections", "Open connections");
    counter!("roadstead_http_received_bytes_total", Unit::Bytes, "Bytes read from clients");
    counter!("roadstead_http_sent_bytes_total", Unit::Bytes, "Bytes written to clients");
    counter!(
        "roadstead_http_sent_from_files_bytes_total",
        Unit::Bytes,
        "Those of them that went from a file into the socket by sendfile"
    );
    counter!("roadstead_failures_total", "Failures of the database and the store, by kind");
    counter!("roadstead_uploads_total", "Upload sessions, by what became of them");
    counter!("roadstead_upload_bytes_total", Unit::Bytes, "Bytes of blobs that were received");
    counter!("roadstead_tokens_total", "Answers of the token service, by outcome");
    gauge!("process_resident_memory_bytes", Unit::Bytes, "Resident memory of this process");
    gauge!("process_open_fds", "Open file descriptors of this process");
    gauge!("roadstead_build_info", "Always 1; the version is a label");
    metrics::gauge!("roadstead_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

/// Handles of what every read and write counts, so that the hot path looks nothing up.
pub struct Traffic {
    pub received: Counter,
    pub sent: Counter,
    pub sent_from_files: Counter,
    pub connections: Gauge,
    pub in_flight: Gauge,
}

/// The traffic of this process.
pub fn traffic() -> &'static Traffic {
    static TRAFFIC: OnceLock<Traffic> = OnceLock::new();
    TRAFFIC.get_or_init(|| Traffic {
        received: metrics::counter!("roadstead_http_received_bytes_total"),
        sent: metrics::counter!("roadstead_http_sent_bytes_total"),
        sent_from_files: metrics::counter!("roadstead_http_sent_from_files_bytes_total"),
        connections: metrics::gauge!("roadstead_http_connections"),
        in_flight: metrics::gauge!("roadstead_http_requests_in_flight"),
    })
}

/// What Linux tells of this process; elsewhere these two are missing.
fn record_process() {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    if let Some(pages) = pages {
        let bytes = pages * rustix::param::page_size() as u64;
        metrics::gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    if let Ok(entries) = std::fs::read_dir("/proc/self/fd") {
        metrics::gauge!("process_open_fds").set(entries.count() as f64);
    }
}
