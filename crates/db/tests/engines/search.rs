use roadstead_db::{both_databases, search};

use crate::fixture::*;

both_databases! {
    async fn every_change_is_noted_by_itself(db: Db) {
        let (_, app) = alice_app(&db).await;
        let mut tx = db.begin().await.unwrap();
        search::changed(&mut tx, app).await.unwrap();
        search::changed(&mut tx, app).await.unwrap();
        tx.commit().await.unwrap();
    }
}
