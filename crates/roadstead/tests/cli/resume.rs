//! A line that breaks: transfers go on where they stopped.

use roadstead_testkit::{Hub, image, noise};

use crate::desk::Machine;
use crate::relay::{Direction, Relay};

const LAYER: usize = 8 << 20;

#[tokio::test]
async fn a_pull_that_is_cut_goes_on_where_it_stopped() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let app = image().layer(noise(7, LAYER)).build();
    let digest = alice.repo("alice/app").push(&app, &["1"]).await;
    let relay = Relay::to(hub.address(), Direction::Down, 2 << 20, 3).await;
    let machine = Machine::new();
    let layout = machine.file("layout");

    let line = format!("pull {}/alice/app:1 --to oci:{}", relay.address, layout.display());
    let pulled = machine.run(&line).await.succeeds();

    assert_eq!(relay.cuts_left(), 0);
    assert!(relay.carried() < LAYER as u64 * 5 / 4, "{} bytes were sent", relay.carried());
    let size = app.manifest.bytes.len();
    let line = format!("oci:{}:1: digest: {digest} size: {size}\n", layout.display());
    assert_eq!(pulled.stdout, line);
    let layer = layout.join("blobs/sha256").join(&app.layers()[0].digest[7..]);
    assert!(std::fs::read(layer).unwrap() == app.layers()[0].bytes);
    assert!(!layout.join("partial").exists());
}

#[tokio::test]
async fn a_later_pull_takes_up_what_an_earlier_one_left() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let app = image().layer(noise(8, LAYER)).build();
    alice.repo("alice/app").push(&app, &["1"]).await;
    let machine = Machine::new();
    let layout = machine.file("layout");
    let to = format!("--to oci:{}", layout.display());
    let dead = Relay::to(hub.address(), Direction::Down, 4 << 20, usize::MAX).await;
    // Every connection ends after 4 MiB, the first with a large part, all later ones with it, too:
    // only what is kept over the runs brings it to its end.
    let part = layout.join("partial").join(&app.layers()[0].digest[7..]);
    std::fs::create_dir_all(part.parent().unwrap()).unwrap();
    std::fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    std::fs::write(&part, &app.layers()[0].bytes[..5 << 20]).unwrap();

    machine.run(&format!("pull {}/alice/app:1 {to}", dead.address)).await.succeeds();

    assert!(dead.carried() < 4 << 20, "{} bytes were sent", dead.carried());
}

#[tokio::test]
async fn what_was_kept_of_something_else_is_thrown_away() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let app = image().layer(noise(9, 100_000)).build();
    alice.repo("alice/app").push(&app, &["1"]).await;
    let machine = Machine::new();
    let layout = machine.file("layout");
    std::fs::create_dir_all(layout.join("partial")).unwrap();
    std::fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let digest = &app.layers()[0].digest;
    std::fs::write(layout.join("partial").join(&digest[7..]), noise(10, 50_000)).unwrap();
    let line = format!("pull {}/alice/app:1 --to oci:{}", hub.address(), layout.display());

    let wrong = machine.run(&line).await.exits(1);

    assert!(wrong.stderr.contains(&format!("what arrived for {digest} has the digest")));
    machine.run(&line).await.succeeds();
}

#[tokio::test]
async fn a_push_that_is_cut_goes_on_where_it_stopped() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let app = image().layer(noise(11, LAYER)).build();
    let relay = Relay::to(hub.address(), Direction::Up, 2 << 20, 3).await;
    let machine = Machine::new();
    let layout = machine.file("layout");
    roadstead_testkit::oci_layout(&layout, &roadstead_testkit::index([app.clone()]), "1");
    let line = format!("login {} -u alice --password-stdin", relay.address);
    machine.tool(&line).input(alice.password.clone()).run().await.succeeds();

    let line = format!("push {}/alice/app:1 --from oci:{}", relay.address, layout.display());
    let pushed = machine.run(&line).await.succeeds();

    assert_eq!(relay.cuts_left(), 0);
    assert!(relay.carried() < LAYER as u64 * 5 / 4, "{} bytes were sent", relay.carried());
    let digest = &app.manifest.digest;
    assert!(pushed.stdout.contains(&format!("digest: {digest}")), "{}", pushed.story());
    let stored = alice.repo("alice/app").blob(&app.layers()[0].digest).await.is(200);
    assert!(*stored.bytes() == app.layers()[0].bytes);
}
