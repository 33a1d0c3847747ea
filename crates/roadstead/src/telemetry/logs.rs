//! The log, on standard error: lines for people, or JSON for machines.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

use crate::config::LogFormat;

/// Starts logging. The filter was checked with the configuration.
pub fn start(filter: &str, format: LogFormat) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let to_terminal = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start (two servers in one test process) keeps the first log.
    let _ = match format {
        LogFormat::Text if to_terminal => {
            builder.with_timer(TimeOfDay).with_target(false).try_init()
        }
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
    };
}

/// `12:34:56`: enough for somebody who watches.
struct TimeOfDay;

impl FormatTime for TimeOfDay {
    fn format_time(&self, w: &mut Writer<'_>) -> std::fmt::Result {
        let mut whole = String::new();
        SystemTime.format_time(&mut Writer::new(&mut whole))?;
        let time = whole.split_once('T').map_or(whole.as_str(), |(_, time)| time);
        w.write_str(time.get(..8).unwrap_or(time))
    }
}
