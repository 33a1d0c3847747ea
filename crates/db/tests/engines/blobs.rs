use roadstead_db::blobs::{self, BlobRecord, NewBlob};
use roadstead_db::repos::Visibility;
use roadstead_db::{DbError, both_databases, holdings, manifests};

use crate::fixture::*;

both_databases! {
    async fn the_first_of_two_equal_uploads_stands(db: Db) {
        let (first, second) = (new_blob(1), NewBlob { protected_until: at(500), ..new_blob(1) });
        let mut tx = db.begin().await.unwrap();
        let one = blobs::publish(&mut tx, &first).await.unwrap();
        let two = blobs::publish(&mut tx, &second).await.unwrap();
        let same_place = NewBlob { locator: first.locator.clone(), ..new_blob(1) };
        let three = blobs::publish(&mut tx, &same_place).await.unwrap();

        assert_eq!((one.record.id, one.superfluous), (first.id, None));
        let kept_longer = BlobRecord { protected_until: at(500), ..one.record };
        assert_eq!(two.record, kept_longer);
        assert_eq!(two.superfluous, Some(second.locator.clone()));
        assert_eq!(three.superfluous, None);
        let found = blobs::find(&mut tx, &digest(1)).await.unwrap().unwrap();
        assert_eq!((found.size, &found.locator, found.created_at), (1001, &first.locator, at(2)));
        assert!(blobs::protect(&mut tx, found.id, at(50)).await.unwrap());
        let kept = blobs::find(&mut tx, &digest(1)).await.unwrap();
        assert_eq!(kept, Some(kept_longer), "a shorter protection takes nothing away");
        assert!(!blobs::protect(&mut tx, id(), at(50)).await.unwrap());
    }

    async fn a_blob_is_read_only_through_a_link_that_the_reader_may_use(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let secret = repository(&db, alice, "alice/secret", true).await;
        let bob = account(&db, "bob").await;
        let hidden = linked_blob(&db, secret, 1).await;
        let mut tx = db.begin().await.unwrap();

        assert_eq!(blobs::find_linked(&mut tx, app, &digest(1)).await.unwrap(), None);
        assert_eq!(
            blobs::find_linked(&mut tx, secret, &digest(1)).await.unwrap().as_ref(),
            Some(&hidden)
        );
        let mut seen_by = Vec::new();
        for eyes in [Visibility::PUBLIC, Visibility::of(bob, true), Visibility::of(alice, false)] {
            seen_by.push(blobs::find_readable(&mut tx, &digest(1), &eyes).await.unwrap().is_some());
        }
        assert_eq!(seen_by, [false, false, true]);

        let mut has = Vec::new();
        let owner = Visibility::of(alice, false);
        for (eyes, beside) in [(Visibility::PUBLIC, app), (owner, app), (owner, secret)] {
            has.push(blobs::is_readable_beside(&mut tx, &digest(1), &eyes, beside).await.unwrap());
        }
        assert_eq!(has, [false, true, false]);
        for _ in 0..2 {
            assert!(holdings::link(&mut tx, app, hidden.id, at(9)).await.unwrap().is_empty());
        }
        let eyes = Visibility::PUBLIC;
        assert!(blobs::find_readable(&mut tx, &digest(1), &eyes).await.unwrap().is_some());
        let freed = holdings::unlink(&mut tx, app, &digest(1)).await.unwrap();
        assert!(freed.is_some_and(|charges| charges.is_empty()), "the other repository has it");
        assert!(holdings::unlink(&mut tx, app, &digest(1)).await.unwrap().is_none());
        assert!(blobs::find_readable(&mut tx, &digest(1), &eyes).await.unwrap().is_none());
    }

    async fn a_link_to_bytes_that_are_gone_asks_to_try_again(db: Db) {
        let (_, app) = alice_app(&db).await;

        let outcome = db.write(async |tx| holdings::link(tx, app, id(), at(1)).await).await;

        assert!(matches!(outcome, Err(DbError::Busy)), "{outcome:?}");
    }

    async fn missing_names_each_unlinked_digest_once_among_thousands(db: Db) {
        let (_, app) = alice_app(&db).await;
        for number in [0, 300, 999] {
            linked_blob(&db, app, number).await;
        }
        let mut wanted: Vec<_> = (0..1000).map(digest).collect();
        wanted.push(digest(5));

        let missing = db
            .read(async |tx| blobs::missing(tx, app, &wanted).await)
            .await
            .unwrap();

        assert_eq!(missing.len(), 997);
        assert_eq!((missing[0], missing[1]), (digest(1), digest(2)));
        assert!(![0, 300, 999].iter().any(|number| missing.contains(&digest(*number))));
        let none = db.read(async |tx| blobs::missing(tx, app, &[]).await).await.unwrap();
        assert!(none.is_empty());
    }

    async fn a_blob_is_referenced_while_a_manifest_needs_it(db: Db) {
        let (_, app) = alice_app(&db).await;
        let new = crate::manifests::with_layers(app, 7, &[1]);
        let mut tx = db.begin().await.unwrap();
        manifests::insert(&mut tx, &new).await.unwrap();
        assert!(blobs::is_referenced(&mut tx, app, &digest(1)).await.unwrap());
        assert!(!blobs::is_referenced(&mut tx, app, &digest(2)).await.unwrap());

        manifests::delete(&mut tx, app, &digest(7)).await.unwrap();
        assert!(!blobs::is_referenced(&mut tx, app, &digest(1)).await.unwrap());
    }

    async fn a_walk_meets_every_blob_and_knows_its_place(db: Db) {
        let (_, app) = alice_app(&db).await;
        let mut all = Vec::new();
        for number in 0..5 {
            all.push(linked_blob(&db, app, number).await);
        }
        let mut tx = db.begin().await.unwrap();
        let mut met = blobs::walk(&mut tx, None, 3).await.unwrap();
        let rest = blobs::walk(&mut tx, met.last().map(|blob| blob.id), 3).await.unwrap();
        met.extend(rest);
        assert_eq!(met, all);

        let asked = [all[0].locator.clone(), "elsewhere".into(), all[4].locator.clone()];
        let known = blobs::known_locators(&mut tx, &asked).await.unwrap();
        assert_eq!(known.len(), 2);
        assert!(!known.contains("elsewhere"));
    }
}
