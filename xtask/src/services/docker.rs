//! A docker daemon beside whatever the machine runs: own folders, own socket, no network.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};
use tempfile::TempDir;

use crate::run::found;
use crate::services::Daemon;

pub struct Docker {
    _daemon: Daemon,
    host: String,
    _home: TempDir,
}

impl Docker {
    pub fn start() -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            bail!("the docker daemon of the tests needs root; run `sudo -E cargo xtask test`");
        }
        let home = tempfile::tempdir()?;
        let host = format!("unix://{}", home.path().join("socket").display());
        let mut server = Command::new(found("dockerd")?);
        for (option, name) in
            [("--data-root", "data"), ("--exec-root", "run"), ("--pidfile", "pid")]
        {
            server.arg(option).arg(home.path().join(name));
        }
        // Images only: no container runs, so no bridge and no firewall rules are touched.
        server.args(["-H", &host, "--bridge=none", "--iptables=false"]);
        let log = home.path().join("log");
        let mut daemon = Daemon::start(&mut server, &log)?;
        let docker = found("docker")?;
        daemon.wait("the docker daemon answers", &log, || {
            let mut probe = Command::new(&docker);
            probe.args(["-H", &host, "version"]).stdout(Stdio::null()).stderr(Stdio::null());
            probe.status().is_ok_and(|status| status.success())
        })?;
        Ok(Self { _daemon: daemon, host, _home: home })
    }

    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![("ROADSTEAD_TEST_DOCKER", self.host.clone())]
    }
}
