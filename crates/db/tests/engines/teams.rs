use roadstead_db::grants::{self, GrantRecord};
use roadstead_db::teams::{self, Filter, NewTeam};
use roadstead_db::{Tx, both_databases, collaborators, repos};
use roadstead_types::{AccountId, Role};

use crate::fixture::*;

async fn names(tx: &mut Tx<'_>, organization: AccountId, filter: &Filter) -> Vec<String> {
    let (rows, total) = teams::list(tx, organization, filter, 0, 10).await.unwrap();
    assert_eq!(rows.len() as u64, total);
    rows.into_iter().map(|row| row.name).collect()
}

both_databases! {
    async fn teams_are_found_renamed_and_listed_by_who_is_in_them(db: Db) {
        let ((acme, owners), (other, _)) = (organization(&db, "acme").await, organization(&db, "other").await);
        let (crew, dev) = (team(&db, acme, "crew").await, team(&db, acme, "dev").await);
        let (ann, bob) = (account(&db, "ann").await, account(&db, "bob").await);
        let mut tx = db.begin().await.unwrap();
        for (team, account) in [(owners, ann), (crew, ann), (crew, bob), (dev, bob)] {
            assert!(teams::add_member(&mut tx, team, account, at(1)).await.unwrap());
        }
        assert_eq!(names(&mut tx, acme, &Filter::default()).await, ["crew", "dev", "owners"]);
        let search = Filter { search: "eW".into(), ..Filter::default() };
        assert_eq!(names(&mut tx, acme, &search).await, ["crew"]);
        let of_bob = Filter { of: Some(bob), ..Filter::default() };
        assert_eq!(names(&mut tx, acme, &of_bob).await, ["crew", "dev"]);
        let of_both = Filter { and_of: Some(ann), ..of_bob };
        assert_eq!(names(&mut tx, acme, &of_both).await, ["crew"]);
        assert_eq!(names(&mut tx, other, &Filter::default()).await, ["owners"]);
        let found = teams::find(&mut tx, acme, "crew").await.unwrap().unwrap();
        assert_eq!((found.id, found.members), (crew, 2));
        assert_eq!(teams::find(&mut tx, acme, "none").await.unwrap(), None);
        assert_eq!(teams::find_owners(&mut tx, acme).await.unwrap().unwrap().id, owners);
        let (people, total) = teams::list_members(&mut tx, crew, "", 1, 1).await.unwrap();
        assert_eq!((people[0].id, total), (bob, 2));
        assert_eq!(teams::list_members(&mut tx, crew, "an", 0, 9).await.unwrap().1, 1);
        let of = teams::list_names_of(&mut tx, &[ann, bob]).await.unwrap();
        let expected = [(ann, "crew"), (ann, "owners"), (bob, "crew"), (bob, "dev")];
        assert_eq!(of, expected.map(|(who, team)| (who, acme, team.to_owned())));
        assert!(teams::list_names_of(&mut tx, &[]).await.unwrap().is_empty());

        assert!(!teams::update(&mut tx, dev, "crew", "").await.unwrap(), "taken");
        assert!(teams::update(&mut tx, dev, "ops", "on call").await.unwrap());
        assert!(teams::update(&mut tx, dev, "ops", "on call").await.unwrap(), "its own name");
        let again = NewTeam {
            id: id(),
            uuid: "0".into(),
            organization_id: acme,
            name: "ops".into(),
            description: String::new(),
            is_owners: false,
            created_at: at(2),
        };
        assert!(!teams::insert(&mut tx, &again).await.unwrap());
        assert_eq!(teams::find_by_id(&mut tx, dev).await.unwrap().unwrap().description, "on call");
        assert!(teams::has_member(&mut tx, crew, bob).await.unwrap());
        assert!(teams::remove_member(&mut tx, crew, bob).await.unwrap());
        assert!(!teams::remove_member(&mut tx, crew, bob).await.unwrap());
        assert!(!teams::has_member(&mut tx, crew, bob).await.unwrap());
    }

    async fn grants_go_with_their_team_and_collaborators_leave(db: Db) {
        let (acme, _) = organization(&db, "acme").await;
        let (crew, dev) = (team(&db, acme, "crew").await, team(&db, acme, "dev").await);
        let app = repository(&db, acme, "acme/app", true).await;
        let bob = account(&db, "bob").await;
        let mut tx = db.begin().await.unwrap();
        for (team, role) in [(crew, Role::Read), (dev, Role::Admin), (crew, Role::Write)] {
            grants::set(&mut tx, app, team, role, at(1)).await.unwrap();
        }
        let of_crew = GrantRecord { team_id: crew, team: "crew".into(), role: Role::Write };
        assert_eq!(grants::find(&mut tx, app, crew).await.unwrap().as_ref(), Some(&of_crew));
        assert_eq!(grants::list(&mut tx, app, 0, 1).await.unwrap(), (vec![of_crew], 2));
        let among = grants::list_among(&mut tx, &[app], &[crew, dev]).await.unwrap();
        let told = |cell: &grants::GrantCell| (cell.repository, cell.team, cell.role);
        let mut among: Vec<_> = among.iter().map(told).collect();
        among.sort();
        assert_eq!(among, [(app, crew, Role::Write), (app, dev, Role::Admin)]);
        assert_eq!(grants::list_among(&mut tx, &[app], &[crew]).await.unwrap().len(), 1);
        assert!(grants::list_among(&mut tx, &[], &[crew]).await.unwrap().is_empty());
        let counts = grants::count_by_role(&mut tx, &[crew, dev]).await.unwrap();
        assert_eq!(counts, [(crew, Role::Write, 1), (dev, Role::Admin, 1)]);
        assert_eq!(grants::count_by_role(&mut tx, &[dev]).await.unwrap().len(), 1);
        assert!(grants::count_by_role(&mut tx, &[]).await.unwrap().is_empty());
        assert!(grants::delete(&mut tx, app, crew).await.unwrap());
        assert!(!grants::delete(&mut tx, app, crew).await.unwrap());
        assert!(teams::delete(&mut tx, dev).await.unwrap());
        assert!(!teams::delete(&mut tx, dev).await.unwrap());
        assert_eq!(grants::list(&mut tx, app, 0, 9).await.unwrap(), (vec![], 0));

        assert!(collaborators::add(&mut tx, app, bob, Role::Write, at(1)).await.unwrap());
        assert!(!collaborators::add(&mut tx, app, bob, Role::Write, at(1)).await.unwrap());
        let listed = collaborators::list(&mut tx, app, 0, 9).await.unwrap();
        let (people, total) = listed;
        assert_eq!((people[0].name.as_str(), people[0].added_at, total), ("bob", at(1), 1));
        assert!(!people[0].is_verified);
        let generation = repos::find_by_id(&mut tx, app).await.unwrap().unwrap().generation;
        assert!(repos::void_tokens(&mut tx, app).await.unwrap());
        let moved = repos::find_by_id(&mut tx, app).await.unwrap().unwrap().generation;
        assert_eq!(moved, generation + 1);
        assert!(collaborators::remove(&mut tx, app, bob).await.unwrap());
        assert!(!collaborators::remove(&mut tx, app, bob).await.unwrap());
    }
}
