//! Where a hub under test keeps its rows and bytes.

use std::path::Path;

use crate::Tool;

const POSTGRES: &str = "ROADSTEAD_TEST_POSTGRES";
const S3_ENDPOINT: &str = "ROADSTEAD_TEST_S3_ENDPOINT";
const S3_BUCKET: &str = "ROADSTEAD_TEST_S3_BUCKET";

/// The pairs of engine and store that every suite runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite and a folder, both in the data directory.
    Embedded,
    /// PostgreSQL and an S3 store, as given by `ROADSTEAD_TEST_POSTGRES` (a URL of a role that may
    /// create databases), `ROADSTEAD_TEST_S3_ENDPOINT` and `ROADSTEAD_TEST_S3_BUCKET`, with
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
    Scaled,
}

impl Backend {
    /// `ROADSTEAD_TEST_BACKEND=embedded|scaled`; embedded when unset.
    pub fn chosen() -> Self {
        match std::env::var("ROADSTEAD_TEST_BACKEND").as_deref() {
            Ok("scaled") => Self::Scaled,
            Ok("embedded") | Err(_) => Self::Embedded,
            Ok(other) => panic!("ROADSTEAD_TEST_BACKEND is `embedded` or `scaled`, not `{other}`"),
        }
    }

    /// `home` is a folder that lives as long as the first hub of the place.
    pub(crate) async fn place(self, home: &Path) -> Place {
        match self {
            Self::Embedded => Place::default(),
            Self::Scaled => scaled_place(home).await,
        }
    }
}

/// Options and environment that point a server at its rows and bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub args: Vec<String>,
    /// Further options that only `serve` knows.
    pub serve_args: Vec<String>,
    pub env: Vec<(String, String)>,
    /// Set for the one hub that made the database.
    pub database: Option<TemporaryDatabase>,
}

impl Place {
    /// The same place for a further node, which does not own it.
    pub fn shared(&self) -> Self {
        Self { database: None, ..self.clone() }
    }
}

async fn scaled_place(home: &Path) -> Place {
    let server = needed(POSTGRES);
    let endpoint = needed(S3_ENDPOINT);
    let bucket = needed(S3_BUCKET);
    let database = TemporaryDatabase::create(&server).await;
    let storage = format!("s3://{bucket}/{}", database.name);
    let args = ["--database", &database.url, "--storage", &storage].map(str::to_owned).to_vec();
    let env = [
        ("ROADSTEAD_S3_ENDPOINT", endpoint.as_str()),
        ("ROADSTEAD_S3_PATH_STYLE", "on"),
        ("ROADSTEAD_S3_ACCESS_KEY_ID", &needed("AWS_ACCESS_KEY_ID")),
        ("ROADSTEAD_S3_SECRET_ACCESS_KEY", &needed("AWS_SECRET_ACCESS_KEY")),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    // One key for all nodes, so that each accepts the tokens of the others.
    let key = home.join("token-key.pem").display().to_string();
    let openssl = Tool::new("openssl").line("genpkey -algorithm EC");
    openssl.line("-pkeyopt ec_paramgen_curve:P-256 -out").args([&key]).run().await.succeeds();
    let serve_args = vec!["--token-key".to_owned(), key];
    Place { args, serve_args, env, database: Some(database) }
}

fn needed(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set; run the tests with `cargo xtask test`"))
}

/// A database of its own for one hub; dropped by `drop_now`.
#[derive(Clone, Debug)]
pub(crate) struct TemporaryDatabase {
    server: String,
    name: String,
    url: String,
}

impl TemporaryDatabase {
    async fn create(server: &str) -> Self {
        let name = format!("hub_{}", uuid::Uuid::new_v4().simple());
        psql(server, &format!("CREATE DATABASE {name}")).run().await.succeeds();
        let base = server.split('?').next().unwrap_or(server);
        let (before, _) = base.rsplit_once('/').expect("a database URL ends in /NAME");
        Self { server: server.to_owned(), url: format!("{before}/{name}"), name }
    }

    /// Blocking, because it runs while a hub is dropped.
    pub fn drop_now(&self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = std::process::Command::new("psql").args(["-q", &self.server, "-c", &sql]).output();
    }
}

fn psql(server: &str, sql: &str) -> Tool {
    Tool::new("psql").args(["-q", "-v", "ON_ERROR_STOP=1", server, "-c", sql])
}

/// The program under test: `ROADSTEAD_BIN`, or the one cargo built beside this test.
pub(crate) fn program() -> std::path::PathBuf {
    if let Some(path) = std::env::var_os("ROADSTEAD_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().expect("a running test has a path");
    let profile = test.parent().and_then(Path::parent).expect("tests lie in target/PROFILE/deps");
    let program = profile.join("roadstead");
    assert!(program.exists(), "{} is missing; build it or set ROADSTEAD_BIN", program.display());
    program
}
