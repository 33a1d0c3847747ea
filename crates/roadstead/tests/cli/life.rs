//! Repositories and tags over their life: starred, moved, deleted, brought back.

use roadstead_testkit::{Hub, image};

use crate::desk::Machine;

#[tokio::test]
async fn a_tag_is_listed_followed_back_and_deleted() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let repo = alice.repo("alice/app");
    let first = repo.push(&image().file("v", "1").build(), &["1.0"]).await;
    let second = repo.push(&image().file("v", "2").build(), &["1.0"]).await;
    let machine = Machine::of(&hub, &alice).await;

    let listed = machine.run("tag ls alice/app").await.exits(0).stdout;
    let cells: Vec<&str> = listed.trim_end().split('\t').collect();
    assert_eq!(cells[..2], ["1.0", &second[7..19]], "{listed}");
    let moves = machine.run("tag history alice/app:1.0").await.exits(0).stdout;
    let moves: Vec<Vec<&str>> = moves.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!((moves[0][0], moves[0][1], moves[0][3]), (&*second, &*first, "alice"));
    assert_eq!((moves[1][0], moves[1][1]), (&*first, ""));
    let back = machine.run(&format!("tag restore alice/app:1.0 {first}")).await.exits(0);
    assert_eq!(back.stdout, format!("alice/app:1.0 points at {first} again\n"));
    let shown = machine.run("tag inspect alice/app:1.0").await.exits(0).says(&first);
    assert!(shown.stdout.contains("Platforms: linux/amd64\n"), "{}", shown.story());
    machine.run("tag rm alice/app:1.0").await.exits(2).says("give --yes");
    let gone = machine.run("tag rm alice/app:1.0 --yes").await.exits(0);
    assert_eq!(gone.stdout, "alice/app:1.0 was deleted\n");
    machine.run("tag inspect alice/app:1.0").await.exits(5);
    machine.run("tag inspect alice/app").await.exits(2).says("write `alice/app:TAG`");
}

#[tokio::test]
async fn a_repository_is_starred_renamed_deleted_and_restored() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let digest = alice.repo("alice/app").push(&image().build(), &["1.0"]).await;
    let machine = Machine::of(&hub, &alice).await;

    machine.run("repo star alice/app").await.exits(0).says("alice/app is starred");
    machine.run("repo view alice/app").await.exits(0).says("Stars:        1");
    machine.run("repo unstar alice/app").await.exits(0).says("alice/app is no longer starred");
    let renamed = machine.run("repo rename alice/app apple").await.exits(0);
    assert_eq!(renamed.stdout, "alice/app is alice/apple now; alice/app keeps pulling\n");
    assert_eq!(machine.run("repo ls -q").await.exits(0).stdout, "alice/apple\n");
    machine.run("repo rm alice/apple --yes").await.exits(0);
    alice.repo("alice/apple").manifest("1.0").await.is(404);
    let restored = machine.run("repo restore alice/apple").await.exits(0);

    assert_eq!(restored.stdout, "alice/apple was restored\n");
    let stored = alice.repo("alice/apple").head_manifest("1.0").await.is(200);
    assert_eq!(stored.header("docker-content-digest"), digest);
    machine.run("repo restore alice/apple").await.exits(5).says("no alice/apple in the trash");
}
