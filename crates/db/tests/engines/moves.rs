use roadstead_db::moves::{self, Claim, Destination};
use roadstead_db::{Db, DbError, both_databases, collaborators, lookups, repos};
use roadstead_types::{AccountId, RepositoryId, Role};

use crate::fixture::*;

fn to(path: &str, namespace: Option<AccountId>) -> Destination {
    Destination { path: path.parse().unwrap(), namespace }
}

/// Moves it, and rolls back what did not work out.
async fn relocate(db: &Db, id: RepositoryId, generation: i64, to: &Destination) -> Claim {
    let mut tx = db.begin().await.unwrap();
    let claim = moves::relocate(&mut tx, id, generation, to, at(9)).await.unwrap();
    if claim == Claim::Made {
        tx.commit().await.unwrap();
    }
    claim
}

async fn leads_to(db: &Db, path: &str) -> Option<RepositoryId> {
    let found = lookups::repositories(db, &[path.parse().unwrap()]).await.unwrap();
    found[0].as_ref().map(|facts| facts.id)
}

both_databases! {
    async fn every_name_of_a_chain_leads_to_the_same_repository_until_it_is_released(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let other = repository(&db, alice, "alice/other", false).await;
        for path in ["alice/bb", "alice/cc"] {
            assert_eq!(relocate(&db, app, 1, &to(path, None)).await, Claim::Made);
        }
        for path in ["alice/app", "alice/bb", "alice/cc"] {
            assert_eq!(leads_to(&db, path).await, Some(app));
            assert_eq!(relocate(&db, other, 1, &to(path, None)).await, Claim::Taken, "{path}");
        }
        assert_eq!(relocate(&db, app, 1, &to("alice/other", None)).await, Claim::Taken);
        assert_eq!(relocate(&db, app, 2, &to("alice/dd", None)).await, Claim::Gone);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(repos::find_by_id(&mut tx, app).await.unwrap().unwrap().path.as_str(), "alice/cc");
        assert_eq!(repos::find_by_id(&mut tx, other).await.unwrap().unwrap().path.as_str(), "alice/other");
        drop(tx);

        assert_eq!(relocate(&db, app, 1, &to("alice/app", None)).await, Claim::Made, "back again");
        db.write(async |tx| {
            let former = moves::former(tx, app).await?;
            let names: Vec<_> = former.iter().map(|former| former.path.as_str()).collect();
            assert_eq!(names, ["alice/bb", "alice/cc"]);
            assert!(moves::release(tx, app, &"alice/bb".parse().unwrap()).await?);
            assert!(!moves::release(tx, app, &"alice/bb".parse().unwrap()).await?);
            assert!(!moves::release(tx, app, &"alice/app".parse().unwrap()).await?, "the present one");
            assert!(!moves::release(tx, other, &"alice/cc".parse().unwrap()).await?);
            Ok::<_, DbError>(())
        }).await.unwrap();
        assert_eq!(leads_to(&db, "alice/bb").await, None);
        assert_eq!(relocate(&db, other, 1, &to("alice/bb", None)).await, Claim::Made);
    }

    async fn a_transfer_voids_what_was_given(db: Db) {
        let (_, app) = alice_app(&db).await;
        let (bob, carol) = (account(&db, "bob").await, account(&db, "carol").await);
        db.write(async |tx| collaborators::add(tx, app, carol, Role::Write, at(1)).await).await.unwrap();

        assert_eq!(relocate(&db, app, 1, &to("bob/app", Some(bob))).await, Claim::Made);

        let mut tx = db.begin().await.unwrap();
        let record = repos::find_by_id(&mut tx, app).await.unwrap().unwrap();
        assert_eq!((record.namespace_id, record.generation, record.is_official), (bob, 2, false));
        drop(tx);
        assert_eq!(leads_to(&db, "alice/app").await, Some(app));
        assert_eq!(lookups::roles(&db, &[(carol, app)]).await.unwrap(), [None]);
    }

    async fn of_two_who_want_one_name_one_gets_it(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let other = repository(&db, alice, "alice/other", false).await;
        let wishes = [app, other].map(|id| {
            let db = db.clone();
            tokio::spawn(async move { relocate(&db, id, 1, &to("alice/wanted", None)).await })
        });
        let mut claims = Vec::new();
        for wish in wishes {
            claims.push(wish.await.unwrap());
        }
        assert!(claims.contains(&Claim::Made) && claims.contains(&Claim::Taken), "{claims:?}");
    }
}
