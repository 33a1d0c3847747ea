//! `roadstead check`: shows what the hub's own check finds.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use clap::Args;
use roadstead_hub::content::check::{CheckObserver, CheckOptions, Checked, Finding, Repair};
use serde_json::{Value, json};

use super::Failure;
use super::options::DataOptions;
use super::output::{Format, json as to_json, size};
use crate::app;
use crate::config::units::parse_duration;

#[derive(Args)]
pub struct Check {
    /// Move wrong and orphaned bytes to quarantine, forget blobs whose bytes are wrong or gone, and
    /// remove pieces of uploads whose session is gone
    #[arg(long)]
    repair: bool,
    /// Compare sizes only, without reading the bytes
    #[arg(long)]
    quick: bool,
    /// Leave bytes without a row alone while they are younger than this
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = parse_duration)]
    grace: Duration,
    /// How to print the result
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    options: DataOptions,
}

impl Check {
    pub fn run(self) -> Result<(), Failure> {
        let options = CheckOptions { hash: !self.quick, repair: self.repair, grace: self.grace };
        let mut printer = Printer::new(self.format);
        let checked = app::with_hub(self.options.load()?, async |hub| {
            Ok(hub.check(options, &mut printer).await?)
        })?;
        printer.finish(&checked);
        if checked.findings == 0 { Ok(()) } else { Err(Failure::Told) }
    }
}

/// Prints findings as they come, and on a terminal how far the check is.
struct Printer {
    format: Format,
    shows_progress: bool,
    findings: Vec<Value>,
}

impl Printer {
    fn new(format: Format) -> Self {
        let shows_progress = format == Format::Text && std::io::stderr().is_terminal();
        Self { format, shows_progress, findings: Vec::new() }
    }

    fn clear_progress(&self) {
        if self.shows_progress {
            eprint!("\r\x1b[K");
        }
    }

    fn finish(self, checked: &Checked) {
        self.clear_progress();
        match self.format {
            Format::Text => {
                let problems = match checked.findings {
                    0 => "nothing is wrong".to_owned(),
                    1 => "1 problem".to_owned(),
                    n => format!("{n} problems"),
                };
                println!("{}: {problems}", summary(checked));
            }
            Format::Json => println!(
                "{}",
                to_json(&json!({
                    "blobs": checked.blobs,
                    "bytes_read": checked.bytes,
                    "stored": checked.stored,
                    "manifests": checked.manifests,
                    "findings": self.findings,
                }))
            ),
        }
    }
}

fn summary(checked: &Checked) -> String {
    format!(
        "{} blobs ({} read), {} stored, {} manifests",
        checked.blobs,
        size(checked.bytes),
        checked.stored,
        checked.manifests
    )
}

impl CheckObserver for Printer {
    fn progress(&mut self, checked: &Checked) {
        if self.shows_progress {
            eprint!("\r\x1b[K{} ...", summary(checked));
            let _ = std::io::stderr().flush();
        }
    }

    fn found(&mut self, finding: &Finding, repair: &Repair) {
        match self.format {
            Format::Json => self.findings.push(as_json(finding, repair)),
            Format::Text => {
                self.clear_progress();
                println!("{}", as_text(finding, repair));
            }
        }
    }
}

fn as_text(finding: &Finding, repair: &Repair) -> String {
    let what = match finding {
        Finding::BytesMissing { digest } => format!("blob {digest}: its bytes are missing"),
        Finding::WrongSize { digest, expected, actual } => {
            format!("blob {digest}: {actual} bytes are stored instead of {expected}")
        }
        Finding::WrongDigest { digest, actual } => {
            format!("blob {digest}: the stored bytes have digest {actual}")
        }
        Finding::Unreadable { digest, cause } => format!("blob {digest}: cannot be read: {cause}"),
        Finding::Orphan { locator, size: bytes, age } => {
            format!("{locator}: {} without a blob, {} h old", size(*bytes), age.as_secs() / 3600)
        }
        Finding::StrayUpload { upload, age } => {
            format!("upload {upload}: pieces without a session, {} h old", age.as_secs() / 3600)
        }
        Finding::ManifestWrongDigest { repository, digest, actual } => {
            format!("manifest {repository}@{digest}: its bytes have digest {actual}")
        }
        Finding::BlobsMissing { repository, manifest, blobs } => {
            let blobs: Vec<String> = blobs.iter().map(ToString::to_string).collect();
            format!("manifest {repository}@{manifest}: lacks {}; push it again", blobs.join(", "))
        }
        Finding::TagWithoutManifest { repository, tag } => {
            format!("tag {repository}:{tag}: its manifest is missing")
        }
    };
    match repair {
        Repair::None => what,
        Repair::Quarantined(place) => format!("{what} (moved to {place})"),
        Repair::Forgotten => format!("{what} (forgotten; push it again)"),
        Repair::Removed => format!("{what} (removed)"),
    }
}

fn as_json(finding: &Finding, repair: &Repair) -> Value {
    let mut value = match finding {
        Finding::BytesMissing { digest } => {
            json!({"problem": "bytes_missing", "digest": digest.to_string()})
        }
        Finding::WrongSize { digest, expected, actual } => json!({
            "problem": "wrong_size", "digest": digest.to_string(),
            "expected": expected, "actual": actual,
        }),
        Finding::WrongDigest { digest, actual } => json!({
            "problem": "wrong_digest", "digest": digest.to_string(), "actual": actual.to_string(),
        }),
        Finding::Unreadable { digest, cause } => {
            json!({"problem": "unreadable", "digest": digest.to_string(), "cause": cause})
        }
        Finding::Orphan { locator, size, age } => json!({
            "problem": "orphan", "locator": locator, "size": size, "age_seconds": age.as_secs(),
        }),
        Finding::StrayUpload { upload, age } => json!({
            "problem": "stray_upload", "upload": upload.to_string(), "age_seconds": age.as_secs(),
        }),
        Finding::ManifestWrongDigest { repository, digest, actual } => json!({
            "problem": "manifest_wrong_digest", "repository": repository,
            "digest": digest.to_string(), "actual": actual.to_string(),
        }),
        Finding::BlobsMissing { repository, manifest, blobs } => json!({
            "problem": "blobs_missing", "repository": repository, "digest": manifest.to_string(),
            "blobs": blobs.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }),
        Finding::TagWithoutManifest { repository, tag } => json!({
            "problem": "tag_without_manifest", "repository": repository, "tag": tag.to_string(),
        }),
    };
    match repair {
        Repair::None => {}
        Repair::Quarantined(place) => value["quarantined"] = json!(place),
        Repair::Forgotten => value["forgotten"] = json!(true),
        Repair::Removed => value["removed"] = json!(true),
    }
    value
}
