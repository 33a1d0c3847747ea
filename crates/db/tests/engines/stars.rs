use roadstead_db::{both_databases, repos, stars};

use crate::fixture::*;

both_databases! {
    async fn a_star_counts_once_however_often_it_is_given(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let bob = account(&db, "bob").await;
        let rounds = (0..24).map(|round| {
            let (db, who) = (db.clone(), if round % 2 == 0 { alice } else { bob });
            tokio::spawn(async move {
                db.write(async |tx| match round % 3 {
                    2 => stars::remove(tx, app, who).await,
                    _ => stars::add(tx, app, who, at(round)).await,
                }).await.unwrap();
            })
        });
        for round in futures_util::future::join_all(rounds).await {
            round.unwrap();
        }
        let mut tx = db.begin().await.unwrap();
        let (found, total) = stars::list(&mut tx, app, 0, 9).await.unwrap();
        assert_eq!(found.len() as u64, total, "the counter is what the rows say");

        for who in [alice, bob] {
            stars::add(&mut tx, app, who, at(50)).await.unwrap();
        }
        stars::remove(&mut tx, app, alice).await.unwrap();
        assert!(stars::add(&mut tx, app, alice, at(60)).await.unwrap());
        assert!(!stars::add(&mut tx, app, alice, at(61)).await.unwrap());
        let (found, total) = stars::list(&mut tx, app, 0, 1).await.unwrap();
        assert_eq!((found[0].name.as_str(), found[0].starred_at, total), ("alice", at(60), 2));
        assert!(stars::remove(&mut tx, app, bob).await.unwrap());
        assert!(!stars::remove(&mut tx, app, bob).await.unwrap());
        assert_eq!(repos::find_by_id(&mut tx, app).await.unwrap().unwrap().stars, 1);
    }
}
