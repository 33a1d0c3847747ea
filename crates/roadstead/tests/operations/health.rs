//! `/healthz` and `/readyz`, with everything there and with something away.

use std::time::{Duration, Instant};

use roadstead_testkit::{Backend, Hub, Tool, eventually};

use crate::relay::Relay;

#[tokio::test]
async fn a_hub_with_everything_is_alive_and_ready() {
    let hub = Hub::start().await;

    hub.anonymous().get("/healthz").await.is(200).says("ok");
    let ready = hub.anonymous().get("/readyz").await.is(200);

    assert_eq!(ready.header("cache-control"), "no-store");
    assert_eq!(ready.json()["database"], "ok");
    assert_eq!(ready.json()["store"], "ok");
}

#[tokio::test]
async fn a_store_that_is_away_makes_the_hub_unready_but_not_dead() {
    let hub = Hub::with().backend(Backend::Embedded).start().await;
    let (blobs, aside) = (hub.data_dir().join("blobs"), hub.data_dir().join("aside"));

    std::fs::rename(&blobs, &aside).unwrap();
    let away = hub.anonymous().get("/readyz").await.is(503).json();
    hub.anonymous().get("/healthz").await.is(200);
    std::fs::rename(&aside, &blobs).unwrap();

    assert_eq!((&away["database"], &away["store"]), (&"ok".into(), &"away".into()));
    hub.anonymous().get("/readyz").await.is(200);
}

/// Only with a PostgreSQL server at hand: a SQLite file does not go away.
#[tokio::test]
async fn a_database_that_is_away_is_named_and_the_hub_recovers_by_itself() {
    let Some(server) = postgres() else { return };
    let database = TestDatabase::create(&server).await;
    let relay = Relay::to(&database.address).await;
    let url = database.url_through(relay.address());
    let hub =
        Hub::with().backend(Backend::Embedded).args(["--database", url.as_str()]).start().await;

    relay.cut();
    let asked = Instant::now();
    let away = hub.anonymous().get("/readyz").await.is(503).json();
    let answered_after = asked.elapsed();
    hub.anonymous().get("/healthz").await.is(200);
    relay.mend();
    eventually("ready again", 20, async || {
        (hub.anonymous().get("/readyz").await.status() == 200).then_some(())
    })
    .await;

    assert_eq!((&away["database"], &away["store"]), (&"away".into(), &"ok".into()));
    assert!(answered_after < Duration::from_secs(4), "took {answered_after:?}");
    drop(hub);
    database.remove().await;
}

fn postgres() -> Option<String> {
    let server = std::env::var("ROADSTEAD_TEST_POSTGRES").ok();
    if server.is_none() {
        eprintln!("skipped: ROADSTEAD_TEST_POSTGRES is not set");
    }
    server
}

/// A database that this test may cut off.
struct TestDatabase {
    server: String,
    name: &'static str,
    /// `host:port` of the server.
    address: String,
}

impl TestDatabase {
    async fn create(server: &str) -> Self {
        let name = "operations_away";
        let rest = server.split_once("://").expect("a database URL has a scheme").1;
        let host = rest.split('/').next().unwrap_or_default();
        let address = host.rsplit('@').next().unwrap_or_default().to_owned();
        let this = Self { server: server.to_owned(), name, address };
        this.psql(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        this.psql(&format!("CREATE DATABASE {name}")).await;
        this
    }

    fn url_through(&self, relay: &str) -> String {
        let base = self.server.split('?').next().unwrap_or_default();
        let base = base.rsplit_once('/').expect("a database URL ends in /NAME").0;
        format!("{}/{}", base.replace(&self.address, relay), self.name)
    }

    async fn remove(self) {
        self.psql(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }

    async fn psql(&self, sql: &str) {
        let args = ["-q", "-v", "ON_ERROR_STOP=1", &self.server, "-c", sql];
        Tool::installed("psql").args(args).run().await.succeeds();
    }
}
