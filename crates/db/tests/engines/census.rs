use roadstead_db::census::{self, Census};
use roadstead_db::{both_databases, plans, trash};

use crate::fixture::*;

both_databases! {
    async fn the_hub_is_counted(db: Db) {
        let mut tx = db.begin().await.unwrap();
        assert_eq!(census::take(&mut tx).await.unwrap(), Census::default());
        tx.commit().await.unwrap();

        let alice = account(&db, "alice").await;
        let (acme, _) = organization(&db, "acme").await;
        let app = repository(&db, alice, "alice/app", false).await;
        let secret = repository(&db, alice, "alice/secret", true).await;
        let tool = repository(&db, acme, "acme/tool", false).await;
        let blob = linked_blob(&db, app, 1).await;
        let other = linked_blob(&db, tool, 2).await;
        let mut tx = db.begin().await.unwrap();
        trash::put(&mut tx, tool, Some(alice), at(2), at(3)).await.unwrap();
        plans::set_of(&mut tx, acme, Some("team")).await.unwrap();

        let counted = census::take(&mut tx).await.unwrap();
        let bytes = blob.size + other.size;
        let expected = Census {
            people: 1,
            organizations: 1,
            repositories: 2,
            private_repositories: 1,
            trashed: 1,
            blobs: 2,
            blob_bytes: bytes,
            uploads: 0,
            upload_bytes: 0,
            charged_bytes: bytes,
        };
        assert_eq!(counted, expected, "beside {secret:?}");
        let fullest = census::fullest(&mut tx, 1).await.unwrap();
        assert_eq!(fullest[0].stored_bytes, blob.size.max(other.size));
        assert_eq!(census::fullest(&mut tx, 9).await.unwrap().len(), 2);
        let mut plans = census::accounts_by_plan(&mut tx).await.unwrap();
        plans.sort();
        assert_eq!(plans, [(None, 1), (Some("team".to_owned()), 1)]);
    }
}
