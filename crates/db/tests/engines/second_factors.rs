use roadstead_db::{DbError, accounts, both_databases, second_factors};

use crate::fixture::{account, at};

both_databases! {
    async fn a_second_factor_counts_once_it_is_confirmed_and_each_step_once(db: Db) {
        let alice = account(&db, "alice").await;
        let bob = account(&db, "bob").await;
        db.write(async |tx| {
            let is_on = async |tx: &mut _| {
                accounts::find_by_id(tx, alice).await.unwrap().unwrap().has_second_factor
            };
            assert!(!second_factors::confirm(tx, alice, at(1)).await?);
            assert!(second_factors::begin(tx, alice, b"first", at(1)).await?);
            assert!(second_factors::advance(tx, alice, 9).await?);
            assert!(second_factors::begin(tx, alice, b"second", at(2)).await?);
            let begun = second_factors::find(tx, alice).await?.unwrap();
            assert_eq!((&begun.secret[..], begun.last_step), (&b"second"[..], 0));
            assert!(!is_on(tx).await && begun.confirmed_at.is_none());

            assert!(second_factors::confirm(tx, alice, at(3)).await?);

            assert!(is_on(tx).await);
            assert!(!second_factors::confirm(tx, alice, at(4)).await?);
            assert!(!second_factors::begin(tx, alice, b"third", at(4)).await?);
            assert!(second_factors::advance(tx, alice, 7).await?);
            assert!(!second_factors::advance(tx, alice, 7).await?);
            assert!(!second_factors::advance(tx, alice, 6).await?);
            let found = second_factors::find(tx, alice).await?.unwrap();
            assert_eq!((&found.secret[..], found.last_step), (&b"second"[..], 7));
            assert_eq!(found.confirmed_at, Some(at(3)));
            assert_eq!(second_factors::find(tx, bob).await?, None);

            assert!(second_factors::delete(tx, alice).await?);
            assert!(!is_on(tx).await && !second_factors::delete(tx, alice).await?);
            assert!(second_factors::begin(tx, alice, b"fourth", at(5)).await?);
            assert!(!second_factors::delete(tx, alice).await?, "it was not in force");
            Ok::<_, DbError>(())
        }).await.unwrap();
    }

    async fn a_recovery_code_is_used_once_by_its_own_account(db: Db) {
        let alice = account(&db, "alice").await;
        let bob = account(&db, "bob").await;
        let (one, two, three) = ([1; 32], [2; 32], [3; 32]);
        db.write(async |tx| {
            second_factors::replace_recovery_codes(tx, alice, &[one, two]).await?;
            second_factors::replace_recovery_codes(tx, bob, &[one]).await?;

            assert!(second_factors::take_recovery_code(tx, alice, &one).await?);
            assert!(!second_factors::take_recovery_code(tx, alice, &one).await?);
            assert_eq!(second_factors::count_recovery_codes(tx, alice).await?, 1);
            second_factors::replace_recovery_codes(tx, alice, &[three]).await?;
            assert!(!second_factors::take_recovery_code(tx, alice, &two).await?);
            assert_eq!(second_factors::count_recovery_codes(tx, bob).await?, 1);

            second_factors::begin(tx, alice, b"secret", at(1)).await?;
            second_factors::delete(tx, alice).await?;
            assert_eq!(second_factors::count_recovery_codes(tx, alice).await?, 0);
            Ok::<_, DbError>(())
        }).await.unwrap();
    }
}
