//! Settings, from text to what the program is built from. All of them are checked together, so
//! that an operator sees every mistake at once.
//!
//! `settings` lists them, `file` and `merge` find their texts, `data` and `server` give them types.

mod data;
mod file;
mod mail;
mod merge;
mod server;
pub mod settings;
pub mod units;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

pub use data::{DataConfig, S3Config, StorageConfig};
pub use mail::MailConfig;
pub use merge::Options;
pub use server::{LogFormat, MetricsConfig, ServerConfig, TlsFiles};

use merge::Values;

/// The file that is read when none is named.
const DEFAULT_FILE: &str = "roadstead.toml";

/// One thing that is wrong, and where to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    place: String,
    what: String,
}

impl Problem {
    fn new(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self { place: place.to_string(), what: what.to_string() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Every problem of a configuration.
#[derive(Debug, thiserror::Error)]
pub struct ConfigError(pub Vec<Problem>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// A configuration without problems.
#[derive(Clone, Debug)]
pub struct Config {
    pub data: DataConfig,
    pub server: ServerConfig,
    /// The file that was read.
    pub file: Option<PathBuf>,
    /// What may be a mistake but keeps nothing from running.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// Reads options, environment and file.
    pub fn load(options: Options, file: Option<PathBuf>) -> Result<Self, ConfigError> {
        let environment: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self::from_sources(options, &environment, file)
    }

    /// The same with the environment given, for tests.
    pub fn from_sources(
        options: Options,
        environment: &BTreeMap<String, String>,
        file: Option<PathBuf>,
    ) -> Result<Self, ConfigError> {
        let file = file
            .or_else(|| environment.get("ROADSTEAD_CONFIG").map(PathBuf::from))
            .or_else(|| Path::new(DEFAULT_FILE).exists().then(|| PathBuf::from(DEFAULT_FILE)));
        let read = file.as_ref().map(|path| (path.display().to_string(), file::read(path)));
        let mut values = Values::merge(options, environment, read);
        let data = data::parse(&mut values, environment);
        let server = server::parse(&mut values, &data);
        if values.problems.is_empty() {
            Ok(Self { data, server, file, warnings: values.warnings })
        } else {
            values.problems.append(&mut values.warnings);
            Err(ConfigError(values.problems))
        }
    }
}

#[cfg(test)]
mod tests;
