use roadstead_db::accounts::{self, AccountKind, NewAccount};
use roadstead_db::directory::{self, Filter};
use roadstead_db::{both_databases, grants, members, plans};
use roadstead_types::Role;

use crate::fixture::*;

fn people() -> Filter {
    Filter {
        kind: AccountKind::User,
        search: String::new(),
        only_disabled: false,
        only_administrators: false,
        only_unverified: false,
        plan: None,
    }
}

both_databases! {
    async fn people_are_found_by_name_address_and_standing(db: Db) {
        let keeper = NewAccount {
            is_admin: true, email_verified_at: Some(at(1)), ..new_account("keeper")
        };
        let (alice, _) = (account(&db, "alice").await, account(&db, "a_b").await);
        organization(&db, "acme").await;
        let mut tx = db.begin().await.unwrap();
        accounts::insert(&mut tx, &keeper).await.unwrap().unwrap();
        accounts::set_disabled(&mut tx, alice, Some(at(2))).await.unwrap();
        plans::set_of(&mut tx, keeper.id, Some("team")).await.unwrap();

        for (filter, expected) in [
            (people(), vec!["a_b", "alice", "keeper"]),
            (Filter { kind: AccountKind::Organization, ..people() }, vec!["acme"]),
            (Filter { search: "LI".into(), ..people() }, vec!["alice"]),
            (Filter { search: "keeper@EXAMPLE".into(), ..people() }, vec!["keeper"]),
            (Filter { search: "_".into(), ..people() }, vec!["a_b"]),
            (Filter { only_disabled: true, ..people() }, vec!["alice"]),
            (Filter { only_administrators: true, ..people() }, vec!["keeper"]),
            (Filter { only_unverified: true, ..people() }, vec!["a_b", "alice"]),
            (Filter { plan: Some("team".into()), ..people() }, vec!["keeper"]),
            (Filter { plan: Some(String::new()), ..people() }, vec!["a_b", "alice"]),
        ] {
            let (found, total) = directory::list(&mut tx, &filter, 0, 9).await.unwrap();
            let names: Vec<_> = found.iter().map(|it| it.account.name.as_str()).collect();
            assert_eq!((names, total), (expected.clone(), expected.len() as u64), "{filter:?}");
        }
        let (second, total) = directory::list(&mut tx, &people(), 2, 1).await.unwrap();
        assert_eq!((second[0].plan.as_deref(), total), (Some("team"), 3));
        assert!(!directory::exists_other_administrator(&mut tx, keeper.id).await.unwrap());
        assert!(directory::exists_other_administrator(&mut tx, alice).await.unwrap());
        accounts::set_disabled(&mut tx, keeper.id, Some(at(3))).await.unwrap();
        assert!(!directory::exists_other_administrator(&mut tx, alice).await.unwrap());
    }

    async fn what_an_account_has_is_counted(db: Db) {
        let alice = account(&db, "alice").await;
        let (acme, owners) = organization(&db, "acme").await;
        repository(&db, alice, "alice/app", false).await;
        repository(&db, alice, "alice/secret", true).await;
        let tool = repository(&db, acme, "acme/tool", false).await;
        let mut tx = db.begin().await.unwrap();
        members::set(&mut tx, acme, alice, false, at(1)).await.unwrap();
        grants::set(&mut tx, tool, owners, Role::Admin, at(1)).await.unwrap();

        let of_alice = directory::holdings(&mut tx, alice).await.unwrap().unwrap();
        assert_eq!((of_alice.repositories, of_alice.private_repositories), (2, 1));
        assert_eq!((of_alice.organizations, of_alice.members), (1, 0));
        assert_eq!((of_alice.access_tokens, of_alice.last_seen_at), (0, None));
        let of_acme = directory::holdings(&mut tx, acme).await.unwrap().unwrap();
        assert_eq!((of_acme.members, of_acme.teams, of_acme.repositories), (1, 1, 1));
        assert_eq!(directory::holdings(&mut tx, id()).await.unwrap(), None);

        let maintainers = directory::maintainers(&mut tx, acme, 9).await.unwrap();
        let told = maintainers.iter().map(|it| (it.repository.as_str(), it.organization.as_str()));
        assert_eq!(told.collect::<Vec<_>>(), [("acme/tool", "acme")]);
        assert_eq!((maintainers[0].team.as_str(), maintainers[0].role), ("owners", Role::Admin));
    }
}
