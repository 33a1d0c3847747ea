//! The history of a tag: every move that was answered 201, in one order.

use std::collections::BTreeSet;

use roadstead_db::{Db, DbError, repos, tags};
use roadstead_testkit::{Hub, image};

use crate::desk::Desk;

/// Moves of a tag, oldest first: from where, to where.
async fn history(hub: &Hub, repository: &str, tag: &str) -> Vec<(Option<String>, Option<String>)> {
    let db = Db::open(&hub.database_url()).await.unwrap();
    let (name, tag) = (repository.parse().unwrap(), tag.parse().unwrap());
    let moves = db
        .read(async |tx| {
            let repository = repos::find_by_path(tx, &name).await?.expect("the repository");
            tags::history(tx, repository.id, &tag, 1000).await
        })
        .await;
    let moves: Result<Vec<tags::TagMove>, DbError> = moves;
    let text = |digest: Option<roadstead_types::Digest>| digest.map(|digest| digest.to_string());
    let moves = moves.unwrap().into_iter().rev().map(|one| (text(one.from), text(one.to)));
    moves.collect()
}

/// Of concurrent pushes the last to commit wins, and none is lost (Harbor #23118).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_pushes_of_one_tag_at_once_are_all_true() {
    const PUSHES: usize = 16;
    let desk = Desk::new().await;
    let mut images = Vec::new();
    for number in 0..PUSHES {
        let image = image().file("number", number.to_string()).build();
        for blob in &image.blobs {
            desk.repo.push_blob(blob.bytes.clone()).await;
        }
        images.push(image.manifest);
    }

    let pushes = images.iter().cloned().map(|manifest| {
        let repo = desk.repo.clone();
        tokio::spawn(async move {
            repo.put_manifest("latest", &manifest).await.is(201);
            repo.head_manifest("latest").await.is(200).header("docker-content-digest")
        })
    });
    let mut seen = Vec::new();
    for push in pushes.collect::<Vec<_>>() {
        seen.push(push.await.unwrap());
    }

    let last = desk.repo.manifest("latest").await.is(200).header("docker-content-digest");
    let moves = history(&desk.hub, "alice/app", "latest").await;
    assert_eq!(moves.len(), PUSHES);
    let pushed: BTreeSet<_> = images.iter().map(|manifest| Some(manifest.digest.clone())).collect();
    assert_eq!(moves.iter().map(|(_, to)| to.clone()).collect::<BTreeSet<_>>(), pushed);
    assert_eq!(moves[0].0, None, "the first makes the tag");
    for pair in moves.windows(2) {
        assert_eq!(pair[0].1, pair[1].0, "each begins where the one before ended");
    }
    assert_eq!(moves[PUSHES - 1].1, Some(last), "the last stands");
    let position = |digest: &str| moves.iter().position(|(_, to)| to.as_deref() == Some(digest));
    for (manifest, seen) in images.iter().zip(&seen) {
        assert!(position(seen) >= position(&manifest.digest), "read older than what was answered");
    }
}

#[tokio::test]
async fn every_way_to_move_or_remove_a_tag_is_in_its_history() {
    let desk = Desk::new().await;
    let (a, b) = (image().file("x", "a").build(), image().file("x", "b").build());
    desk.repo.push(&a, &[]).await;
    desk.repo.push(&b, &[]).await;
    let (at_a, at_b) = (Some(a.manifest.digest.clone()), Some(b.manifest.digest.clone()));

    desk.repo.put_manifest("t", &a.manifest).await.is(201);
    desk.repo.put_manifest("t", &a.manifest).await.is(201);
    let query = format!("{}?tag=t", b.manifest.digest);
    desk.repo.put_manifest(&query, &b.manifest).await.is(201);
    desk.repo.delete_manifest("t").await.is(202);
    desk.repo.put_manifest("t", &a.manifest).await.is(201);
    desk.repo.delete_manifest(&a.manifest.digest).await.is(202);

    let expected = [
        (None, at_a.clone()),
        (at_a.clone(), at_b.clone()),
        (at_b, None),
        (None, at_a.clone()),
        (at_a, None),
    ];
    assert_eq!(history(&desk.hub, "alice/app", "t").await, expected);
}
