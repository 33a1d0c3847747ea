use roadstead_db::moves::{self, Destination};
use roadstead_db::trash::{self, Restored};
use roadstead_db::{
    DbError, blobs, both_databases, lookups, manifests, pulls, repos, stars, tags, uploads,
};
use roadstead_types::RepositoryName;

use crate::fixture::*;

both_databases! {
    async fn what_is_in_the_trash_is_found_by_nobody_and_comes_back_whole(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let blob = linked_blob(&db, app, 1).await;
        let image = manifest(&db, app, 2).await;
        let upload = crate::uploads::session(app, alice);
        let path: RepositoryName = "alice/app".parse().unwrap();
        let old: RepositoryName = "alice/old".parse().unwrap();
        let moved = |path: &RepositoryName| Destination { path: path.clone(), namespace: None };
        db.write(async |tx| {
            put_tag(tx, app, &"v1".parse().unwrap(), image, None, at(5)).await?;
            uploads::insert(tx, &upload).await?;
            moves::relocate(tx, app, 1, &moved(&old), at(6)).await?;
            moves::relocate(tx, app, 1, &moved(&path), at(7)).await?;
            assert!(trash::put(tx, app, Some(alice), at(8), at(100)).await?);
            assert!(!trash::put(tx, app, Some(alice), at(9), at(100)).await?);
            Ok::<_, DbError>(())
        }).await.unwrap();

        assert_eq!(lookups::repositories(&db, &[path.clone(), old.clone()]).await.unwrap(), [None, None]);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(repos::find_by_path(&mut tx, &path).await.unwrap(), None);
        assert_eq!(repos::find_by_id(&mut tx, app).await.unwrap(), None);
        let left = uploads::find(&mut tx, upload.id).await.unwrap();
        assert_eq!(left, Some(upload), "it runs out, and its bytes with it");
        let (listed, total) = trash::list(&mut tx, alice, at(10), 0, 9).await.unwrap();
        assert_eq!((listed[0].id, listed[0].path.as_str(), total), (app, "alice/app", 1));
        assert_eq!(listed[0].deleted_by.as_ref().unwrap().as_str(), "alice");
        assert_eq!(trash::find(&mut tx, alice, app, at(10)).await.unwrap(), Some(listed[0].clone()));
        assert_eq!(trash::find(&mut tx, alice, app, at(100)).await.unwrap(), None, "too late");
        let again = new_repository(alice, "alice/app");
        assert!(repos::insert(&mut tx, &again).await.unwrap(), "the path is free");
        tx.commit().await.unwrap();

        let mut tx = db.begin().await.unwrap();
        assert_eq!(trash::restore(&mut tx, app, &path, at(11)).await.unwrap(), Restored::Taken);
        drop(tx);
        let new: RepositoryName = "alice/new".parse().unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(trash::restore(&mut tx, app, &new, at(11)).await.unwrap(), Restored::Yes);
        assert_eq!(trash::restore(&mut tx, app, &new, at(11)).await.unwrap(), Restored::Gone);
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let back = repos::find_by_path(&mut tx, &old).await.unwrap().unwrap();
        assert_eq!((back.id, back.path, back.generation), (app, new, 3), "old tokens are void");
        assert_eq!(repos::find_by_path(&mut tx, &path).await.unwrap().unwrap().id, again.id);
        assert_eq!(blobs::find_linked(&mut tx, app, &blob.digest).await.unwrap(), Some(blob));
        assert!(tags::find(&mut tx, app, &"v1".parse().unwrap()).await.unwrap().is_some());
    }

    async fn what_has_expired_goes_piece_by_piece(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let blob = linked_blob(&db, app, 1).await;
        db.write(async |tx| {
            for number in 2..7 {
                let manifest = manifests::insert(tx, &new_manifest(app, number)).await?.id;
                let tag = format!("t{number}").parse().unwrap();
                put_tag(tx, app, &tag, manifest, None, at(5)).await?;
            }
            stars::add(tx, app, alice, at(5)).await?;
            repos::set_readme(tx, app, "# hello", at(5)).await?;
            pulls::add(tx, &[crate::pulls::pulled(app, 3, None, 1)]).await?;
            trash::put(tx, app, None, at(8), at(100)).await
        }).await.unwrap();
        let expired = async |now| db.read(async |tx| trash::expired(tx, at(now), 9).await).await.unwrap();
        assert_eq!(expired(99).await, []);

        assert!(db.write(async |tx| trash::expire(tx, app, at(50)).await).await.unwrap());
        assert!(!db.write(async |tx| trash::expire(tx, app, at(60)).await).await.unwrap());
        assert_eq!(expired(51).await, [app]);
        let mut rounds = 0;
        while !db.write(async |tx| trash::purge_some(tx, app, 2).await).await.unwrap() {
            rounds += 1;
            assert!(rounds < 50);
        }

        assert!(rounds > 8, "two rows at a time: {rounds}");
        assert_eq!(expired(51).await, []);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(manifests::find(&mut tx, app, &digest(2)).await.unwrap(), None);
        assert_eq!(blobs::find_linked(&mut tx, app, &blob.digest).await.unwrap(), None);
        assert_eq!(blobs::find(&mut tx, &blob.digest).await.unwrap(), Some(blob), "bytes go later");
        assert_eq!(repos::readme(&mut tx, app).await.unwrap(), "");
    }
}
