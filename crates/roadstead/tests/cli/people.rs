//! Organizations, teams and collaborators.

use roadstead_testkit::{Hub, image};

use crate::desk::Machine;

#[tokio::test]
async fn an_organization_gets_a_member_who_pushes_through_a_team() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let (owner, member) = (Machine::of(&hub, &alice).await, Machine::of(&hub, &bob).await);
    let archive = member.archive("app:1", &image().docker().file("a", "a").build());
    let push = format!("push acme/app:1 --from docker-archive:{}", archive.display());

    let made = owner.run("org create acme --full-name Acme").await.exits(0);
    assert_eq!(made.stdout, "acme was created; you are its owner\n");
    assert_eq!(owner.run("org ls").await.exits(0).stdout, "acme\tAcme\tOwner\n");
    owner.run("team create acme/devs --description Developers").await.exits(0);
    owner.run("repo create acme/app").await.exits(0);
    owner.run("team grant acme/devs acme/app read").await.exits(0);
    let granted = owner.run("team grant acme/devs acme/app write").await.exits(0);
    assert_eq!(granted.stdout, "acme/devs has write in acme/app\n");
    member.run(&push).await.exits(4);

    let invited = owner.run("org invite acme bob --team devs").await.exits(0);
    assert_eq!(invited.stdout, "bob\tinvited\n");
    let accepted = member.run("org accept acme").await.exits(0);
    assert_eq!(accepted.stdout, "you are in acme\n");
    assert_eq!(owner.run("team members acme/devs -q").await.exits(0).stdout, "bob\n");
    member.run(&push).await.exits(0);
    owner.run("team remove acme/devs bob").await.exits(0);
    member.run(&push).await.exits(4);
    member.run("org leave acme --yes").await.exits(0).says("you left acme");
    let last = owner.run("org remove acme alice --yes").await.exits(1);
    assert!(last.stderr.contains("last owner"), "{}", last.story());
}

#[tokio::test]
async fn a_collaborator_pushes_until_the_owner_says_no() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let (owner, other) = (Machine::of(&hub, &alice).await, Machine::of(&hub, &bob).await);
    let archive = other.archive("app:1", &image().docker().file("a", "a").build());
    let push = format!("push alice/app:1 --from docker-archive:{}", archive.display());
    owner.run("repo create alice/app").await.exits(0);

    let added = owner.run("collab add alice/app bob").await.exits(0);
    assert_eq!(added.stdout, "bob may push to alice/app\n");
    assert_eq!(owner.run("collab ls alice/app").await.exits(0).stdout, "bob\n");
    other.run(&push).await.exits(0);
    other.run("collab add alice/app mallory").await.exits(4);
    owner.run("collab rm alice/app bob").await.exits(0);
    other.run(&push).await.exits(4);
}
