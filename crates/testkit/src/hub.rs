//! A running server: started, watched, stopped, killed, restarted.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::backend::{Backend, Place, program};
use crate::client::Client;
use crate::people::User;
use crate::raw::RawConnection;
use crate::tool::{Tool, own_settings};

/// Long, because two cores may be busy linking the next test.
const START_SECONDS: u64 = 60;

/// How a hub is to be started.
#[derive(Debug, Default)]
pub struct HubBuilder {
    backend: Option<Backend>,
    place: Option<Place>,
    args: Vec<String>,
    env: Vec<(String, String)>,
    data_dir: Option<PathBuf>,
}

impl HubBuilder {
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = Some(backend);
        self
    }

    /// Options of `roadstead serve`, as words.
    pub fn args<S: Into<String>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Uses this directory and leaves it alone afterwards, instead of a temporary one.
    pub fn data_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.data_dir = Some(dir.into());
        self
    }

    /// A further node on the rows and bytes of `first`, which must be [`Backend::Scaled`].
    pub fn joining(mut self, first: &Hub) -> Self {
        assert!(!first.place.args.is_empty(), "only a scaled hub can have a second node");
        self.place = Some(first.place.shared());
        self
    }

    /// Starts the program and waits until it says that it is ready.
    pub async fn start(self) -> Hub {
        let mut hub = self.prepare().await;
        hub.launch().await;
        hub
    }

    /// Starts the program and expects it to refuse; returns what it wrote.
    pub async fn refuses_to_start(self) -> String {
        let mut hub = self.prepare().await;
        hub.spawn("127.0.0.1:0");
        let deadline = Instant::now() + Duration::from_secs(START_SECONDS);
        while hub.is_running() {
            assert!(!hub.address_file().exists(), "it started:\n{}", hub.log());
            assert!(Instant::now() < deadline, "neither started nor refused:\n{}", hub.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        hub.log()
    }

    async fn prepare(self) -> Hub {
        let backend = self.backend.unwrap_or_else(Backend::chosen);
        let home = tempfile::tempdir().expect("a temporary directory can be made");
        let place = match self.place {
            Some(place) => place,
            None => backend.place(home.path()).await,
        };
        let data_dir = self.data_dir.unwrap_or_else(|| home.path().join("data"));
        let mut args = self.args;
        // Most tests are not about limits; those that are say what holds.
        for limit in ["--private-repositories", "--api-limit"] {
            if !args.iter().any(|arg| arg == limit) {
                args.extend([limit.to_owned(), "unlimited".to_owned()]);
            }
        }
        Hub { home, data_dir, place, args, env: self.env, address: None, child: None }
    }
}

/// A server with a data directory of its own. Dropping it kills the server and removes everything.
#[derive(Debug)]
pub struct Hub {
    home: TempDir,
    data_dir: PathBuf,
    place: Place,
    args: Vec<String>,
    env: Vec<(String, String)>,
    address: Option<String>,
    child: Option<Child>,
}

impl Hub {
    /// A hub with every default, on [`Backend::chosen`].
    pub async fn start() -> Self {
        Self::with().start().await
    }

    pub fn with() -> HubBuilder {
        HubBuilder::default()
    }

    /// `127.0.0.1:PORT`; stays the same over restarts.
    pub fn address(&self) -> &str {
        self.address.as_deref().expect("a started hub has an address")
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The database of this hub, as `--database` takes it, for what no interface tells.
    pub fn database_url(&self) -> String {
        match &self.place.args[..] {
            [] => format!("sqlite:{}", self.data_dir.join("roadstead.db").display()),
            [_, url, ..] => url.clone(),
            [_] => unreachable!("an option has a value"),
        }
    }

    /// A directory that goes away with the hub, for files of the test.
    pub fn scratch(&self) -> PathBuf {
        let dir = self.home.path().join("scratch");
        std::fs::create_dir_all(&dir).expect("a temporary directory can be made");
        dir
    }

    /// Everything the server wrote to standard output and error, over all its lives.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.log_file()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub fn anonymous(&self) -> Client {
        Client::new(self.url())
    }

    /// A client that sends this text as `Authorization: Bearer`.
    pub fn token(&self, token: &str) -> Client {
        self.anonymous().with_bearer(token)
    }

    /// Makes a verified account and returns the person.
    pub async fn user(&self, name: &str) -> User {
        User::create(self, name, &["--verified"]).await
    }

    /// Makes an administrator.
    pub async fn admin_user(&self, name: &str) -> User {
        User::create(self, name, &["--verified", "--admin"]).await
    }

    /// Makes an account whose e-mail address was never verified.
    pub async fn unverified_user(&self, name: &str) -> User {
        User::create(self, name, &[]).await
    }

    /// `roadstead admin WORDS..` on this hub's data, not yet run.
    pub fn admin(&self, words: &str) -> Tool {
        self.command("admin", words)
    }

    /// `roadstead COMMAND WORDS..` with this hub's data, not yet run.
    pub fn command(&self, command: &str, words: &str) -> Tool {
        let mut tool = Tool::new(program()).args([command]).line(words);
        tool = tool.args(["--data-dir".as_ref(), self.data_dir.as_os_str()]).args(&self.place.args);
        for (name, value) in self.place.env.iter().chain(&self.env) {
            tool = tool.env(name, value);
        }
        tool
    }

    /// A TCP connection to the server, for requests no HTTP client would send.
    pub async fn raw(&self) -> RawConnection {
        RawConnection::open(self.address()).await
    }

    /// SIGTERM, then waits for the end; returns whether it ended with status 0.
    pub async fn stop(&mut self) -> bool {
        let child = self.child.as_ref().expect("the server runs");
        send(child, Signal::TERM);
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.is_running() {
            assert!(Instant::now() < deadline, "SIGTERM was not obeyed:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let mut child = self.child.take().expect("the server ran");
        child.wait().is_ok_and(|status| status.success())
    }

    /// SIGKILL: the server gets no chance to tidy up.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts again on the same data and the same address.
    pub async fn restart(&mut self) {
        self.kill();
        self.launch().await;
    }

    /// Changes the environment for the next start.
    pub fn set_env(&mut self, name: &str, value: &str) {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.to_owned()));
    }

    /// Whether the process is there; a server that ended by itself (a fault point) is not.
    pub fn is_running(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Waits for a server that ends by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.is_running() {
            assert!(Instant::now() < deadline, "the server did not end:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut child = self.child.take().expect("the server ran");
        child.wait().expect("an ended child has a status")
    }

    /// The process id, for a look into /proc.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("the server runs").id()
    }

    /// Sends any signal to the server.
    pub fn signal(&self, signal: Signal) {
        send(self.child.as_ref().expect("the server runs"), signal);
    }

    async fn launch(&mut self) {
        let listen = self.address.clone().unwrap_or_else(|| "127.0.0.1:0".to_owned());
        let _ = std::fs::remove_file(self.address_file());
        self.spawn(&listen);
        let deadline = Instant::now() + Duration::from_secs(START_SECONDS);
        loop {
            if let Some(address) = self.read_address() {
                self.address = Some(address);
                return;
            }
            assert!(self.is_running(), "the server ended at once:\n{}", self.log());
            assert!(Instant::now() < deadline, "the server is not ready:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn spawn(&mut self, listen: &str) {
        let log = File::options().create(true).append(true).open(self.log_file());
        let log = log.expect("a log file can be made");
        let mut command = Command::new(program());
        for name in own_settings() {
            command.env_remove(name);
        }
        command.args(["serve", "--listen", listen]).arg("--data-dir").arg(&self.data_dir);
        command.args(&self.place.args).args(&self.place.serve_args).args(&self.args);
        command.envs(self.place.env.iter().chain(&self.env).map(|(name, value)| (name, value)));
        command.current_dir(self.home.path()).stdin(Stdio::null());
        command.stderr(log.try_clone().expect("a log file can be shared")).stdout(log);
        self.child = Some(command.spawn().expect("the server can be started"));
    }

    fn read_address(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.address_file()).ok()?;
        let address = text.trim();
        (!address.is_empty()).then(|| address.to_owned())
    }

    /// Written by the server once it answers.
    fn address_file(&self) -> PathBuf {
        self.data_dir.join("address")
    }

    fn log_file(&self) -> PathBuf {
        self.home.path().join("server.log")
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<_> = log.lines().rev().take(60).collect();
            eprintln!("--- the end of the server's log");
            tail.iter().rev().for_each(|line| eprintln!("{line}"));
        }
        if let Some(database) = &self.place.database {
            database.drop_now();
        }
    }
}

fn send(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    kill_process(pid.expect("a child has a positive id"), signal)
        .expect("the server can be signalled");
}
