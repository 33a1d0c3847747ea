//! Roadstead as it is started by anybody: defaults, a folder, and SQLite or a PostgreSQL URL.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::access::{PASSWORD, USER};
use super::{Launch, Postgres, Tls, guarded};

pub fn launch(
    program: &Path,
    dir: &Path,
    addr: SocketAddr,
    tls: Option<&Tls>,
    database: Option<Postgres>,
) -> Launch {
    let mut command = guarded(program);
    command.arg("serve").arg("--listen").arg(addr.to_string());
    command.arg("--data-dir").arg(dir.join("data"));
    if let Some(database) = &database {
        command.arg("--database").arg(database.url());
    }
    if let Some(tls) = tls {
        command.arg("--tls-cert").arg(&tls.certificate).arg("--tls-key").arg(&tls.key);
    }
    Launch { command, ready_path: "/healthz", database }
}

/// On what `cargo xtask seed` filled.
pub fn launch_seeded(program: &Path, dir: &Path, addr: SocketAddr, seeded: &str) -> Launch {
    let mut command = guarded(program);
    command.arg("serve").arg("--listen").arg(addr.to_string());
    match seeded.contains("://") {
        true => command.arg("--database").arg(seeded).arg("--data-dir").arg(dir.join("data")),
        false => command.arg("--data-dir").arg(seeded),
    };
    Launch { command, ready_path: "/healthz", database: None }
}

pub fn create_account(program: &Path, dir: &Path, database: Option<&str>) -> Result<()> {
    let mut command = Command::new(program);
    command.args(["admin", "user", "create", USER, "--email", "bench@example.org"]);
    command.args(["--password-stdin", "--verified", "--data-dir"]).arg(dir.join("data"));
    if let Some(url) = database {
        command.arg("--database").arg(url);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    let mut input = child.stdin.take().context("the child has no standard input")?;
    writeln!(input, "{PASSWORD}")?;
    drop(input);
    ensure!(child.wait()?.success(), "the account could not be created");
    Ok(())
}
