use roadstead_db::manifests::{self, NewManifest, NewReference, ReferenceKind};
use roadstead_db::{DbError, both_databases, tags};
use roadstead_types::{RepositoryId, Tag};

use crate::fixture::*;

pub fn with_layers(repository: RepositoryId, number: u64, layers: &[u64]) -> NewManifest {
    let references = layers.iter().map(|layer| NewReference {
        kind: ReferenceKind::Layer,
        digest: digest(*layer),
        size: *layer,
        media_type: "application/octet-stream".into(),
        platform: None,
    });
    NewManifest { references: references.collect(), ..new_manifest(repository, number) }
}

both_databases! {
    async fn a_manifest_is_kept_byte_for_byte(db: Db) {
        let (_, app) = alice_app(&db).await;
        let body: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let new = NewManifest { body: body.clone(), ..new_manifest(app, 1) };
        let mut tx = db.begin().await.unwrap();
        let inserted = manifests::insert(&mut tx, &new).await.unwrap();
        assert_eq!((inserted.id, inserted.is_new), (new.id, true));

        let head = manifests::find(&mut tx, app, &digest(1)).await.unwrap().unwrap();

        assert_eq!((head.id, head.digest, head.size), (new.id, digest(1), 300_000));
        assert_eq!(head.media_type, new.media_type);
        assert_eq!(manifests::body(&mut tx, new.id).await.unwrap(), Some(body));
        assert_eq!(manifests::body(&mut tx, id()).await.unwrap(), None);
    }

    async fn the_same_bytes_pushed_again_change_nothing(db: Db) {
        let (_, app) = alice_app(&db).await;
        let first = with_layers(app, 1, &[10, 11]);
        let again = NewManifest { media_type: "other/type".into(), ..with_layers(app, 1, &[10, 11]) };
        let mut tx = db.begin().await.unwrap();
        manifests::insert(&mut tx, &first).await.unwrap();

        let inserted = manifests::insert(&mut tx, &again).await.unwrap();

        assert_eq!((inserted.id, inserted.is_new), (first.id, false));
        let head = manifests::find(&mut tx, app, &digest(1)).await.unwrap().unwrap();
        assert_eq!(head.media_type, first.media_type);
        assert_eq!(manifests::references(&mut tx, first.id).await.unwrap(), first.references);
    }

    async fn hundreds_of_references_keep_their_order_and_platform(db: Db) {
        let (_, app) = alice_app(&db).await;
        let numbers: Vec<u64> = (0..200).collect();
        let mut new = with_layers(app, 1000, &numbers);
        for reference in &mut new.references[150..] {
            reference.kind = ReferenceKind::Child;
            reference.platform = Some("linux/arm64/v8".into());
        }
        let mut tx = db.begin().await.unwrap();
        manifests::insert(&mut tx, &new).await.unwrap();

        assert_eq!(manifests::references(&mut tx, new.id).await.unwrap(), new.references);
        assert_eq!(manifests::children(&mut tx, new.id).await.unwrap(), new.references[150..]);
    }

    async fn a_deleted_manifest_takes_its_tags_along_and_no_others(db: Db) {
        let (_, app) = alice_app(&db).await;
        let (one, two) = (manifest(&db, app, 1).await, manifest(&db, app, 2).await);
        let mut tx = db.begin().await.unwrap();
        for (tag, image) in [("b", one), ("a", one), ("keep", two)] {
            put_tag(&mut tx, app, &tag.parse().unwrap(), image, None, at(5)).await.unwrap();
        }

        let gone = manifests::delete(&mut tx, app, &digest(1)).await.unwrap().unwrap();
        for tag in &gone.tags {
            tags::log_removal(&mut tx, app, tag, &digest(1), None, at(6), id()).await.unwrap();
        }

        assert_eq!(gone.tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(manifests::delete(&mut tx, app, &digest(1)).await.unwrap(), None);
        assert_eq!(manifests::find(&mut tx, app, &digest(1)).await.unwrap(), None);
        let left = tags::list(&mut tx, app, None, 9).await.unwrap();
        assert_eq!(left.iter().map(Tag::as_str).collect::<Vec<_>>(), ["keep"]);
        let history = tags::history(&mut tx, app, &gone.tags[0], 9).await.unwrap();
        assert_eq!((history[0].from, history[0].to), (Some(digest(1)), None));
    }

    async fn missing_children_are_named(db: Db) {
        let (_, app) = alice_app(&db).await;
        manifest(&db, app, 2).await;
        let wanted = [digest(1), digest(2), digest(3), digest(1)];

        let missing =
            db.read(async |tx| manifests::missing(tx, app, &wanted).await).await.unwrap();

        assert_eq!(missing, [digest(1), digest(3)]);
    }

    async fn referrers_are_filtered_and_come_page_by_page(db: Db) {
        let (_, app) = alice_app(&db).await;
        let mut tx = db.begin().await.unwrap();
        for number in 1..=5 {
            let kind = if number % 2 == 0 { "sbom" } else { "signature" };
            let new = NewManifest {
                subject: Some(digest(100)),
                artifact_type: Some(kind.into()),
                referrer: Some(format!("{{\"n\":{number}}}")),
                ..new_manifest(app, number)
            };
            manifests::insert(&mut tx, &new).await.unwrap();
        }
        let subject = digest(100);

        let page = manifests::referrers(&mut tx, app, &subject, None, None, 3).await.unwrap();
        let after = page.last().map(|(id, _)| *id);
        let rest = manifests::referrers(&mut tx, app, &subject, None, after, 3).await.unwrap();
        let texts: Vec<_> = page.iter().chain(&rest).map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, [r#"{"n":1}"#, r#"{"n":2}"#, r#"{"n":3}"#, r#"{"n":4}"#, r#"{"n":5}"#]);
        let some =
            manifests::referrers(&mut tx, app, &subject, Some("sbom"), None, 9).await.unwrap();
        assert_eq!(some.len(), 2);
        let attached = manifests::attached(&mut tx, app, &subject, 2).await.unwrap();
        let told: Vec<_> = attached.iter().map(|row| (row.digest, row.artifact_type.as_deref())).collect();
        assert_eq!(told, [(digest(5), Some("signature")), (digest(4), Some("sbom"))]);
        assert_eq!((attached[0].size, attached[0].pushed_at), (7, at(4)), "of itself, for it brings nothing");
        assert_eq!(manifests::count_referrers(&mut tx, app, &subject).await.unwrap(), 5);
        assert_eq!(manifests::count_referrers(&mut tx, app, &digest(1)).await.unwrap(), 0);
        let none = manifests::referrers(&mut tx, app, &digest(1), None, None, 9).await.unwrap();
        assert_eq!(none, []);
        assert_eq!(manifests::walk(&mut tx, None, 2).await.unwrap().len(), 2);
        let last = manifests::walk(&mut tx, after, 9).await.unwrap();
        assert_eq!(last.iter().map(|m| m.digest).collect::<Vec<_>>(), [digest(4), digest(5)]);
    }

    async fn a_tag_never_points_at_a_manifest_deleted_meanwhile(db: Db) {
        let (_, app) = alice_app(&db).await;
        let tag: Tag = "v1".parse().unwrap();
        for round in 0..20 {
            let image = manifest(&db, app, 1).await;
            let put = {
                let (db, tag) = (db.clone(), tag.clone());
                tokio::spawn(async move {
                    db.write(async |tx| {
                        put_tag(tx, app, &tag, image, None, at(round)).await
                    }).await
                })
            };
            let delete = db.write(async |tx| {
                manifests::delete(tx, app, &digest(1)).await
            }).await;
            let (put, removed) = (put.await.unwrap(), delete.unwrap().unwrap());
            match put {
                // First the tag, then the deletion, which saw it; or the other way round.
                Ok(_) => assert_eq!(removed.tags, std::slice::from_ref(&tag)),
                Err(error) => {
                    assert!(matches!(error, DbError::Busy), "{error:?}");
                    assert_eq!(removed.tags, []);
                }
            }
        }
    }
}
