//! TLS by certificate files, and TLS where none is spoken.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use roadstead_testkit::{Hub, Output, Tool, eventually};
use tempfile::TempDir;

/// Certificate and key files that can be replaced.
pub struct Files {
    home: TempDir,
}

impl Files {
    pub async fn new(name: &str) -> Self {
        let files = Self { home: tempfile::tempdir().unwrap() };
        files.issue(name).await;
        files
    }

    fn cert(&self) -> PathBuf {
        self.home.path().join("cert.pem")
    }

    fn key(&self) -> PathBuf {
        self.home.path().join("key.pem")
    }

    /// A new self-signed certificate for this common name, in place of the old one.
    async fn issue(&self, name: &str) {
        let (cert, key) = (self.home.path().join("new.cert"), self.home.path().join("new.key"));
        let subject = format!("/CN={name}");
        let args =
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        let names = ["-days", "30", "-subj", &subject, "-addext", "subjectAltName=IP:127.0.0.1"];
        let out = ["-out", cert.to_str().unwrap(), "-keyout", key.to_str().unwrap()];
        Tool::installed("openssl").args(args).args(names).args(out).run().await.succeeds();
        std::fs::rename(key, self.key()).unwrap();
        std::fs::rename(cert, self.cert()).unwrap();
    }

    pub async fn hub(&self) -> Hub {
        let (cert, key) = (self.cert(), self.key());
        let args = ["--tls-cert", path(&cert), "--tls-key", path(&key)];
        Hub::with().args(args).start().await
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub async fn curl(hub: &Hub, options: &[&str]) -> Output {
    let url = format!("https://{}/healthz", hub.address());
    Tool::installed("curl").args(["-sS", "--max-time", "20"]).args(options).args([url]).run().await
}

/// The common name of the certificate that the server shows.
async fn shown(hub: &Hub) -> String {
    let args = ["s_client", "-connect", hub.address(), "-showcerts"];
    let output = Tool::installed("openssl").args(args).run().await.succeeds();
    let subject =
        output.stdout.lines().find(|line| line.starts_with("subject=")).unwrap_or_default();
    subject.rsplit(['=', ' ']).next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn clients_get_http_2_or_1_1_and_tls_1_2_or_1_3_as_they_ask() {
    let files = Files::new("first").await;
    let hub = files.hub().await;
    assert!(hub.log().contains(&format!("listening on https://{}", hub.address())));
    let cert = files.cert();
    let ca = ["--cacert", path(&cert), "-w", " %{http_version}"];

    curl(&hub, &ca).await.succeeds().says("ok\n 2");
    curl(&hub, &[&ca[..], &["--http1.1"]].concat()).await.succeeds().says("ok\n 1.1");
    curl(&hub, &[&ca[..], &["--tls-max", "1.2"]].concat()).await.succeeds().says("ok");
    curl(&hub, &[&ca[..], &["--tls-max", "1.1"]].concat()).await.fails();
}

#[tokio::test]
async fn a_new_certificate_is_taken_without_a_restart_and_a_broken_one_is_not() {
    let files = Files::new("first").await;
    let hub = files.hub().await;
    assert_eq!(shown(&hub).await, "first");

    files.issue("second").await;
    eventually("the new certificate is shown", 20, async || {
        (shown(&hub).await == "second").then_some(())
    })
    .await;
    std::fs::write(files.cert(), "-----BEGIN CERTIFICATE-----\nhalf a fi").unwrap();
    eventually("the log tells of the broken one", 20, async || {
        hub.log().contains("the old one stays in use").then_some(())
    })
    .await;

    assert_eq!(shown(&hub).await, "second");
    files.issue("third").await;
    eventually("a good one is taken again", 20, async || {
        (shown(&hub).await == "third").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_key_of_another_certificate_keeps_the_server_from_starting() {
    let (one, other) = (Files::new("one").await, Files::new("other").await);
    let (cert, key) = (one.cert(), other.key());

    let said = Hub::with()
        .args(["--tls-cert", path(&cert), "--tls-key", path(&key)])
        .refuses_to_start()
        .await;

    assert!(said.contains("is not the key of"), "{said}");
}

/// dockerd tries TLS first on loopback and waits ten seconds for an answer (docker-client.md 1.3).
#[tokio::test]
async fn a_tls_hello_on_a_plain_port_is_answered_400_and_closed_at_once() {
    let hub = Hub::start().await;
    let hello = [&[0x16, 0x03, 0x01, 0x00, 0xc8, 0x01, 0x00, 0x00, 0xc4][..], &[7; 196]].concat();
    let mut connection = hub.raw().await;

    let started = Instant::now();
    connection.send(&hello).await;
    let answer = connection.read_to_close(5).await;

    assert!(answer.closed && started.elapsed() < Duration::from_secs(1), "{answer:?}");
    // Go tells its user "server gave HTTP response to HTTPS client", and docker falls back.
    assert!(answer.text.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer:?}");
    hub.anonymous().get("/healthz").await.is(200);
}
