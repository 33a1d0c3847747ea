use roadstead_db::listing::{self, NamespaceList, RepositoryOrder};
use roadstead_db::repos::{self, Visibility};
use roadstead_db::{Db, DbError, both_databases, collaborators, stars};
use roadstead_types::{AccountId, Role};

use crate::fixture::*;

pub fn of(namespace: AccountId, name: &str, eyes: Visibility) -> NamespaceList<'_> {
    NamespaceList {
        namespace,
        namespace_name: name,
        eyes,
        name_part: None,
        order: RepositoryOrder::Name,
        is_descending: false,
        offset: 0,
        limit: 10,
    }
}

async fn names(db: &Db, list: NamespaceList<'_>) -> (Vec<String>, u64) {
    let (page, total) = db.read(async |tx| listing::in_namespace(tx, &list).await).await.unwrap();
    (page.into_iter().map(|record| record.path.name().to_owned()).collect(), total)
}

both_databases! {
    async fn a_namespace_is_listed_in_every_order_and_only_as_far_as_one_may_see(db: Db) {
        let (alice, bob) = (account(&db, "alice").await, account(&db, "bob").await);
        let mut ids = Vec::new();
        for (name, private) in [("b-one", false), ("a_one", false), ("a.two", true), ("axone", false)] {
            ids.push(repository(&db, alice, &format!("alice/{name}"), private).await);
        }
        repository(&db, bob, "bob/one", false).await;
        db.write(async |tx| {
            repos::set_pushed(tx, ids[0], 1, None, at(5)).await?;
            repos::set_pushed(tx, ids[1], 1, None, at(6)).await?;
            collaborators::add(tx, ids[2], bob, Role::Read, at(1)).await
        }).await.unwrap();

        let own = of(alice, "alice", Visibility::of(alice, false));
        let public = NamespaceList { eyes: Visibility::PUBLIC, ..own };
        let name = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(&db, own).await, (name(&["a.two", "a_one", "axone", "b-one"]), 4));
        assert_eq!(names(&db, public).await, (name(&["a_one", "axone", "b-one"]), 3));
        let theirs = NamespaceList { eyes: Visibility::of(bob, false), ..own };
        assert_eq!(names(&db, theirs).await.1, 4, "bob was let in");
        let page = NamespaceList { offset: 1, limit: 1, is_descending: true, ..public };
        assert_eq!(names(&db, page).await, (name(&["axone"]), 3));
        let newest = NamespaceList { order: RepositoryOrder::Pushed, is_descending: true, ..own };
        assert_eq!(names(&db, newest).await.0, name(&["a_one", "b-one", "axone", "a.two"]));
        let oldest = NamespaceList { is_descending: false, ..newest };
        assert_eq!(names(&db, oldest).await.0, name(&["a.two", "axone", "b-one", "a_one"]));
        let pulled = NamespaceList { order: RepositoryOrder::Pulls, limit: 2, ..own };
        assert_eq!(names(&db, pulled).await.0.len(), 2);
        let like = NamespaceList { name_part: Some("a_"), ..own };
        assert_eq!(names(&db, like).await, (name(&["a_one"]), 1), "`_` stands for itself");
        let like = NamespaceList { name_part: Some("one"), ..public };
        assert_eq!(names(&db, like).await.1, 3);
        let like = NamespaceList { name_part: Some("alice"), ..own };
        assert_eq!(names(&db, like).await.1, 0, "the namespace is no part of the name");
    }

    async fn particulars_are_counted_and_starred_lists_hide_what_was_hidden(db: Db) {
        let (_, app) = alice_app(&db).await;
        let bob = account(&db, "bob").await;
        linked_blob(&db, app, 1).await;
        linked_blob(&db, app, 2).await;
        db.write(async |tx| {
            repos::set_readme(tx, app, "# hello", at(1)).await?;
            collaborators::add(tx, app, bob, Role::Write, at(1)).await?;
            stars::add(tx, app, bob, at(3)).await?;
            Ok::<_, DbError>(())
        }).await.unwrap();
        let mut tx = db.begin().await.unwrap();

        let found = listing::particulars(&mut tx, app, Some(bob)).await.unwrap();
        assert_eq!((found.readme.as_str(), found.collaborators, found.is_starred), ("# hello", 1, true));
        assert_eq!(found.stored_bytes, 2003);
        assert!(!listing::particulars(&mut tx, app, None).await.unwrap().is_starred);
        let eyes = Visibility::of(bob, false);
        let (page, total) = listing::starred_by(&mut tx, bob, &eyes, 0, 9).await.unwrap();
        assert_eq!((page[0].path.as_str(), page[0].stars, total), ("alice/app", 1, 1));
        repos::set_private(&mut tx, app, true, at(4)).await.unwrap();
        let seen = listing::starred_by(&mut tx, bob, &eyes, 0, 9).await.unwrap();
        assert_eq!(seen.1, 1, "a collaborator still sees it");
        let seen = listing::starred_by(&mut tx, bob, &Visibility::PUBLIC, 0, 9).await.unwrap();
        assert_eq!((seen.0.len(), seen.1), (0, 0));
    }
}
