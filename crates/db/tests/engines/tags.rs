use roadstead_db::{DbError, both_databases, tags};
use roadstead_types::{Digest, Id, Tag};

use crate::fixture::*;

both_databases! {
    async fn a_tag_moves_and_its_history_tells(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let (one, two) = (manifest(&db, app, 1).await, manifest(&db, app, 2).await);
        let tag: Tag = "v1".parse().unwrap();
        let mut tx = db.begin().await.unwrap();
        let by = Some(alice);

        assert_eq!(tags::put(&mut tx, app, &tag, one, by, at(1), id()).await.unwrap(), None);
        let again = tags::put(&mut tx, app, &tag, one, by, at(2), id()).await.unwrap();
        assert_eq!(again, Some(digest(1)));
        let moved = tags::put(&mut tx, app, &tag, two, None, at(3), id()).await.unwrap();
        assert_eq!(moved, Some(digest(1)));
        assert_eq!(tags::find(&mut tx, app, &tag).await.unwrap().unwrap().digest, digest(2));
        assert!(tags::delete(&mut tx, app, &tag, by, at(4), id()).await.unwrap());
        assert!(!tags::delete(&mut tx, app, &tag, by, at(5), id()).await.unwrap());
        assert_eq!(tags::find(&mut tx, app, &tag).await.unwrap(), None);

        let history = tags::history(&mut tx, app, &tag, 9).await.unwrap();
        let steps: Vec<_> =
            history.iter().map(|step| (step.from, step.to, step.moved_at, step.moved_by)).collect();
        assert_eq!(steps, [
            (Some(digest(2)), None, at(4), by),
            (Some(digest(1)), Some(digest(2)), at(3), None),
            (None, Some(digest(1)), at(1), by),
        ]);
    }

    async fn tags_are_listed_in_byte_order_from_any_place(db: Db) {
        let (_, app) = alice_app(&db).await;
        let image = manifest(&db, app, 1).await;
        let mut tx = db.begin().await.unwrap();
        for tag in ["b", "_", "a-1", "B", "a", "a.1", "a_1", "10", "9"] {
            tags::put(&mut tx, app, &tag.parse().unwrap(), image, None, at(1), id()).await.unwrap();
        }
        let mut page = async |after, limit| {
            let page = tags::list(&mut tx, app, after, limit).await.unwrap();
            page.iter().map(Tag::to_string).collect::<Vec<_>>()
        };

        assert_eq!(page(None, 99).await, ["10", "9", "B", "_", "a", "a-1", "a.1", "a_1", "b"]);
        assert_eq!(page(Some("a"), 2).await, ["a-1", "a.1"]);
        assert_eq!(page(Some("a0 is no tag here"), 1).await, ["a_1"]);
        assert_eq!(page(Some("zzz"), 9).await, Vec::<String>::new());
        assert_eq!(page(None, 0).await, Vec::<String>::new());
    }

    async fn sixteen_who_move_one_tag_leave_one_unbroken_history(db: Db) {
        let (_, app) = alice_app(&db).await;
        let mut images = Vec::new();
        for number in 0..16 {
            images.push(manifest(&db, app, number).await);
        }
        let workers = images.into_iter().enumerate().map(|(number, image)| {
            let db = db.clone();
            tokio::spawn(async move {
                let tag: Tag = "latest".parse().unwrap();
                for round in 0..5 {
                    let now = at(round);
                    db.write(async |tx| {
                        tags::put(tx, app, &tag, image, None, now, id()).await?;
                        if number == 3 {
                            tags::delete(tx, app, &tag, None, now, id()).await?;
                        }
                        Ok::<_, DbError>(())
                    }).await.unwrap();
                }
            })
        });
        for worker in futures_util::future::join_all(workers).await {
            worker.unwrap();
        }

        let tag: Tag = "latest".parse().unwrap();
        let mut tx = db.begin().await.unwrap();
        let mut history = tags::history(&mut tx, app, &tag, 1000).await.unwrap();
        history.reverse();
        let mut current: Option<Digest> = None;
        for step in &history {
            assert_eq!(step.from, current, "each move starts where the one before ended");
            current = step.to;
        }
        let standing = tags::find(&mut tx, app, &tag).await.unwrap().map(|head| head.digest);
        assert_eq!(standing, current, "the last committed move is what stands");
        assert!(history.len() >= 16 && history.iter().all(|step| step.id.raw() > 0));
    }
}
