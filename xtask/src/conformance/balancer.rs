//! nginx in front of two nodes, as plain as a balancer can be: each request goes to the next node.

use std::path::Path;
use std::process::Command;

use anyhow::Result;
use tempfile::TempDir;

use crate::run::{found, quietly};
use crate::services::{Daemon, accepts, free_port};

pub struct Balancer {
    _daemon: Daemon,
    pub address: String,
    _home: TempDir,
}

impl Balancer {
    pub fn over(nodes: &[&str]) -> Result<Self> {
        let home = tempfile::tempdir()?;
        let port = free_port()?;
        let file = home.path().join("nginx.conf");
        std::fs::write(&file, settings(home.path(), port, nodes))?;
        let log = home.path().join("log");
        let mut server = Command::new(found("nginx")?);
        server.arg("-p").arg(home.path()).arg("-e").arg(home.path().join("errors"));
        server.arg("-c").arg(&file);
        let mut daemon = Daemon::start(&mut server, &log)?;
        daemon.wait("the balancer answers", &log, || accepts(port))?;
        Ok(Self { _daemon: daemon, address: format!("127.0.0.1:{port}"), _home: home })
    }
}

/// No buffering, no retries: what a node answers is what the client sees.
fn settings(home: &Path, port: u16, nodes: &[&str]) -> String {
    let home = home.display();
    let servers: String = nodes.iter().map(|node| format!("server {node};")).collect();
    format!(
        "daemon off; master_process off; pid {home}/pid;
        events {{ worker_connections 512; }}
        http {{
            access_log off;
            client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;
            fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
            client_max_body_size 0;
            upstream nodes {{ {servers} }}
            server {{
                listen 127.0.0.1:{port};
                location / {{
                    proxy_pass http://nodes;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_request_buffering off;
                    proxy_buffering off;
                    proxy_next_upstream off;
                }}
            }}
        }}"
    )
}

/// A key that both nodes sign and accept tokens with.
pub fn make_key(path: &Path) -> Result<()> {
    let mut openssl = Command::new("openssl");
    openssl.args(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"]);
    quietly(openssl.arg(path)).map(drop)
}
