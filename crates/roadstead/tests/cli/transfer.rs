//! `push`, `pull`, `cp`: between registries, files and the engine, read by other programs.

use roadstead_testkit::{Hub, image, index, media, noise, oci_layout};
use serde_json::Value;

use crate::desk::Machine;

#[tokio::test]
async fn skopeo_reads_the_layout_we_wrote() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let app = image().file("hello", "world").build();
    let digest = alice.repo("alice/app").push(&app, &["1.0"]).await;
    let machine = Machine::of(&hub, &alice).await;
    let layout = machine.file("layout");

    let line = format!("pull alice/app:1.0 --to oci:{}", layout.display());
    let pulled = machine.run(&line).await.succeeds();
    let again = machine.run(&line).await.succeeds();

    let layer = &app.layers()[0].digest[7..19];
    assert!(pulled.stderr.contains(&format!("{layer}: Pulled\n")), "{}", pulled.story());
    assert!(again.stderr.contains(&format!("{layer}: Already exists\n")), "{}", again.story());
    let inspected = machine.skopeo(&format!("inspect oci:{}:1.0", layout.display())).run().await;
    let inspected: Value = serde_json::from_str(&inspected.succeeds().stdout).unwrap();
    assert_eq!(inspected["Digest"], digest);
    let packed = machine.file("packed.tar");
    let line = format!("cp oci:{} oci-archive:{}:x", layout.display(), packed.display());
    machine.run(&line).await.succeeds();
    let line = format!("inspect oci-archive:{}:x", packed.display());
    let inspected = machine.skopeo(&line).run().await.succeeds();
    assert!(inspected.stdout.contains(&digest));
    let line = format!("push alice/back:2 --from oci-archive:{}:x -q", packed.display());
    assert_eq!(machine.run(&line).await.succeeds().stdout, format!("{digest}\n"));
}

#[tokio::test]
async fn an_archive_of_skopeo_is_pushed_and_ours_is_read_by_skopeo() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().docker().file("a", "a").build(), &["1"]).await;
    let machine = Machine::of(&hub, &alice).await;
    let theirs = machine.file("theirs.tar");
    let line = format!(
        "copy --src-tls-verify=false docker://{}/alice/app:1 docker-archive:{}:some/name:x",
        hub.address(),
        theirs.display()
    );
    machine.skopeo(&line).run().await.succeeds();

    let line = format!("push alice/two:1 --from docker-archive:{} --format json", theirs.display());
    let pushed = machine.run(&line).await.succeeds();
    let ours = machine.file("ours.tar");
    let line = format!("pull alice/two:1 --to docker-archive:{}:some/name", ours.display());
    machine.run(&line).await.succeeds();

    let pushed: Value = serde_json::from_str(&pushed.stdout).unwrap();
    assert_eq!(pushed["name"], format!("{}/alice/two:1", hub.address()));
    let stored = alice.repo("alice/two").manifest("1").await.is(200).json();
    let first = alice.repo("alice/app").manifest("1").await.is(200).json();
    assert_eq!(stored["config"]["digest"], first["config"]["digest"], "the image is the same");
    let layers = |file: &std::path::Path| {
        machine.skopeo(&format!("inspect docker-archive:{}:some/name:1", file.display())).run()
    };
    let read = layers(&ours).await.succeeds();
    assert!(read.stdout.contains("\"Layers\""), "{}", read.story());
}

#[tokio::test]
async fn a_broken_archive_is_not_pushed() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let machine = Machine::of(&hub, &alice).await;
    let mut app = image().docker().file("a", "a").build();
    let right = app.blobs[1].digest.clone();
    app.blobs[1].bytes = noise(4, 2048);
    let archive = machine.archive("app:1", &app);

    let line = format!("push alice/app:1 --from docker-archive:{}", archive.display());
    let refused = machine.run(&line).await.exits(1);

    assert!(refused.stderr.contains(&format!("not {right}")), "{}", refused.story());
    alice.repo("alice/app").manifest("1").await.is(404);
}

#[tokio::test]
async fn an_image_for_many_platforms_stays_whole_unless_one_is_chosen() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let platforms = ["amd64", "arm64"]
        .map(|architecture| image().architecture(architecture).file("arch", architecture).build());
    let arm = platforms[1].manifest.digest.clone();
    let index = index(platforms);
    let machine = Machine::of(&hub, &alice).await;
    let layout = machine.file("layout");
    oci_layout(&layout, &index, "multi");

    let from = format!("--from oci:{}:multi", layout.display());
    machine.run(&format!("push alice/multi:1 {from}")).await.succeeds();
    let one =
        machine.run("cp alice/multi:1 alice/arm:1 --platform linux/arm64 -q").await.succeeds();
    let none = machine.run("cp alice/multi:1 alice/arm:2 --platform linux/s390x").await.exits(5);

    let stored = alice.repo("alice/multi").manifest("1").await.is(200);
    assert_eq!(stored.header("docker-content-digest"), index.manifest.digest);
    assert_eq!(stored.header("content-type"), media::OCI_INDEX);
    assert_eq!(one.stdout, format!("{arm}\n"));
    assert_eq!(
        none.stderr,
        "error: the image is not there for linux/s390x; it is for linux/amd64, linux/arm64\n"
    );
}

#[tokio::test]
async fn a_copy_within_a_hub_moves_no_bytes() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let app = image().file("a", "a").build();
    alice.repo("alice/app").push(&app, &["1", "2"]).await;
    let machine = Machine::of(&hub, &alice).await;

    let copied = machine.run("cp alice/app alice/all -a").await.succeeds();

    assert!(copied.stderr.contains(": Mounted from alice/app\n"), "{}", copied.story());
    let digest = &app.manifest.digest;
    let size = app.manifest.bytes.len();
    let line = |tag| format!("{}/alice/all:{tag}: digest: {digest} size: {size}\n", hub.address());
    assert_eq!(copied.stdout, line("1") + &line("2"));
}

#[tokio::test]
async fn the_engine_gives_and_takes_images() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let machine = Machine::of(&hub, &alice).await;
    let app = image().docker().file("engine", hub.address()).build();
    let name = format!("{}/alice/app", hub.address());
    let archive = roadstead_testkit::docker_archive(&app, &[&format!("{name}:1")]);
    machine.docker("load").input(archive).run().await.succeeds();
    machine.docker(&format!("tag {name}:1 {name}:2")).run().await.succeeds();

    machine.run("push alice/app -a").await.succeeds();
    machine.docker(&format!("rmi -f {name}:1 {name}:2")).run().await.succeeds();
    machine.run("pull alice/app:2").await.succeeds().says("Loading into the engine");

    let id = machine.docker(&format!("image inspect -f {{{{.Id}}}} {name}:2")).run().await;
    assert_eq!(id.succeeds().stdout.trim(), app.config().digest);
    machine.docker(&format!("pull {name}:1")).run().await.succeeds();
    machine.docker(&format!("rmi -f {name}:1 {name}:2")).run().await.succeeds();
}

#[tokio::test]
async fn what_is_missing_or_refused_is_told() {
    let hub = Hub::start().await;
    let (alice, mallory) = (hub.user("alice").await, hub.user("mallory").await);
    let app = image().file("a", "a").build();
    alice.repo("alice/app").push(&app, &["1"]).await;
    let machine = Machine::of(&hub, &mallory).await;
    let layout = machine.file("layout");
    let to = format!("--to oci:{}", layout.display());

    let missing = machine.run(&format!("pull alice/app:9 {to}")).await.exits(5);
    let expected = format!("error: there is no image {}/alice/app:9\n", hub.address());
    assert_eq!(missing.stderr, expected);
    assert!(!layout.exists());
    machine.run(&format!("pull alice/app:1 {to}")).await.succeeds();
    let foreign = machine.run(&format!("push alice/app:2 --from oci:{}", layout.display())).await;
    assert!(foreign.exits(4).stderr.contains("error: requested access to the resource is denied"));
    let full = machine.file("full");
    machine.write("full/file", "x");
    let full = machine.run(&format!("pull alice/app:1 --to oci:{}", full.display())).await.exits(2);
    assert!(full.stderr.contains("is neither empty nor an OCI image layout"), "{}", full.story());
    let name = machine.run("pull alice/App").await.exits(2);
    assert_eq!(name.stderr, "error: `alice/App`: the repository's name must be lower case\n");
    let alone = machine.tool("pull alice/app:1").env("DOCKER_HOST", "unix:///nowhere").run().await;
    assert!(alone.exits(1).stderr.contains("/nowhere cannot be reached"));
}
