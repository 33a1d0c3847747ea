//! A real mail server (aiosmtpd) that keeps what it is given.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::tool::Tool;
use crate::{eventually, hub::HubBuilder};

/// Debian's interpreter, the one that Debian's packages install for.
const PYTHON: &str = "/usr/bin/python3";
const PROGRAM: &str = include_str!("mail_server.py");

pub const MAIL_USER: &str = "hub";
pub const MAIL_PASSWORD: &str = "sail & anchor";

/// What the server demands of its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailPolicy {
    /// Takes anything in the clear.
    Plain,
    /// STARTTLS, then [`MAIL_USER`].
    StartTls,
    /// TLS from the first byte, then [`MAIL_USER`].
    ImplicitTls,
}

/// The server; ends when dropped.
#[derive(Debug)]
pub struct MailServer {
    home: TempDir,
    policy: MailPolicy,
    port: u16,
    child: Option<Child>,
}

/// A message as the server took it.
#[derive(Clone, Debug)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub is_encrypted: bool,
    pub user: Option<String>,
    pub headers: BTreeMap<String, String>,
    pub text: String,
    pub html: String,
}

impl MailServer {
    pub async fn start(policy: MailPolicy) -> Self {
        let home = tempfile::tempdir().expect("a temporary directory can be made");
        let mut server = Self { home, policy, port: 0, child: None };
        server.make_certificate().await;
        server.launch().await;
        server
    }

    /// Starts again on the same port, after [`MailServer::stop`].
    pub async fn launch(&mut self) {
        let tls = match self.policy {
            MailPolicy::Plain => "off",
            MailPolicy::StartTls => "starttls",
            MailPolicy::ImplicitTls => "implicit",
        };
        let user = (self.policy != MailPolicy::Plain).then_some(MAIL_USER);
        let config = json!({
            "tls": tls, "certificate": self.certificate(), "key": self.file("key.pem"),
            "user": user, "password": MAIL_PASSWORD, "port": self.port,
        });
        let _ = std::fs::remove_dir_all(self.folder());
        std::fs::create_dir(self.folder()).expect("a temporary directory can be made");
        let mut command = Command::new(PYTHON);
        command.args(["-c", PROGRAM]).arg(self.folder()).arg(config.to_string());
        let log = std::fs::File::create(self.file("log")).expect("a log file can be made");
        let child = command.stdin(Stdio::null()).stderr(log).spawn();
        let child = child.expect("Python starts; `cargo xtask test` installs the mail server");
        self.child = Some(child);
        self.port = eventually("the mail server answers", 30, async || {
            std::fs::read_to_string(self.folder().join("port")).ok()?.parse().ok()
        })
        .await;
    }

    /// Ends it; what it was given is lost.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The value of `smtp-url` that fits.
    pub fn url(&self) -> String {
        let credentials = "hub:sail%20%26%20anchor@";
        match self.policy {
            MailPolicy::Plain => format!("smtp://localhost:{}", self.port),
            MailPolicy::StartTls => {
                format!("smtp://{credentials}localhost:{}?tls=required", self.port)
            }
            MailPolicy::ImplicitTls => format!("smtps://{credentials}localhost:{}", self.port),
        }
    }

    /// Has a hub send its letters here.
    pub fn used_by(&self, hub: HubBuilder) -> HubBuilder {
        let hub = hub.env("ROADSTEAD_SMTP_URL", self.url());
        hub.env("SSL_CERT_FILE", self.certificate().display().to_string())
    }

    /// The certificate, which nobody but its owner vouches for.
    pub fn certificate(&self) -> PathBuf {
        self.file("certificate.pem")
    }

    /// Lets recipients in who were put off or refused; see the program.
    pub fn open(&self) {
        std::fs::write(self.folder().join("open"), "").expect("the folder can be written");
    }

    /// Whether it has noted this; see the program.
    pub fn has_noted(&self, what: &str) -> bool {
        self.folder().join(what).exists()
    }

    /// Everything it was given, in order.
    pub fn mails(&self) -> Vec<Mail> {
        let entries = std::fs::read_dir(self.folder().join("mails")).into_iter().flatten();
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_none());
        paths.sort();
        paths.iter().map(|path| Mail::read(path)).collect()
    }

    /// The first message to an address, awaited.
    pub async fn mail_to(&self, address: &str) -> Mail {
        self.mails_to(address, 1).await.remove(0)
    }

    /// The messages to an address, once there are so many.
    pub async fn mails_to(&self, address: &str, count: usize) -> Vec<Mail> {
        eventually(&format!("{count} mails to {address}"), 30, async || {
            let mut mails = self.mails();
            mails.retain(|mail| mail.to == [address]);
            (mails.len() >= count).then_some(mails)
        })
        .await
    }

    fn folder(&self) -> PathBuf {
        self.file("server")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    async fn make_certificate(&self) {
        let (cert, key) = (self.certificate(), self.file("key.pem"));
        let line = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
                    -subj /CN=localhost -addext subjectAltName=DNS:localhost \
                    -addext basicConstraints=critical,CA:FALSE";
        let openssl = Tool::installed("openssl").line(line);
        let out = ["-out".as_ref(), cert.as_os_str(), "-keyout".as_ref(), key.as_os_str()];
        openssl.args(out).run().await.succeeds();
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Mail {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a message can be read");
        let value: Value = serde_json::from_str(&text).expect("a message is JSON");
        let word = |name: &str| value[name].as_str().map(str::to_owned);
        let strings = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let headers = value["headers"].as_object().expect("a message has headers");
        Self {
            from: word("from").expect("a message has a sender"),
            to: value["to"].as_array().into_iter().flatten().map(strings).collect(),
            is_encrypted: value["encrypted"] == true,
            user: word("user"),
            headers: headers.iter().map(|(name, value)| (name.clone(), strings(value))).collect(),
            text: word("text").expect("a message has a text"),
            html: word("html").expect("a message has HTML"),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The one link of the message.
    #[track_caller]
    pub fn link(&self) -> &str {
        let mut links = self.text.lines().filter(|line| line.starts_with("http"));
        match (links.next(), links.next()) {
            (Some(link), None) => link,
            _ => panic!("not one link:\n{}", self.text),
        }
    }
}
