use roadstead_db::lookups::{self, Lookups};
use roadstead_db::members::{self, Membership};
use roadstead_db::repos::{self, Visibility};
use roadstead_db::{Db, both_databases, collaborators, grants, teams};
use roadstead_types::{AccountId, RepositoryId, Role};

use crate::fixture::*;

/// What is listed to somebody and the role they were given must tell the same story.
async fn role(db: &Db, account: AccountId, repository: RepositoryId) -> Option<Role> {
    let role = Lookups::new(db.clone()).role(account, repository).await.unwrap();
    let eyes = Visibility::of(account, false);
    let mut tx = db.begin().await.unwrap();
    let seen = repos::list_visible(&mut tx, &eyes, None, 99).await.unwrap();
    let path = repos::find_by_id(&mut tx, repository).await.unwrap().unwrap().path;
    assert_eq!(seen.contains(&path), role.is_some(), "{role:?} and the list disagree");
    role
}

both_databases! {
    async fn the_greatest_role_from_any_side_counts(db: Db) {
        let (acme, owners) = organization(&db, "acme").await;
        let app = repository(&db, acme, "acme/app", true).await;
        let (readers, admins) = (team(&db, acme, "readers").await, team(&db, acme, "admins").await);
        let bob = account(&db, "bob").await;
        assert_eq!(role(&db, bob, app).await, None);

        let mut seen = Vec::new();
        db.write(async |tx| members::set(tx, acme, bob, false, at(1)).await).await.unwrap();
        seen.push(role(&db, bob, app).await);
        db.write(async |tx| {
            assert!(teams::add_member(tx, readers, bob, at(1)).await?);
            assert!(!teams::add_member(tx, readers, bob, at(1)).await?);
            grants::set(tx, app, readers, Role::Write, at(1)).await?;
            grants::set(tx, app, readers, Role::Read, at(2)).await?;
            grants::set(tx, app, admins, Role::Admin, at(1)).await
        }).await.unwrap();
        seen.push(role(&db, bob, app).await);
        db.write(async |tx| collaborators::add(tx, app, bob, Role::Write, at(1)).await).await.unwrap();
        seen.push(role(&db, bob, app).await);
        db.write(async |tx| members::set(tx, acme, bob, true, at(1)).await).await.unwrap();
        seen.push(role(&db, bob, app).await);
        db.write(async |tx| teams::add_member(tx, owners, bob, at(1)).await).await.unwrap();
        seen.push(role(&db, bob, app).await);

        assert_eq!(
            seen,
            [None, Some(Role::Read), Some(Role::Write), Some(Role::Admin), Some(Role::Owner)]
        );
    }

    async fn roles_of_one_organization_say_nothing_in_another(db: Db) {
        let ((acme, _), (other, owners)) = (organization(&db, "acme").await, organization(&db, "other").await);
        let app = repository(&db, acme, "acme/app", true).await;
        let bob = account(&db, "bob").await;
        db.write(async |tx| {
            teams::add_member(tx, owners, bob, at(1)).await?;
            members::set(tx, other, bob, true, at(1)).await
        }).await.unwrap();

        assert_eq!(role(&db, bob, app).await, None);
        let found = lookups::roles(&db, &[(bob, app), (acme, app)]).await.unwrap();
        assert_eq!(found, [None, None]);
    }

    async fn membership_is_the_highest_that_holds(db: Db) {
        let (acme, owners) = organization(&db, "acme").await;
        let bob = account(&db, "bob").await;
        let name = "acme".parse().unwrap();
        let mut tx = db.begin().await.unwrap();
        let mut seen = vec![members::find_membership(&mut tx, &name, bob).await.unwrap()];
        members::set(&mut tx, acme, bob, false, at(1)).await.unwrap();
        seen.push(members::find_membership(&mut tx, &name, bob).await.unwrap());
        members::set(&mut tx, acme, bob, true, at(1)).await.unwrap();
        seen.push(members::find_membership(&mut tx, &name, bob).await.unwrap());
        teams::add_member(&mut tx, owners, bob, at(1)).await.unwrap();
        seen.push(members::find_membership(&mut tx, &name, bob).await.unwrap());

        use Membership::{Editor, Member, Owner};
        assert_eq!(seen, [None, Some(Member), Some(Editor), Some(Owner)].map(|is| Some((acme, is))));
        let user = members::find_membership(&mut tx, &"bob".parse().unwrap(), bob).await.unwrap();
        assert_eq!(user, None, "a user is no organization");
    }
}
