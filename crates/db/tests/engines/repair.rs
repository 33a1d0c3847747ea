use roadstead_db::storage::{self, Held};
use roadstead_db::{blobs, both_databases, holdings, repair};

use crate::fixture::*;

both_databases! {
    async fn a_blob_that_is_lost_is_forgotten_everywhere(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let other = repository(&db, alice, "alice/other", false).await;
        let blob = linked_blob(&db, app, 1).await;
        let mut tx = db.begin().await.unwrap();
        let charges = holdings::link(&mut tx, other, blob.id, at(1)).await.unwrap();
        assert!(charges.is_empty(), "alice has it already");

        assert!(repair::forget_blob(&mut tx, blob.id).await.unwrap());
        assert!(!repair::forget_blob(&mut tx, blob.id).await.unwrap());

        assert_eq!(storage::held(&mut tx, alice).await.unwrap(), Held::default());
        assert_eq!(blobs::find(&mut tx, &digest(1)).await.unwrap(), None);
        assert_eq!(blobs::missing(&mut tx, other, &[digest(1)]).await.unwrap(), [digest(1)]);
    }

    async fn only_tags_without_a_manifest_in_their_repository_dangle(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let other = repository(&db, alice, "alice/other", false).await;
        let image = manifest(&db, app, 1).await;
        let mut tx = db.begin().await.unwrap();
        let v1 = "v1".parse().unwrap();
        put_tag(&mut tx, app, &v1, image, None, at(1)).await.unwrap();
        assert_eq!(repair::dangling_tags(&mut tx, 9).await.unwrap(), []);

        // The constraints let this pass, the domain never does it.
        put_tag(&mut tx, other, &v1, image, None, at(1)).await.unwrap();
        assert_eq!(repair::dangling_tags(&mut tx, 9).await.unwrap(), [(other, v1)]);
    }
}
