use roadstead_db::sessions::{self, SessionRecord};
use roadstead_db::{Db, DbError, both_databases};
use roadstead_types::{AccountId, SessionId};

use crate::fixture::{account, at, id};

/// A session that was last used after so many seconds and ends after a hundred.
async fn session(db: &Db, owner: AccountId, used: i64) -> SessionRecord {
    let id: SessionId = id();
    let record = SessionRecord {
        id,
        uuid: format!("{used:032x}"),
        account_id: owner,
        credentials_epoch: 3,
        client: "curl/8".to_owned(),
        address: "192.0.2.1".to_owned(),
        created_at: at(0),
        last_used_at: at(used),
        expires_at: at(100),
        proved_at: at(0),
    };
    let hash = [u8::try_from(used).unwrap(); 32];
    db.write(async |tx| sessions::insert(tx, &record, &hash).await).await.unwrap();
    record
}

both_databases! {
    async fn a_session_is_found_until_it_ends(db: Db) {
        let alice = account(&db, "alice").await;
        let bob = account(&db, "bob").await;
        let one = session(&db, alice, 1).await;
        let other = session(&db, bob, 2).await;
        db.write(async |tx| {
            assert_eq!(sessions::find(tx, one.id).await?, Some(one.clone()));
            assert_eq!(sessions::find_by_secret(tx, &[2; 32]).await?, Some(other.clone()));
            assert_eq!(sessions::find_by_secret(tx, &[3; 32]).await?, None);

            sessions::touch(tx, one.id, at(9), "192.0.2.9", at(200)).await?;
            let used = sessions::find(tx, one.id).await?.unwrap();
            assert_eq!((used.last_used_at, used.expires_at), (at(9), at(200)));
            assert_eq!((used.address.as_str(), used.proved_at), ("192.0.2.9", at(0)));
            sessions::prove(tx, one.id, at(10)).await?;
            assert_eq!(sessions::find(tx, one.id).await?.unwrap().proved_at, at(10));

            assert!(!sessions::delete(tx, alice, &other.uuid).await?, "it is Bob's");
            assert!(sessions::delete(tx, bob, &other.uuid).await?);
            assert!(!sessions::delete(tx, bob, &other.uuid).await?);
            assert_eq!(sessions::purge(tx, at(199)).await?, 0);
            assert_eq!(sessions::purge(tx, at(200)).await?, 1);
            assert_eq!(sessions::find(tx, one.id).await?, None);
            Ok::<_, DbError>(())
        }).await.unwrap();
    }

    async fn the_last_used_is_listed_first_and_trimmed_last(db: Db) {
        let alice = account(&db, "alice").await;
        let bob = account(&db, "bob").await;
        let other = session(&db, bob, 50).await;
        let mut made = Vec::new();
        for used in 1..=5 {
            made.push(session(&db, alice, used).await.id);
        }
        db.write(async |tx| {
            let listed = async |tx: &mut _, now, offset, limit| {
                let (rows, total) = sessions::list(tx, alice, at(now), offset, limit).await.unwrap();
                (rows.into_iter().map(|row| row.last_used_at).collect::<Vec<_>>(), total)
            };
            assert_eq!(listed(tx, 9, 1, 2).await, (vec![at(4), at(3)], 5));
            assert_eq!(listed(tx, 100, 0, 9).await, (vec![], 0), "they are over");

            assert_eq!(sessions::trim(tx, alice, 5).await?, 0);
            assert_eq!(sessions::trim(tx, alice, 3).await?, 2);
            assert_eq!(listed(tx, 9, 0, 9).await, (vec![at(5), at(4), at(3)], 3));

            assert_eq!(sessions::delete_others(tx, alice, Some(made[3])).await?, 2);
            assert_eq!(listed(tx, 9, 0, 9).await, (vec![at(4)], 1));
            assert_eq!(sessions::delete_others(tx, alice, None).await?, 1);
            assert!(sessions::find(tx, other.id).await?.is_some());
            Ok::<_, DbError>(())
        }).await.unwrap();
    }
}
