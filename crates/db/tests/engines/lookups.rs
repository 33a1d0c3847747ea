use roadstead_db::lookups::{self, Lookups};
use roadstead_db::{both_databases, tags, trash};
use roadstead_types::{Reference, RepositoryName, Tag};

use crate::fixture::*;

fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

both_databases! {
    async fn one_query_answers_tags_and_digests_of_many_repositories_in_place(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let other = repository(&db, alice, "alice/other", true).await;
        let (one, two) = (manifest(&db, app, 1).await, manifest(&db, other, 2).await);
        db.write(async |tx| {
            put_tag(tx, app, &tag("v1"), one, None, at(1)).await?;
            put_tag(tx, other, &tag("v1"), two, None, at(1)).await
        }).await.unwrap();
        let (app_path, other_path): (RepositoryName, RepositoryName) =
            ("alice/app".parse().unwrap(), "alice/other".parse().unwrap());
        let key = |path: &RepositoryName, reference| (path.clone(), reference);
        let mut keys = vec![
            key(&app_path, Reference::Tag(tag("v1"))),
            key(&"alice/none".parse().unwrap(), Reference::Tag(tag("v1"))),
            key(&other_path, Reference::Tag(tag("v1"))),
            key(&other_path, Reference::Digest(digest(2))),
            key(&app_path, Reference::Digest(digest(2))),
        ];
        keys.extend((0..90).map(|_| key(&app_path, Reference::Tag(tag("none")))));
        keys.push(key(&app_path, Reference::Digest(digest(1))));

        let found = lookups::manifests(&db, &keys).await.unwrap();

        assert_eq!(found.len(), 96);
        let id_at = |place: usize| found[place].as_ref().and_then(|f| f.manifest.as_ref()).map(|m| m.id);
        let places: Vec<_> = (0..6).map(id_at).collect();
        assert_eq!(places, [Some(one), None, Some(two), Some(two), None, None]);
        assert!(found[1].is_none() && found[4].is_some());
        assert_eq!(id_at(95), Some(one));
        let facts = &found[2].as_ref().unwrap().repository;
        assert_eq!((facts.id, facts.is_private, facts.generation), (other, true, 1));
        assert_eq!((facts.namespace_id, &facts.path), (alice, &other_path));
    }

    async fn blobs_are_found_only_where_they_are_linked(db: Db) {
        let (alice, app) = alice_app(&db).await;
        repository(&db, alice, "alice/other", false).await;
        let blob = linked_blob(&db, app, 1).await;
        let path = |text: &str| text.parse::<RepositoryName>().unwrap();
        let keys = [
            (path("alice/other"), digest(1)),
            (path("alice/app"), digest(1)),
            (path("bob/app"), digest(1)),
        ];

        let found = lookups::blobs(&db, &keys).await.unwrap();

        assert_eq!(found[0].as_ref().unwrap().blob, None);
        assert_eq!(found[1].as_ref().unwrap().blob, Some(blob));
        assert_eq!(found[2], None);
        let repositories = [path("bob/app"), path("alice/app")];
        let found = lookups::repositories(&db, &repositories).await.unwrap();
        assert_eq!(found[0], None);
        assert_eq!(found[1].as_ref().unwrap().id, app);
    }

    async fn a_deleted_tag_is_gone_at_once_for_look_ups_that_start_after_it(db: Db) {
        let (_, app) = alice_app(&db).await;
        let image = manifest(&db, app, 1).await;
        let lookups = Lookups::new(db.clone());
        let path: RepositoryName = "alice/app".parse().unwrap();
        let reference = Reference::Tag(tag("v1"));
        let noise: Vec<_> = (0..8).map(|_| {
            let (lookups, path, reference) = (lookups.clone(), path.clone(), reference.clone());
            tokio::spawn(async move {
                loop {
                    lookups.manifest(&path, &reference).await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        }).collect();

        for round in 0..50 {
            db.write(async |tx| put_tag(tx, app, &tag("v1"), image, None, at(round)).await)
                .await.unwrap();
            let found = lookups.manifest(&path, &reference).await.unwrap().unwrap();
            assert_eq!(found.manifest.map(|m| m.id), Some(image));
            db.write(async |tx| tags::delete(tx, app, &tag("v1"), None, at(round), id()).await)
                .await.unwrap();
            let found = lookups.manifest(&path, &reference).await.unwrap().unwrap();
            assert_eq!(found.manifest, None);
        }
        noise.into_iter().for_each(|task| task.abort());

        let found = lookups.repository(&path).await.unwrap().unwrap();
        assert_eq!(found.generation, 1);
        assert_eq!(lookups.blob(&path, &digest(9)).await.unwrap().unwrap().blob, None);
        db.write(async |tx| trash::put(tx, app, None, at(99), at(999)).await).await.unwrap();
        assert_eq!(lookups.repository(&path).await.unwrap(), None);
    }
}
