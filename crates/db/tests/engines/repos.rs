use roadstead_db::repos::{self, NewRepository, Visibility};
use roadstead_db::{Tx, accounts, both_databases, listing};
use roadstead_types::{AccountId, RepositoryName};

use crate::fixture::*;

fn names(paths: &[RepositoryName]) -> Vec<&str> {
    paths.iter().map(RepositoryName::as_str).collect()
}

async fn paths(tx: &mut Tx<'_>, namespace: AccountId, eyes: Visibility) -> Vec<String> {
    let list = crate::listing::of(namespace, "alice", eyes);
    let (page, _) = listing::in_namespace(tx, &list).await.unwrap();
    page.into_iter().map(|record| record.path.to_string()).collect()
}

both_databases! {
    async fn a_repository_reads_as_written(db: Db) {
        let alice = account(&db, "alice").await;
        let new = NewRepository { is_automated: true, ..new_repository(alice, "alice/app") };
        let mut tx = db.begin().await.unwrap();
        assert!(repos::insert(&mut tx, &new).await.unwrap());
        assert!(repos::set_pushed(&mut tx, new.id, 1, Some(alice), at(7)).await.unwrap());
        assert!(!repos::set_pushed(&mut tx, new.id, 2, None, at(8)).await.unwrap(), "not that one");

        let found = repos::find_by_path(&mut tx, &new.path).await.unwrap().unwrap();

        assert_eq!(repos::find_by_id(&mut tx, new.id).await.unwrap().as_ref(), Some(&found));
        assert_eq!((found.id, found.namespace_id, &found.path), (new.id, alice, &new.path));
        assert_eq!(found.namespace_kind, accounts::AccountKind::User);
        assert_eq!((found.is_private, found.is_automated, found.generation), (false, true, 1));
        assert_eq!((found.description.as_str(), found.is_official), ("short", false));
        assert_eq!((found.stars, found.pulls, found.pulled_at), (0, 0, None));
        assert_eq!((found.created_at, found.updated_at), (at(1), at(7)));
        assert_eq!((found.pushed_at, found.pushed_by), (Some(at(7)), Some(alice)));
    }

    async fn of_many_who_make_one_path_one_does(db: Db) {
        let alice = account(&db, "alice").await;
        let attempts = (0..8).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let new = new_repository(alice, "alice/app");
                db.write(async |tx| repos::insert(tx, &new).await).await.unwrap()
            })
        });
        let made = futures_util::future::join_all(attempts).await;

        assert_eq!(made.into_iter().filter(|made| *made.as_ref().unwrap()).count(), 1);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(
            paths(&mut tx, alice, Visibility::PUBLIC).await,
            ["alice/app"],
            "those who were late left nothing behind"
        );
    }

    async fn texts_change_one_by_one_and_a_touch_is_noticed(db: Db) {
        let (_, app) = alice_app(&db).await;
        let mut tx = db.begin().await.unwrap();
        assert!(repos::describe(&mut tx, app, "new", at(5)).await.unwrap());
        assert!(!repos::describe(&mut tx, id(), "new", at(5)).await.unwrap());
        assert_eq!(repos::readme(&mut tx, app).await.unwrap(), "");
        for text in ["# long", "# new"] {
            assert!(repos::set_readme(&mut tx, app, text, at(6)).await.unwrap());
        }
        assert!(!repos::set_readme(&mut tx, id(), "# new", at(6)).await.unwrap());

        let record = repos::find_by_id(&mut tx, app).await.unwrap().unwrap();
        assert_eq!((record.description.as_str(), record.updated_at), ("new", at(6)));
        assert_eq!(repos::readme(&mut tx, app).await.unwrap(), "# new");
        let slugs = vec!["security".to_owned()];
        assert!(repos::set_categories(&mut tx, app, &slugs, at(6)).await.unwrap());
        assert!(repos::set_topics(&mut tx, app, &vec!["a".into(), "\"b\"".into()], at(6)).await.unwrap());
        assert!(!repos::set_topics(&mut tx, id(), &slugs, at(6)).await.unwrap());
        assert!(repos::touch(&mut tx, app, at(7)).await.unwrap());
        assert!(!repos::touch(&mut tx, id(), at(7)).await.unwrap());
        let record = repos::find_by_id(&mut tx, app).await.unwrap().unwrap();
        assert_eq!((record.updated_at, record.generation), (at(7), 1));
        assert_eq!((record.categories, record.topics), (slugs, vec!["a".into(), "\"b\"".into()]));
        assert_eq!(record.immutable_tags, None);
    }

    async fn a_change_of_visibility_voids_tokens_and_happens_once(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let mut tx = db.begin().await.unwrap();
        assert_eq!(repos::count_private(&mut tx, alice).await.unwrap(), 0);
        assert!(repos::set_private(&mut tx, app, true, at(5)).await.unwrap());
        assert!(!repos::set_private(&mut tx, app, true, at(6)).await.unwrap());

        let record = repos::find_by_id(&mut tx, app).await.unwrap().unwrap();
        assert_eq!((record.is_private, record.generation, record.updated_at), (true, 2, at(5)));
        assert_eq!(repos::count_private(&mut tx, alice).await.unwrap(), 1);
    }

    async fn lists_hold_what_the_reader_may_see_in_byte_order(db: Db) {
        let (alice, bob) = (account(&db, "alice").await, account(&db, "bob").await);
        let library = {
            let new = accounts::NewAccount {
                kind: accounts::AccountKind::Library, ..new_account("library")
            };
            db.write(async |tx| accounts::ensure_library(tx, &new).await).await.unwrap()
        };
        repository(&db, bob, "bob/app", false).await;
        repository(&db, alice, "alice/zz", false).await;
        repository(&db, alice, "alice/se.cret", true).await;
        repository(&db, alice, "alice/se-cret", false).await;
        repository(&db, library, "library/hidden", true).await;
        let mut tx = db.begin().await.unwrap();

        let public = Visibility::PUBLIC;
        let all = repos::list_visible(&mut tx, &public, None, 10).await.unwrap();
        assert_eq!(names(&all), ["alice/se-cret", "alice/zz", "bob/app"]);
        let own = Visibility::of(alice, false);
        let all = repos::list_visible(&mut tx, &own, None, 2).await.unwrap();
        assert_eq!(names(&all), ["alice/se-cret", "alice/se.cret"]);
        let rest = repos::list_visible(&mut tx, &own, all.last().map(RepositoryName::as_str), 10).await.unwrap();
        assert_eq!(names(&rest), ["alice/zz", "bob/app"]);
        let admin = Visibility::of(bob, true);
        let all = repos::list_visible(&mut tx, &admin, None, 10).await.unwrap();
        assert_eq!(names(&all), ["alice/se-cret", "alice/zz", "bob/app", "library/hidden"]);
    }

    async fn archiving_voids_tokens_and_rules_for_tags_are_kept(db: Db) {
        let (_, app) = alice_app(&db).await;
        let mut tx = db.begin().await.unwrap();
        assert!(repos::set_archived(&mut tx, app, true, at(5)).await.unwrap());
        assert!(!repos::set_archived(&mut tx, app, true, at(6)).await.unwrap());
        assert_eq!(repos::immutable_tags(&mut tx, app).await.unwrap(), None);
        let rules = vec!["v.*".to_owned()];
        assert!(repos::set_immutable_tags(&mut tx, app, Some(&rules), at(7)).await.unwrap());
        assert!(!repos::set_immutable_tags(&mut tx, id(), None, at(7)).await.unwrap());
        assert_eq!(repos::immutable_tags(&mut tx, app).await.unwrap(), Some(rules.clone()));

        let record = repos::find_by_id(&mut tx, app).await.unwrap().unwrap();
        assert_eq!((record.is_archived, record.generation), (true, 2));
        assert_eq!(record.immutable_tags, Some(rules));
    }
}
