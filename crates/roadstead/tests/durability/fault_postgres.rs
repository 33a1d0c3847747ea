//! The database goes away and comes back.

use std::time::Duration;

use roadstead_testkit::{Backend, Hub, Tool};

use crate::fault::{Away, Before};
use crate::proxy::{Mode, Proxy};
use crate::servers::Postgres;

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_comes_back_is_used_again_without_a_restart() {
    if Backend::chosen() != Backend::Scaled {
        return;
    }
    let mut postgres = Postgres::start().await;
    let proxy = Proxy::before(postgres.address()).await;
    let database = format!("postgres://postgres@{}/hub", proxy.address());
    let server = format!("postgres://postgres@{}/postgres", postgres.address());
    let made = Tool::new("psql").args(["-q", &server, "-c", "CREATE DATABASE hub"]);
    made.run().await.succeeds();
    let hub = Hub::with().backend(Backend::Embedded).env("ROADSTEAD_DATABASE", database);
    let mut before = Before::on(hub.start().await).await;

    for mode in [Mode::Refuse, Mode::Hang] {
        println!("{mode:?}");
        proxy.set(mode);
        before.refuses(Away::Database, &[503]).await;
        proxy.set(Mode::Pass);
        before.recovers().await;
    }
    println!("the server stops");
    postgres.stop();
    before.refuses(Away::Database, &[503]).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    postgres.resume().await;
    before.recovers().await;
    before.ends_well().await;
}
