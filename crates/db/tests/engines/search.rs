use std::collections::HashSet;

use roadstead_db::repos::{self, Visibility};
use roadstead_db::search::{self, ChangeRow};
use roadstead_db::{Db, DbError, Engine, both_databases, collaborators, trash};
use roadstead_types::{Id, RepositoryId, Role};

use crate::fixture::*;

/// What a reader at `position` is told, and where it goes on.
async fn read(db: &Db, position: i64) -> (Vec<RepositoryId>, i64) {
    let settled = db.read(async |tx| search::settled(tx).await).await.unwrap();
    let rows = db.read(async |tx| search::changes_since(tx, position, 10).await).await.unwrap();
    (rows.into_iter().map(|row: ChangeRow| row.repository_id).collect(), settled)
}

async fn note(db: &Db, id: RepositoryId) {
    db.write(async |tx| search::changed(tx, id).await).await.unwrap();
}

both_databases! {
    async fn a_reader_is_told_each_change_and_then_no_more(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let (_, start) = read(&db, 0).await;
        note(&db, app).await;
        let tool = repository(&db, alice, "alice/tool", false).await;
        note(&db, tool).await;

        let (seen, next) = read(&db, start).await;

        assert_eq!(HashSet::from_iter(seen), HashSet::from([app, tool]));
        // Other databases of the server have transactions too, which delay what is settled.
        if db.engine() == Engine::Sqlite {
            assert_eq!(read(&db, next).await, (vec![], next));
        }
    }

    async fn a_change_that_commits_late_is_not_missed(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let tool = repository(&db, alice, "alice/tool", false).await;
        let (_, start) = read(&db, 0).await;
        let mut slow = db.begin().await.unwrap();
        search::changed(&mut slow, app).await.unwrap();
        // SQLite has one writer; there the other change comes after, and nothing can be missed.
        let overlaps = db.engine() == Engine::Postgres;
        if overlaps {
            note(&db, tool).await;
        }

        let (_, next) = read(&db, start).await;
        slow.commit().await.unwrap();

        let (seen, _) = read(&db, next).await;
        assert!(seen.contains(&app), "{seen:?}");
        assert_eq!(seen.contains(&tool), overlaps, "what was seen may come again");
    }

    async fn what_is_forgotten_is_known_to_be(db: Db) {
        let (_, app) = alice_app(&db).await;
        let (_, start) = read(&db, 0).await;
        for _ in 0..5 {
            note(&db, app).await;
        }
        let before = db.read(async |tx| search::source(tx).await).await.unwrap();

        let gone = db.write(async |tx| search::forget_changes(tx, 2).await).await.unwrap();
        db.write(async |tx| search::ask_for_rebuild(tx).await).await.unwrap();

        assert_eq!((gone, read(&db, 0).await.0.len()), (3, 2));
        let after = db.read(async |tx| search::source(tx).await).await.unwrap();
        assert!(before.forgotten <= start && after.forgotten > start, "{after:?}");
        assert_eq!((after.database_id, after.edition), (before.database_id, before.edition + 1));
    }

    async fn what_can_be_searched_is_read_in_one_piece(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let gone = repository(&db, alice, "alice/gone", false).await;
        let tool = repository(&db, alice, "alice/tool", true).await;
        db.write(async |tx| {
            repos::set_readme(tx, app, &"long ".repeat(2000), at(3)).await?;
            trash::put(tx, gone, None, at(4), at(99)).await?;
            Ok::<_, DbError>(())
        }).await.unwrap();

        let mut tx = db.begin().await.unwrap();
        let mut some = search::find_searchable(&mut tx, &[app, gone, tool]).await.unwrap();
        some.sort_by_key(|row| row.id);
        let all = search::list_searchable(&mut tx, RepositoryId::from_raw(0), 9).await.unwrap();
        let rest = search::list_searchable(&mut tx, app, 9).await.unwrap();
        let platforms = search::list_platforms(&mut tx, app, tool).await.unwrap();

        assert_eq!(some, all);
        assert_eq!(all.iter().map(|row| row.id).collect::<Vec<_>>(), [app, tool]);
        assert_eq!((all[0].readme.len(), all[1].readme.as_str()), (4096, ""));
        assert_eq!((rest.len(), platforms.len()), (1, 0));
    }

    async fn what_an_account_may_read_is_what_lists_show(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let (bob, eve) = (account(&db, "bob").await, account(&db, "eve").await);
        let shared = repository(&db, alice, "alice/shared", true).await;
        let secret = repository(&db, alice, "alice/secret", true).await;
        let own = repository(&db, bob, "bob/own", true).await;
        db.write(async |tx| collaborators::add(tx, shared, bob, Role::Read, at(1)).await).await.unwrap();

        let mut tx = db.begin().await.unwrap();
        let eyes = Visibility::of(bob, false);
        let namespaces = search::readable_namespaces(&mut tx, &eyes).await.unwrap();
        let repositories = search::readable_repositories(&mut tx, &eyes).await.unwrap();
        assert_eq!((namespaces, repositories), (vec![bob], vec![shared]));
        let mut visible = async |eyes| {
            let rows = search::find_visible(&mut tx, &eyes, &[app, shared, secret, own]).await.unwrap();
            let mut ids: Vec<_> = rows.into_iter().map(|row| row.id).collect();
            ids.sort();
            ids
        };
        assert_eq!(visible(eyes).await, [app, shared, own]);
        assert_eq!(visible(Visibility::of(eve, false)).await, [app]);
        assert_eq!(visible(Visibility::PUBLIC).await, [app]);
    }
}
