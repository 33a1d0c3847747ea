//! The conformance program of `opencontainers/distribution-spec`: how it is asked and understood.
//!
//! Facts are of its commit 967efdc: the variables of `config.go`, and the totals that `junit.go`
//! writes as attributes, where `skipped` counts skips only and `disabled` what was switched off.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::content::Content;
use crate::run::target;
use crate::tally::Tally;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    Stable,
    Dev,
    /// `dev`, with manifests whose parts were never pushed.
    DevSparse,
}

impl Version {
    pub fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Dev => "dev",
            Self::DevSparse => "dev-sparse",
        }
    }
}

pub struct Credentials {
    pub user: &'static str,
    pub password: &'static str,
}

pub struct Program {
    path: PathBuf,
    results: PathBuf,
}

impl Program {
    pub fn new(path: PathBuf) -> Result<Self> {
        let results = target().join("conformance");
        std::fs::create_dir_all(&results)?;
        Ok(Self { path, results })
    }

    /// The whole set, with an account that owns the repositories.
    pub fn run(
        &self,
        name: &str,
        address: &str,
        version: Version,
        credentials: &Credentials,
    ) -> Result<Report> {
        let mut command = self.command(name, address, version);
        command.env("OCI_USERNAME", credentials.user).env("OCI_PASSWORD", credentials.password);
        // 693 checks (stable) to 830 (dev, sparse); far fewer mean that something was left out.
        self.report(name, command, 600)
    }

    /// Reading only, without an account.
    pub fn read_only(
        &self,
        name: &str,
        address: &str,
        version: Version,
        content: &Content,
    ) -> Result<Report> {
        let mut command = self.command(name, address, version);
        // Without this the program trips over data that it did not make because it may not push.
        command.env("OCI_FILTER_TEST", "OCI Conformance Test/read-only");
        for api in ["PUSH", "BLOBS_DELETE", "MANIFESTS_DELETE", "TAGS_DELETE"] {
            command.env(format!("OCI_API_{api}"), "false");
        }
        // It looks for this header in an answer that it did not keep, for manifests it did not push.
        command.env("OCI_API_MANIFESTS_DIGEST_HEADER", "false");
        command.env("OCI_RO_DATA_TAGS", content.tags.join(" "));
        command.env("OCI_RO_DATA_MANIFESTS", content.manifests.join(" "));
        command.env("OCI_RO_DATA_BLOBS", content.blobs.join(" "));
        command.env("OCI_RO_DATA_REFERRERS", content.subjects.join(" "));
        self.report(name, command, 10)
    }

    fn command(&self, name: &str, address: &str, version: Version) -> Command {
        let mut command = Command::new(&self.path);
        command
            .env("OCI_REGISTRY", address)
            .env("OCI_TLS", "disabled")
            .env("OCI_REPO1", "conformance/repo1")
            .env("OCI_REPO2", "conformance/repo2")
            .env("OCI_LOG", "warn")
            .env("OCI_RESULTS_DIR", self.folder(name))
            .env("OCI_VERSION", if version == Version::Stable { "1.1" } else { "dev" })
            .env("OCI_DATA_SPARSE", (version == Version::DevSparse).to_string());
        command
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.results.join(name.replace(' ', "-"))
    }

    fn report(&self, name: &str, mut command: Command, enough: u64) -> Result<Report> {
        let folder = self.folder(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let output = command.output().context("the conformance program cannot be started")?;
        std::fs::write(folder.join("output.txt"), [output.stdout, output.stderr].concat())?;
        let report = read(&folder, enough)?;
        println!("conformance {name}: {} passed, {} wrong", report.passed, report.wrong.len());
        Ok(report)
    }
}

/// What came of one run.
pub struct Report {
    passed: u64,
    /// Names of checks that failed, broke or were skipped.
    wrong: Vec<String>,
    folder: PathBuf,
}

impl Report {
    pub fn into_tally(self, name: &str) -> Tally {
        let mut tally = Tally::default();
        tally.passed = self.passed;
        if !self.wrong.is_empty() {
            let list = self.wrong.join("\n    ");
            let what = format!("conformance {name}, see {}:\n    {list}", self.folder.display());
            tally.fail(self.wrong.len() as u64, what);
        }
        tally
    }
}

fn read(folder: &Path, enough: u64) -> Result<Report> {
    let output = || std::fs::read_to_string(folder.join("output.txt")).unwrap_or_default();
    let xml = std::fs::read_to_string(folder.join("junit.xml")).with_context(output)?;
    let total = attributes(&xml, "<testsuite ").next().context("junit.xml tells its totals")?;
    let number = |name: &str| value(total, name).and_then(|v| v.parse().ok()).unwrap_or(0);
    let (failed, errors, skipped): (u64, u64, u64) =
        (number("failures"), number("errors"), number("skipped"));
    let mut wrong: Vec<_> = attributes(&xml, "<testcase ")
        .filter(|case| {
            value(case, "status") != Some("passed") && !is_disabled(case, number("disabled"))
        })
        .filter_map(|case| Some(format!("{} {}", value(case, "status")?, value(case, "name")?)))
        .collect();
    let counted = failed + errors + skipped;
    while (wrong.len() as u64) < counted {
        wrong.push("a check that the totals count".to_owned());
    }
    let passed = attributes(&xml, "<testcase ").filter(|c| value(c, "status") == Some("passed"));
    let passed = passed.count() as u64;
    if passed < enough {
        wrong.push(format!("only {passed} checks passed, of {enough} expected at least"));
    }
    Ok(Report { passed, wrong, folder: folder.to_owned() })
}

/// The report marks skipped and disabled alike; when it counts any as disabled, those are not ours.
fn is_disabled(case: &str, disabled: u64) -> bool {
    disabled > 0 && value(case, "status") == Some("skipped")
}

/// The text of each start tag that begins with `tag`, up to its end.
fn attributes<'a>(xml: &'a str, tag: &'a str) -> impl Iterator<Item = &'a str> {
    xml.split(tag).skip(1).filter_map(|rest| rest.split('>').next())
}

fn value<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = attributes.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::read;

    fn wrong(body: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("junit.xml"), body).unwrap();
        read(folder.path(), 1).unwrap().wrong
    }

    #[test]
    fn a_skip_is_as_bad_as_a_failure() {
        let report = r#"<testsuites><testsuite name="all" failures="0" errors="0" skipped="1">
            <testcase name="a" status="passed"></testcase>
            <testcase name="b" status="skipped"></testcase></testsuite></testsuites>"#;

        assert_eq!(wrong(report), ["skipped b"]);
    }

    #[test]
    fn a_run_that_checked_nothing_is_no_success() {
        let report = r#"<testsuite name="all" failures="0" errors="0" skipped="0"></testsuite>"#;

        assert_eq!(wrong(report).len(), 1);
    }
}
