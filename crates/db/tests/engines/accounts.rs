use roadstead_db::accounts::{self, AccountKind, NewAccount, Taken};
use roadstead_db::organizations::{self, Profile};
use roadstead_db::{DbError, both_databases, directory, members, second_factors, stars, teams};

use crate::fixture::{account, at, id, new_account, organization, repository};

both_databases! {
    async fn an_account_is_found_by_id_name_and_email_and_reads_as_written(db: Db) {
        let new = NewAccount { email_verified_at: Some(at(1)), is_admin: true, ..new_account("alice") };
        db.write(async |tx| accounts::insert(tx, &new).await).await.unwrap().unwrap();

        let mut tx = db.begin().await.unwrap();
        let found = accounts::find_by_id(&mut tx, new.id).await.unwrap().unwrap();

        assert_eq!(accounts::find_by_name(&mut tx, &new.name).await.unwrap().as_ref(), Some(&found));
        assert_eq!(
            accounts::find_by_email_key(&mut tx, "alice@example.org").await.unwrap().as_ref(),
            Some(&found)
        );
        assert_eq!(accounts::find_by_uuid(&mut tx, &new.uuid).await.unwrap().as_ref(), Some(&found));
        assert_eq!(accounts::find_by_uuid(&mut tx, "").await.unwrap(), None);
        assert_eq!(found.uuid, new.uuid);
        assert_eq!(found.email.as_deref(), Some("alice@Example.org"));
        assert_eq!(found.email_verified_at, Some(at(1)));
        assert_eq!(found.password_hash, new.password_hash);
        assert_eq!((found.kind, found.is_admin, found.credentials_epoch), (AccountKind::User, true, 1));
        assert_eq!((found.created_at, found.disabled_at), (at(0), None));
        assert_eq!(accounts::find_by_name(&mut tx, &"bob".parse().unwrap()).await.unwrap(), None);
        assert_eq!(accounts::find_by_id(&mut tx, id()).await.unwrap(), None);
    }

    async fn a_language_is_chosen_and_left_to_the_browser_again(db: Db) {
        let alice = account(&db, "alice").await;

        db.write(async |tx| {
            assert_eq!(accounts::find_language(tx, alice).await?, None);
            accounts::set_language(tx, alice, Some("zh-CN")).await?;
            assert_eq!(accounts::find_language(tx, alice).await?.as_deref(), Some("zh-CN"));
            accounts::set_language(tx, alice, None).await?;
            assert_eq!(accounts::find_language(tx, alice).await?, None);
            Ok::<_, DbError>(())
        }).await.unwrap();
    }

    async fn a_name_and_an_email_are_taken_once(db: Db) {
        account(&db, "alice").await;

        db.write(async |tx| {
            let again = new_account("alice");
            assert_eq!(accounts::insert(tx, &again).await?, Err(Taken::Name));
            let same_mail = NewAccount {
                email_key: Some("alice@example.org".into()), ..new_account("bob")
            };
            assert_eq!(accounts::insert(tx, &same_mail).await?, Err(Taken::Email));
            let without = |name| NewAccount { email: None, email_key: None, ..new_account(name) };
            assert_eq!(accounts::insert(tx, &without("bob")).await?, Ok(()));
            assert_eq!(accounts::insert(tx, &without("carol")).await?, Ok(()));
            Ok::<_, DbError>(())
        }).await.unwrap();
    }

    async fn an_id_drawn_twice_is_a_reason_to_try_again(db: Db) {
        let alice = account(&db, "alice").await;
        let twin = NewAccount { id: alice, ..new_account("bob") };

        let outcome = db.write(async |tx| accounts::insert(tx, &twin).await).await;

        assert!(matches!(outcome, Err(DbError::Busy)), "{outcome:?}");
    }

    async fn of_many_who_want_one_name_one_gets_it(db: Db) {
        let attempts = (0..8).map(|number| {
            let db = db.clone();
            tokio::spawn(async move {
                let new = NewAccount { email: None, email_key: None, ..new_account("alice") };
                let got = db.write(async |tx| accounts::insert(tx, &new).await).await;
                (number, got.unwrap().is_ok())
            })
        });
        let outcomes = futures_util::future::join_all(attempts).await;

        let winners = outcomes.into_iter().filter(|o| o.as_ref().unwrap().1).count();
        assert_eq!(winners, 1);
    }

    async fn a_new_password_or_a_lock_moves_the_epoch_on(db: Db) {
        let alice = account(&db, "alice").await;
        db.write(async |tx| {
            assert!(accounts::set_password(tx, alice, "new", at(5)).await?);
            let record = accounts::find_by_id(tx, alice).await?.unwrap();
            assert_eq!((record.credentials_epoch, record.password_hash.as_deref()), (2, Some("new")));

            assert!(accounts::set_disabled(tx, alice, Some(at(6))).await?);
            let record = accounts::find_by_id(tx, alice).await?.unwrap();
            assert_eq!((record.credentials_epoch, record.disabled_at), (3, Some(at(6))));

            assert!(accounts::sign_out(tx, alice).await?);
            let record = accounts::find_by_id(tx, alice).await?.unwrap();
            assert_eq!(record.credentials_epoch, 4);
            assert!(accounts::set_disabled(tx, alice, None).await?);
            assert!(accounts::replace_hash(tx, alice, "new", "newer").await?);
            assert!(!accounts::replace_hash(tx, alice, "new", "stale").await?);
            let record = accounts::find_by_id(tx, alice).await?.unwrap();
            assert_eq!((record.credentials_epoch, record.disabled_at), (4, None));
            assert_eq!(record.password_hash.as_deref(), Some("newer"));

            assert!(!accounts::set_password(tx, id(), "new", at(5)).await?);
            Ok::<_, DbError>(())
        }).await.unwrap();
    }

    async fn a_deleted_account_keeps_its_name_and_nothing_else(db: Db) {
        let alice = account(&db, "alice").await;
        let (acme, owners) = organization(&db, "acme").await;
        let shop = repository(&db, acme, "acme/shop", false).await;
        db.write(async |tx| {
            let profile = Profile { full_name: "Alice".into(), company: "Acme".into(), ..Profile::default() };
            assert!(organizations::set_profile(tx, alice, &profile).await?);
            let found = accounts::find_by_id(tx, alice).await?.unwrap();
            assert_eq!((found.full_name.as_str(), found.company.as_str()), ("Alice", "Acme"));
            members::set(tx, acme, alice, false, at(1)).await?;
            teams::add_member(tx, owners, alice, at(1)).await?;
            stars::add(tx, shop, alice, at(1)).await?;
            second_factors::begin(tx, alice, b"secret", at(1)).await?;
            assert_eq!(members::list_owned(tx, alice).await?, [(acme, "acme".parse().unwrap())]);

            assert!(accounts::delete(tx, alice, at(7)).await?);

            assert!(!accounts::delete(tx, alice, at(8)).await?);
            assert!(!accounts::delete(tx, acme, at(8)).await?, "it is no user");
            let gone = accounts::find_by_name(tx, &"alice".parse().unwrap()).await?.unwrap();
            assert_eq!((gone.deleted_at, gone.credentials_epoch), (Some(at(7)), found.credentials_epoch + 1));
            assert_eq!((gone.email, gone.password_hash), (None, None));
            assert_eq!((gone.full_name.as_str(), gone.company.as_str()), ("", ""));
            assert_eq!(members::list_owned(tx, alice).await?, []);
            assert_eq!(second_factors::find(tx, alice).await?, None);
            assert_eq!(members::find(tx, acme, alice).await?, None);
            assert!(directory::holdings(tx, alice).await?.is_none());
            let again = new_account("alice");
            assert_eq!(accounts::insert(tx, &again).await?, Err(Taken::Name));
            Ok::<_, DbError>(())
        }).await.unwrap();
    }

    async fn the_first_administrator_is_noticed(db: Db) {
        let alice = account(&db, "alice").await;
        db.write(async |tx| {
            assert!(!accounts::exists_administrator(tx).await?);
            assert!(accounts::set_admin(tx, alice, true).await?);
            assert!(accounts::exists_administrator(tx).await?);
            let record = accounts::find_by_id(tx, alice).await?.unwrap();
            assert!(record.is_admin);
            Ok::<_, DbError>(())
        }).await.unwrap();
    }

    async fn whoever_holds_an_account_holds_off_everybody_else(db: Db) {
        let alice = account(&db, "alice").await;
        let mut first = db.begin().await.unwrap();
        assert!(accounts::hold(&mut first, alice).await.unwrap());
        assert!(!accounts::hold(&mut first, id()).await.unwrap());

        let other = db.clone();
        let waiting = tokio::spawn(async move {
            other.write(async |tx| accounts::set_admin(tx, alice, true).await).await
        });
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.await.unwrap().unwrap());
    }

    async fn library_is_made_once(db: Db) {
        let library = || NewAccount {
            kind: AccountKind::Library, email: None, email_key: None, ..new_account("library")
        };
        let (first, second) = (library(), library());

        let made = db.write(async |tx| accounts::ensure_library(tx, &first).await).await.unwrap();
        let kept = db.write(async |tx| accounts::ensure_library(tx, &second).await).await.unwrap();

        assert_eq!((made, kept), (first.id, first.id));
    }
}
