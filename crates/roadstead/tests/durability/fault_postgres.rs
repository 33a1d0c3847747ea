//! The database goes away and comes back.

use std::time::Duration;

use roadstead_testkit::{Backend, Hub, Tool, eventually, sha256};

use crate::fault::{Away, Before};
use crate::parking::begin_request;
use crate::proxy::{Mode, Proxy};
use crate::servers::Postgres;
use crate::stage::Stage;

/// A hub that reaches its database through the proxy.
async fn hub_behind(proxy: &Proxy, postgres: &Postgres) -> Hub {
    let database = format!("postgres://postgres@{}/hub", proxy.address());
    let server = format!("postgres://postgres@{}/postgres", postgres.address());
    let made = Tool::new("psql").args(["-q", &server, "-c", "CREATE DATABASE hub"]);
    made.run().await.succeeds();
    Hub::with().backend(Backend::Embedded).env("ROADSTEAD_DATABASE", database).start().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_comes_back_is_used_again_without_a_restart() {
    if Backend::chosen() != Backend::Scaled {
        return;
    }
    let mut postgres = Postgres::start().await;
    let proxy = Proxy::before(postgres.address()).await;
    let mut before = Before::on(hub_behind(&proxy, &postgres).await).await;

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

/// The request held the session's lease when the database went, so nothing could give it back.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_request_lost_the_database_goes_on_as_soon_as_that_is_back() {
    if Backend::chosen() != Backend::Scaled {
        return;
    }
    let postgres = Postgres::start().await;
    let proxy = Proxy::before(postgres.address()).await;
    let mut stage = Stage::with(hub_behind(&proxy, &postgres).await).await;
    let whole = stage.bytes(200_000);
    let mut upload = stage.repo.begin_upload().await;
    upload.chunk(whole.slice(..100_000)).await.is(202);
    let (line, rest) = (format!("PATCH {}", upload.location()), whole.slice(100_000..));
    let mut connection = begin_request(&stage, &line, "", &rest, 50_000).await;
    upload.chunk_at(100_000, rest.clone()).await.is(416);
    proxy.set(Mode::Refuse);
    connection.send(&rest[50_000..]).await;
    let head = connection.read_head(20).await;
    assert!(head.starts_with("HTTP/1.1 503"), "{head}");

    proxy.set(Mode::Pass);
    eventually("the session is known", 15, async || {
        (upload.status().await.status() == 204).then_some(())
    })
    .await;

    assert_eq!(upload.offset().await, 100_000);
    upload.chunk_at(100_000, rest).await.is(202);
    upload.finish(&sha256(&whole)).await.is(201);
    assert!(*stage.repo.blob(&sha256(&whole)).await.is(200).bytes() == whole);
}
