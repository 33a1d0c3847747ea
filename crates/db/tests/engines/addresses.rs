use roadstead_db::codes::Purpose;
use roadstead_db::links::{self, LinkRecord, NewLink};
use roadstead_db::{DbError, accounts, addresses, both_databases};
use roadstead_types::AccountId;

use crate::fixture::*;

fn link(account_id: AccountId, number: u8, purpose: Purpose) -> NewLink<'static> {
    NewLink {
        secret_hash: [number; 32],
        purpose,
        account_id,
        email: "new@example.org",
        created_at: at(0),
        expires_at: at(100),
    }
}

both_databases! {
    async fn a_link_works_once_for_its_purpose_in_its_time(db: Db) {
        let (alice, bob) = (account(&db, "alice").await, account(&db, "bob").await);
        let hash = [1; 32];
        let mut tx = db.begin().await.unwrap();
        links::insert(&mut tx, &link(alice, 1, Purpose::VerifyAddress)).await.unwrap();
        for (purpose, now) in [(Purpose::ResetPassword, 1), (Purpose::VerifyAddress, 100)] {
            assert_eq!(links::find(&mut tx, &hash, purpose, at(now)).await.unwrap(), None);
            assert_eq!(links::take(&mut tx, &hash, purpose, at(now)).await.unwrap(), None);
        }
        let found = links::find(&mut tx, &hash, Purpose::VerifyAddress, at(99)).await.unwrap();
        assert_eq!(found, Some(LinkRecord { account_id: alice, email: "new@example.org".into() }));
        let taken = links::take(&mut tx, &hash, Purpose::VerifyAddress, at(99)).await.unwrap();
        assert_eq!(taken, found);
        assert_eq!(links::take(&mut tx, &hash, Purpose::VerifyAddress, at(99)).await.unwrap(), None);

        for (owner, number) in [(alice, 2), (alice, 3), (bob, 4)] {
            links::insert(&mut tx, &link(owner, number, Purpose::ResetPassword)).await.unwrap();
        }
        links::insert(&mut tx, &link(alice, 5, Purpose::VerifyAddress)).await.unwrap();
        assert_eq!(links::delete_of(&mut tx, alice, Purpose::ResetPassword).await.unwrap(), 2);
        assert!(links::find(&mut tx, &[4; 32], Purpose::ResetPassword, at(1)).await.unwrap().is_some());
        assert!(links::find(&mut tx, &[5; 32], Purpose::VerifyAddress, at(1)).await.unwrap().is_some());
    }

    async fn a_verified_address_belongs_to_one_account(db: Db) {
        let (alice, bob) = (account(&db, "alice").await, account(&db, "bob").await);
        let mut tx = db.begin().await.unwrap();
        assert!(addresses::set_pending(&mut tx, bob, Some("New@example.org")).await.unwrap());
        let pending = addresses::find_pending(&mut tx, bob).await.unwrap();
        assert_eq!(pending.as_deref(), Some("New@example.org"));
        assert!(!addresses::set_pending(&mut tx, id(), None).await.unwrap());
        assert_eq!(addresses::find_pending(&mut tx, id()).await.unwrap(), None);

        let key = "new@example.org";
        assert!(addresses::claim(&mut tx, bob, "New@example.org", key, at(7)).await.unwrap());
        assert!(!addresses::claim(&mut tx, alice, key, key, at(8)).await.unwrap());
        assert!(addresses::claim(&mut tx, bob, key, key, at(9)).await.unwrap());

        assert_eq!(addresses::find_pending(&mut tx, bob).await.unwrap(), None);
        let found = accounts::find_by_email_key(&mut tx, key).await.unwrap().unwrap();
        assert_eq!((found.id, found.email_verified_at), (bob, Some(at(9))));
    }

    async fn of_many_who_claim_one_address_one_gets_it(db: Db) {
        let mut people = Vec::new();
        for name in ["a1", "a2", "a3", "a4", "a5", "a6"] {
            people.push(account(&db, name).await);
        }
        let claims = people.into_iter().map(|person| {
            let db = db.clone();
            tokio::spawn(async move {
                let (email, now) = ("all@example.org", at(5));
                db.write(async |tx| addresses::claim(tx, person, email, email, now).await).await
            })
        });
        let mut winners = 0;
        for claim in futures_util::future::join_all(claims).await {
            match claim.unwrap() {
                Ok(true) => winners += 1,
                Ok(false) | Err(DbError::Conflict(_)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }

        assert_eq!(winners, 1);
    }
}
