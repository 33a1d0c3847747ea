use roadstead_db::{Db, DbError, both_databases, holdings, recount};
use roadstead_types::AccountId;

use crate::fixture::*;
use crate::storage::held;

async fn repair(db: &Db, namespace: AccountId) {
    db.write(async |tx| {
        while recount::correct_links(tx, namespace, 1).await? {}
        let found = recount::compare_one(tx, namespace).await?.unwrap();
        recount::correct_bytes(tx, &found).await
    })
    .await
    .unwrap();
}

both_databases! {
    async fn books_that_are_wrong_are_found_and_corrected(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let bob = account(&db, "bob").await;
        let blobs = [linked_blob(&db, app, 1).await, linked_blob(&db, app, 2).await];
        manifest(&db, app, 3).await;
        let right = held(&db, alice).await;
        let compare = async || db.read(async |tx| recount::compare(tx, None, 9).await).await.unwrap();
        assert!(compare().await.iter().all(|found| found.agrees()));

        // A link more in the books, one less, and bytes that nobody entered.
        db.write(async |tx| {
            let _forgotten = holdings::unlink(tx, app, &blobs[0].digest).await?;
            let _forgotten = holdings::link(tx, app, blobs[0].id, at(9)).await?;
            let _forgotten = holdings::unlink(tx, app, &blobs[1].digest).await?;
            Ok::<_, DbError>(())
        }).await.unwrap();
        let found = compare().await;
        assert_eq!(found.iter().filter(|found| !found.agrees()).count(), 1);
        assert_eq!(found[0].stored_in_books - found[0].stored, 1002, "{found:?}");

        repair(&db, alice).await;

        assert!(compare().await.iter().all(|found| found.agrees()));
        assert_eq!(held(&db, alice).await.stored, right.stored - 1002);
        let none = db.read(async |tx| recount::compare_one(tx, id()).await).await.unwrap();
        assert_eq!(none, None);
        let page = db.read(async |tx| recount::compare(tx, Some(alice), 9).await).await.unwrap();
        assert_eq!(page.iter().map(|found| found.id).collect::<Vec<_>>(), [bob]);
    }
}
