//! Brings a Debian machine to where the tests can run: packages, Go programs, cargo programs.
//!
//! It installs what is missing and nothing else, says each command before running it, and needs
//! root for packages only. Versions are pinned, so that a test fails for our reasons alone.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::run::{cargo, command, find, quietly, visibly};

/// A program, and the Debian package it comes in.
const PACKAGES: &[(&str, &str)] = &[
    ("docker", "docker.io"),
    ("dockerd", "docker.io"),
    ("containerd", "containerd"),
    ("ctr", "containerd"),
    ("runc", "runc"),
    ("crun", "crun"),
    ("skopeo", "skopeo"),
    ("podman", "podman"),
    ("buildah", "buildah"),
    ("newuidmap", "uidmap"),
    ("iptables", "iptables"),
    ("psql", "postgresql-client"),
    ("pg_createcluster", "postgresql"),
    ("nginx", "nginx-light"),
    ("curl", "curl"),
    ("openssl", "openssl"),
    ("aiosmtpd", "python3-aiosmtpd"),
    ("python3", "python3-venv"),
    ("setpriv", "util-linux"),
];

/// What the tests in a browser need beyond that. Debian's Node.js is taken where there is none.
const BROWSER_PACKAGES: &[(&str, &str)] =
    &[("chromium", "chromium"), ("node", "nodejs"), ("npm", "npm")];

const CRANE: &str = "github.com/google/go-containerregistry/cmd/crane@v0.20.6";
/// Commit 967efdc of 2026-07-16: the program that replaced the Ginkgo suite. It has no release.
pub const CONFORMANCE: &str =
    "github.com/opencontainers/distribution-spec/conformance@v0.0.0-20260716174315-967efdc079b9";
/// 0.17 needs a newer compiler than this workspace pins.
const S3_SERVER: &str = "s3s-fs --version 0.14.1 --features binary --locked";
const CARGO_DENY: &str = "cargo-deny --version 0.20.2 --locked";
const CARGO_FUZZ: &str = "cargo-fuzz --version 0.13.2 --locked";

/// What `cargo xtask test` needs.
pub fn for_tests() -> Result<()> {
    packages(PACKAGES)?;
    go_program("crane", CRANE)?;
    cargo_program("s3s-fs", S3_SERVER)
}

/// What `cargo xtask ci` needs beyond that, the conformance program excepted.
pub fn for_ci() -> Result<()> {
    for_tests()?;
    cargo_program("cargo-deny", CARGO_DENY)?;
    for_fuzzing()
}

/// What `cargo xtask browser` needs, what npm brings excepted.
pub fn for_browser() -> Result<()> {
    packages(BROWSER_PACKAGES)
}

/// cargo-fuzz and the nightly compiler whose sanitizers it uses.
pub fn for_fuzzing() -> Result<()> {
    cargo_program("cargo-fuzz", CARGO_FUZZ)?;
    let toolchains = quietly(&mut command("rustup", "toolchain list"))?;
    if toolchains.lines().any(|line| line.starts_with("nightly")) {
        return Ok(());
    }
    visibly(&mut command("rustup", "toolchain install nightly --profile minimal"))
}

/// The program named by `OCI_CONFORMANCE`, else the one that `go install` makes.
pub fn conformance_program() -> Result<std::path::PathBuf> {
    if let Some(path) = std::env::var_os("OCI_CONFORMANCE") {
        return Ok(path.into());
    }
    go_program("conformance", CONFORMANCE)
        .context("name a ready-made program in OCI_CONFORMANCE if the module cannot be had")?;
    find("conformance").context("`go install` did not make `conformance` where it was looked for")
}

fn packages(wanted: &[(&str, &str)]) -> Result<()> {
    let mut missing: Vec<_> =
        wanted.iter().filter(|(program, _)| find(program).is_none()).collect();
    missing.dedup_by_key(|(_, package)| *package);
    let mut names: Vec<_> = missing.iter().map(|(_, package)| *package).collect();
    if !Path::new("/etc/ssl/certs/ca-certificates.crt").exists() {
        names.push("ca-certificates");
    }
    if names.is_empty() {
        return Ok(());
    }
    let line = format!("apt-get install -y --no-install-recommends {}", names.join(" "));
    if !rustix::process::geteuid().is_root() {
        bail!(
            "these packages are missing, and installing them needs root. Run\n\n  \
             sudo sh -c 'apt-get update && DEBIAN_FRONTEND=noninteractive {line}'\n\nand try again"
        );
    }
    println!("xtask: installing Debian packages that the tests need: {}", names.join(", "));
    visibly(&mut quiet_apt("apt-get update -q"))?;
    visibly(&mut quiet_apt(&line))
}

fn quiet_apt(line: &str) -> Command {
    let (program, rest) = line.split_once(' ').expect("apt-get is given something to do");
    let mut apt = command(program, rest);
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

fn go_program(program: &str, module: &str) -> Result<()> {
    if find(program).is_some() {
        return Ok(());
    }
    let go = find("go").context(
        "`go` is missing; it builds the registry clients that Debian does not package. Install \
         Go 1.24 or newer from https://go.dev/dl and put it into PATH",
    )?;
    println!("xtask: installing {program}, a client the tests use");
    visibly(Command::new(go).args(["install", module]))
}

fn cargo_program(program: &str, line: &str) -> Result<()> {
    if find(program).is_some() {
        return Ok(());
    }
    println!("xtask: installing {program}; this compiles it and takes some minutes");
    let mut install = cargo(&format!("install --quiet {line}"));
    // Inside `cargo xtask` these would make the other program's build use our folders.
    install.env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS");
    visibly(&mut install)
}
