use roadstead_db::manifests::{self, NewReference, ReferenceKind};
use roadstead_db::tag_list::{self, TagList, TagOrder};
use roadstead_db::{Db, DbError, both_databases};
use roadstead_types::{RepositoryId, Tag};

use crate::fixture::*;

fn all(repository: RepositoryId) -> TagList<'static> {
    TagList {
        repository,
        name_part: None,
        os: None,
        architecture: None,
        order: TagOrder::Name,
        is_descending: false,
        offset: 0,
        limit: 9,
    }
}

async fn names(db: &Db, list: TagList<'_>) -> (Vec<String>, u64) {
    let (rows, total) = db.read(async |tx| tag_list::page(tx, &list).await).await.unwrap();
    (rows.iter().map(|row| row.name.to_string()).collect(), total)
}

fn part(kind: ReferenceKind, number: u64, platform: Option<&str>) -> NewReference {
    let platform = platform.map(str::to_owned);
    NewReference {
        kind,
        digest: digest(number),
        size: 10 * number,
        media_type: "x/y".into(),
        platform,
    }
}

both_databases! {
    async fn tags_are_listed_in_every_order_and_by_platform(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let image = manifests::NewManifest {
            references: vec![
                part(ReferenceKind::Config, 3, Some("linux/arm64/v8")),
                part(ReferenceKind::Layer, 4, None),
            ],
            ..new_manifest(app, 1)
        };
        let index = manifests::NewManifest {
            references: vec![
                part(ReferenceKind::Child, 1, Some("linux/arm64/v8")),
                part(ReferenceKind::Child, 9, Some("windows/amd64")),
            ],
            ..new_manifest(app, 2)
        };
        db.write(async |tx| {
            let one = manifests::insert(tx, &image).await?.id;
            let two = manifests::insert(tx, &index).await?.id;
            for (tag, manifest, when) in [("b_1", one, 5), ("B.2", two, 7), ("a", one, 6)] {
                put_tag(tx, app, &tag.parse().unwrap(), manifest, Some(alice), at(when)).await?;
            }
            Ok::<_, DbError>(())
        }).await.unwrap();

        let of = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        let newest = TagList { order: TagOrder::Moved, is_descending: true, ..all(app) };
        assert_eq!(names(&db, all(app)).await, (of(&["B.2", "a", "b_1"]), 3));
        assert_eq!(names(&db, newest).await.0, of(&["B.2", "a", "b_1"]));
        let page = TagList { is_descending: false, limit: 1, offset: 1, ..newest };
        assert_eq!(names(&db, page).await, (of(&["a"]), 3));
        let page = TagList { is_descending: true, name_part: Some("B"), ..all(app) };
        assert_eq!(names(&db, page).await, (of(&["b_1", "B.2"]), 2));
        let like = TagList { name_part: Some("b_"), ..all(app) };
        assert_eq!(names(&db, like).await, (of(&["b_1"]), 1), "`_` stands for itself");
        let arm = TagList { architecture: Some("arm64"), ..all(app) };
        assert_eq!(names(&db, arm).await.1, 3);
        let windows = TagList { os: Some("windows"), ..all(app) };
        assert_eq!(names(&db, windows).await.0, of(&["B.2"]));
        let none = TagList { os: Some("windows"), architecture: Some("arm64"), ..all(app) };
        assert_eq!(names(&db, none).await, (of(&[]), 0));

        let mut tx = db.begin().await.unwrap();
        let row = tag_list::one(&mut tx, app, &"B.2".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((row.digest, row.moved_at, row.moved_by), (digest(2), at(7), Some(alice)));
        assert_eq!(row.mover.unwrap().as_str(), "alice");
        let parts = tag_list::parts(&mut tx, &[row.manifest, image.id]).await.unwrap();
        let told: Vec<_> = parts.iter().map(|part| (part.manifest, part.size, part.child_size)).collect();
        assert_eq!(told, [
            (image.id, 30, None), (image.id, 40, None),
            (index.id, 10, Some(70)), (index.id, 90, None),
        ]);
        assert_eq!(parts[2].child_pushed_at, Some(at(4)));
    }

    async fn tags_are_listed_in_the_order_of_their_versions(db: Db) {
        let (_, app) = alice_app(&db).await;
        let (one, two) = (manifest(&db, app, 1).await, manifest(&db, app, 2).await);
        let tags = ["latest", "1.10.0", "1.9.0", "1.10.0-rc1"];
        db.write(async |tx| {
            for tag in tags {
                put_tag(tx, app, &tag.parse().unwrap(), one, None, at(1)).await?;
            }
            put_tag(tx, app, &"2.0".parse().unwrap(), two, None, at(1)).await
        }).await.unwrap();
        let of = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        let rising = TagList { order: TagOrder::Version, ..all(app) };
        let expected = of(&["latest", "1.9.0", "1.10.0-rc1", "1.10.0", "2.0"]);
        assert_eq!(names(&db, rising).await.0, expected);
        let falling = TagList { is_descending: true, limit: 2, ..rising };
        assert_eq!(names(&db, falling).await.0, of(&["2.0", "1.10.0"]));

        roadstead_db::testing::forget_version_keys(&db).await.unwrap();
        let add = async || db.write(async |tx| roadstead_db::tags::add_version_keys(tx, 3).await).await.unwrap();
        assert_eq!([add().await, add().await, add().await], [3, 2, 0]);
        assert_eq!(names(&db, rising).await.0, expected);

        let at_each = db.read(async |tx| tag_list::tags_at(tx, app, &[one, two, one], 2).await).await.unwrap();
        let told: Vec<_> = at_each.iter().map(|(manifest, _)| *manifest).collect();
        assert_eq!(told.iter().filter(|manifest| **manifest == one).count(), 2, "no more than asked for");
        assert_eq!(at_each.last().unwrap(), &(two, "2.0".parse().unwrap()));
        let none = db.read(async |tx| tag_list::tags_at(tx, app, &[], 2).await).await.unwrap();
        assert!(none.is_empty());
    }

    async fn the_history_tells_who_and_whether_it_can_be_undone(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let (one, two) = (manifest(&db, app, 1).await, manifest(&db, app, 2).await);
        let tag: Tag = "v1".parse().unwrap();
        db.write(async |tx| {
            put_tag(tx, app, &tag, one, Some(alice), at(1)).await?;
            put_tag(tx, app, &tag, two, None, at(2)).await?;
            manifests::delete(tx, app, &digest(1)).await
        }).await.unwrap();
        let mut tx = db.begin().await.unwrap();

        let (moves, total) = tag_list::moves(&mut tx, app, &tag, 0, 9).await.unwrap();
        let told: Vec<_> = moves.iter().map(|step| (step.from, step.to, step.is_here)).collect();
        assert_eq!(told, [(Some(digest(1)), Some(digest(2)), true), (None, Some(digest(1)), false)]);
        assert_eq!((moves[1].mover.as_ref().unwrap().as_str(), total), ("alice", 2));
        let (rest, _) = tag_list::moves(&mut tx, app, &tag, 1, 1).await.unwrap();
        assert_eq!(rest, moves[1..]);
        assert!(tag_list::stood_at(&mut tx, app, &tag, &digest(1)).await.unwrap());
        assert!(!tag_list::stood_at(&mut tx, app, &tag, &digest(3)).await.unwrap());
    }
}
