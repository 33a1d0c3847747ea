use roadstead_db::members::{self, Filter, Membership};
use roadstead_db::organizations::{self, Profile, RenameBar};
use roadstead_db::{both_databases, repos, teams, trash};
use roadstead_types::{AccountName, RepositoryName};

use crate::fixture::*;

fn name(text: &str) -> AccountName {
    text.parse().unwrap()
}

fn path(text: &str) -> RepositoryName {
    text.parse().unwrap()
}

both_databases! {
    async fn a_renamed_account_answers_to_all_its_names(db: Db) {
        let (acme, _) = organization(&db, "acme").await;
        let app = repository(&db, acme, "acme/app", true).await;
        let gone = repository(&db, acme, "acme/gone", false).await;
        account(&db, "bob").await;
        let mut tx = db.begin().await.unwrap();
        trash::put(&mut tx, gone, None, at(2), at(99)).await.unwrap();
        let taken = organizations::rename(&mut tx, acme, &name("acme"), &name("bob"), at(3)).await;
        assert_eq!(taken.unwrap(), Err(RenameBar::Name));

        for (old, new) in [("acme", "umbrella"), ("umbrella", "initech"), ("initech", "acme")] {
            let renamed = organizations::rename(&mut tx, acme, &name(old), &name(new), at(3)).await;
            assert_eq!(renamed.unwrap(), Ok(()));
            let found = organizations::find(&mut tx, &name(new)).await.unwrap().unwrap();
            assert_eq!((found.id, found.teams), (acme, 1));
            assert!(organizations::find(&mut tx, &name(old)).await.unwrap().is_none());
            for any in [old, new] {
                let any = path(&format!("{any}/app"));
                let found = repos::find_by_path(&mut tx, &any).await.unwrap().unwrap();
                assert_eq!((found.id, found.path), (app, path(&format!("{new}/app"))));
            }
        }

        assert!(repos::find_by_path(&mut tx, &path("acme/gone")).await.unwrap().is_none());
        assert_eq!(organizations::count_repositories(&mut tx, acme).await.unwrap(), 1);
    }

    async fn a_rename_does_not_take_a_path_that_still_leads_elsewhere(db: Db) {
        let (acme, _) = organization(&db, "acme").await;
        repository(&db, acme, "acme/app", false).await;
        let mut tx = db.begin().await.unwrap();
        organizations::rename(&mut tx, acme, &name("acme"), &name("umbrella"), at(3)).await.unwrap().unwrap();
        // `acme/app` still leads to the first; now there is another at `umbrella/tool` that was `acme/tool`.
        tx.commit().await.unwrap();
        let other = account(&db, "bob").await;
        repository(&db, other, "acme/tool", false).await;
        repository(&db, acme, "umbrella/tool", false).await;

        let mut tx = db.begin().await.unwrap();
        let barred = organizations::rename(&mut tx, acme, &name("umbrella"), &name("acme"), at(4)).await;

        assert_eq!(barred.unwrap(), Err(RenameBar::Path(path("acme/tool"))));
    }

    async fn a_profile_is_kept_and_a_deleted_organization_is_nobodys(db: Db) {
        let (acme, owners) = organization(&db, "acme").await;
        let bob = account(&db, "bob").await;
        let mut tx = db.begin().await.unwrap();
        assert!(organizations::hold(&mut tx, acme).await.unwrap());
        assert!(!organizations::hold(&mut tx, bob).await.unwrap());
        assert_eq!(organizations::member_limit(&mut tx, acme).await.unwrap(), None);
        let profile = Profile { company: "Acme Ltd".into(), default_private: true, ..Profile::default() };
        assert!(organizations::set_profile(&mut tx, acme, &profile).await.unwrap());
        members::set(&mut tx, acme, bob, false, at(1)).await.unwrap();
        teams::add_member(&mut tx, owners, bob, at(1)).await.unwrap();
        let (mine, total) = organizations::list_of(&mut tx, bob, 0, 10).await.unwrap();
        assert_eq!((total, mine[0].membership), (1, Membership::Owner));
        assert_eq!(mine[0].organization.company, "Acme Ltd");
        assert!(mine[0].organization.default_private);
        assert_eq!(organizations::list_of(&mut tx, bob, 1, 10).await.unwrap(), (vec![], 1));

        assert!(organizations::delete(&mut tx, acme, at(5)).await.unwrap());

        assert!(!organizations::delete(&mut tx, acme, at(5)).await.unwrap());
        assert!(!organizations::hold(&mut tx, acme).await.unwrap());
        assert_eq!(organizations::list_of(&mut tx, bob, 0, 10).await.unwrap(), (vec![], 0));
        assert!(teams::find_by_id(&mut tx, owners).await.unwrap().is_none());
        assert_eq!(members::count(&mut tx, acme).await.unwrap(), 0);
    }

    async fn members_are_searched_and_counted(db: Db) {
        let (acme, owners) = organization(&db, "acme").await;
        let people = [account(&db, "ann_a").await, account(&db, "annxb").await, account(&db, "bob").await];
        let mut tx = db.begin().await.unwrap();
        for (place, person) in people.iter().enumerate() {
            members::set(&mut tx, acme, *person, place == 1, at(1)).await.unwrap();
        }
        teams::add_member(&mut tx, owners, people[2], at(1)).await.unwrap();
        let names = async |tx: &mut roadstead_db::Tx<'_>, search: &str, membership| {
            let filter = Filter { search: search.into(), membership };
            let (rows, total) = members::list(tx, acme, &filter, 0, 10).await.unwrap();
            assert_eq!(rows.len() as u64, total);
            rows.iter().map(|row| row.person.name.to_string()).collect::<Vec<_>>()
        };

        assert_eq!(names(&mut tx, "", None).await, ["ann_a", "annxb", "bob"]);
        assert_eq!(names(&mut tx, "n_A", None).await, ["ann_a"], "`_` stands for itself");
        assert_eq!(names(&mut tx, "the B", None).await, ["bob"], "the full name counts");
        assert_eq!(names(&mut tx, "", Some(Membership::Editor)).await, ["annxb"]);
        assert_eq!(names(&mut tx, "ann", Some(Membership::Owner)).await, Vec::<String>::new());
        assert_eq!(members::count_other_owners(&mut tx, acme, people[0]).await.unwrap(), 1);
        assert_eq!(members::count_other_owners(&mut tx, acme, people[2]).await.unwrap(), 0);
        let bob = members::find(&mut tx, acme, people[2]).await.unwrap().unwrap();
        assert_eq!(bob.membership, Membership::Owner);

        assert!(members::remove(&mut tx, acme, people[2]).await.unwrap());

        assert!(!members::remove(&mut tx, acme, people[2]).await.unwrap());
        assert_eq!(members::find(&mut tx, acme, people[2]).await.unwrap(), None);
        assert!(!teams::has_member(&mut tx, owners, people[2]).await.unwrap());
        assert_eq!(members::count(&mut tx, acme).await.unwrap(), 2);
    }
}
