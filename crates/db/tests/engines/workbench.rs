use roadstead_db::repos::Visibility;
use roadstead_db::workbench::{self, WorkFilter, WorkOrder};
use roadstead_db::{Db, DbError, both_databases, collaborators, grants, repos, stars, teams};
use roadstead_types::{AccountId, Role};

use crate::fixture::*;

async fn names(db: &Db, account: AccountId, filter: &WorkFilter) -> (Vec<String>, u64) {
    let eyes = Visibility::of(account, false);
    let found = db.read(async |tx| workbench::list(tx, account, &eyes, filter, 0, 9).await).await;
    let (page, total) = found.unwrap();
    (page.into_iter().map(|record| record.path.to_string()).collect(), total)
}

fn by_name() -> WorkFilter {
    WorkFilter { order: WorkOrder::Name, ..WorkFilter::default() }
}

both_databases! {
    async fn one_works_on_what_one_owns_or_may_push_to(db: Db) {
        let (alice, bob) = (account(&db, "alice").await, account(&db, "bob").await);
        let (acme, owners) = organization(&db, "acme").await;
        let (zinc, _) = organization(&db, "zinc").await;
        let crew = team(&db, zinc, "crew").await;
        repository(&db, alice, "alice/app", true).await;
        repository(&db, acme, "acme/app", true).await;
        let shared = repository(&db, bob, "bob/shared", true).await;
        repository(&db, bob, "bob/public", false).await;
        let read = repository(&db, zinc, "zinc/read", true).await;
        let write = repository(&db, zinc, "zinc/write", true).await;
        db.write(async |tx| {
            teams::add_member(tx, owners, alice, at(1)).await?;
            teams::add_member(tx, crew, alice, at(1)).await?;
            grants::set(tx, read, crew, Role::Read, at(1)).await?;
            grants::set(tx, write, crew, Role::Write, at(1)).await?;
            collaborators::add(tx, shared, alice, Role::Write, at(1)).await?;
            stars::add(tx, shared, bob, at(1)).await?;
            repos::set_pushed(tx, write, 1, None, at(5)).await?;
            Ok::<_, DbError>(())
        }).await.unwrap();

        let all = ["acme/app", "alice/app", "bob/shared", "zinc/write"].map(str::to_owned);
        assert_eq!(names(&db, alice, &by_name()).await, (all.to_vec(), 4));
        assert_eq!(names(&db, bob, &by_name()).await.0, ["bob/public", "bob/shared"]);
        let first = async |order| {
            names(&db, alice, &WorkFilter { order, ..WorkFilter::default() }).await.0.swap_remove(0)
        };
        assert_eq!(first(WorkOrder::Pushed).await, "zinc/write");
        assert_eq!(first(WorkOrder::Stars).await, "bob/shared");
        assert_eq!(first(WorkOrder::Pulls).await, "zinc/write", "the newest of equals");
    }

    async fn what_one_works_on_is_filtered_and_hidden_from_other_eyes(db: Db) {
        let alice = account(&db, "alice").await;
        repository(&db, alice, "alice/web_app", true).await;
        repository(&db, alice, "alice/webxapp", false).await;
        let of = async |filter: WorkFilter| names(&db, alice, &filter).await.0;

        assert_eq!(of(WorkFilter { text: "web_".into(), ..by_name() }).await, ["alice/web_app"]);
        assert_eq!(of(WorkFilter { text: "ALICE/".into(), ..by_name() }).await.len(), 2);
        assert_eq!(of(WorkFilter { is_private: Some(true), ..by_name() }).await, ["alice/web_app"]);
        assert_eq!(of(WorkFilter { is_private: Some(false), ..by_name() }).await, ["alice/webxapp"]);
        let elsewhere = WorkFilter { namespace: Some("bob".parse().unwrap()), ..by_name() };
        assert_eq!(of(elsewhere).await, Vec::<String>::new());
        let public = Visibility::PUBLIC;
        let filter = by_name();
        let seen = db.read(async |tx| workbench::list(tx, alice, &public, &filter, 0, 9).await).await;
        assert_eq!(seen.unwrap().1, 1, "a credential that sees what is public");
    }
}
