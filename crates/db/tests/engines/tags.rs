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

        put_tag(&mut tx, app, &tag, one, by, at(1)).await.unwrap();
        put_tag(&mut tx, app, &tag, one, by, at(2)).await.unwrap();
        put_tag(&mut tx, app, &tag, two, None, at(3)).await.unwrap();
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

    async fn many_tags_move_together_each_from_where_it_was(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let (one, two) = (manifest(&db, app, 1).await, manifest(&db, app, 2).await);
        let mut tx = db.begin().await.unwrap();
        // New, moved, standing there already, and removed before.
        let names: Vec<Tag> = (0..300).map(|n| format!("t{n:03}").parse().unwrap()).collect();
        put_tag(&mut tx, app, &names[7], one, None, at(1)).await.unwrap();
        put_tag(&mut tx, app, &names[8], two, None, at(1)).await.unwrap();
        put_tag(&mut tx, app, &names[9], one, None, at(1)).await.unwrap();
        tags::delete(&mut tx, app, &names[9], None, at(2), id()).await.unwrap();
        let puts: Vec<_> = names.iter().map(|name| (name.clone(), id())).collect();

        tags::put(&mut tx, app, &puts, two, Some(alice), at(3)).await.unwrap();

        let found = tags::find_many(&mut tx, app, &names).await.unwrap();
        assert_eq!(found.len(), 300);
        assert!(found.values().all(|found| *found == digest(2)));
        let mut steps = async |name: usize| {
            let history = tags::history(&mut tx, app, &names[name], 9).await.unwrap();
            history.iter().map(|step| (step.from, step.to, step.moved_by)).collect::<Vec<_>>()
        };
        let (first, second) = (Some(digest(1)), Some(digest(2)));
        for new in [0, 6, 128, 299] {
            assert_eq!(steps(new).await, [(None, second, Some(alice))]);
        }
        assert_eq!(steps(7).await, [(first, second, Some(alice)), (None, first, None)]);
        assert_eq!(steps(8).await, [(None, second, None)], "it did not move");
        assert_eq!(steps(9).await[0], (None, second, Some(alice)));
        assert_eq!(steps(9).await.len(), 3);
        tags::put(&mut tx, app, &[], one, None, at(4)).await.unwrap();
        let absent = ["none".parse().unwrap()];
        assert!(tags::find_many(&mut tx, app, &absent).await.unwrap().is_empty());
    }

    async fn tags_are_listed_in_byte_order_from_any_place(db: Db) {
        let (_, app) = alice_app(&db).await;
        let image = manifest(&db, app, 1).await;
        let mut tx = db.begin().await.unwrap();
        for tag in ["b", "_", "a-1", "B", "a", "a.1", "a_1", "10", "9"] {
            put_tag(&mut tx, app, &tag.parse().unwrap(), image, None, at(1)).await.unwrap();
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
                        put_tag(tx, app, &tag, image, None, now).await?;
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
