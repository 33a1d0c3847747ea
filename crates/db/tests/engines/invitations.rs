use roadstead_db::invitations::{self, Invitee, NewInvitation};
use roadstead_db::members::Membership;
use roadstead_db::{both_databases, teams};
use roadstead_types::{AccountId, TeamId};

use crate::fixture::*;

fn new(
    organization: AccountId,
    inviter: AccountId,
    team: Option<TeamId>,
    invitee: Invitee,
) -> NewInvitation {
    let id: roadstead_types::InvitationId = id();
    let raw = roadstead_types::Id::raw(id);
    let mut secret_hash = [0; 32];
    secret_hash[..8].copy_from_slice(&raw.to_be_bytes());
    NewInvitation {
        id,
        uuid: format!("{raw:032x}"),
        organization_id: organization,
        team_id: team,
        role: Membership::Editor,
        invitee,
        inviter_id: inviter,
        secret_hash,
        created_at: at(1),
        expires_at: at(10),
    }
}

both_databases! {
    async fn an_invitation_is_found_by_whom_it_is_for_until_it_runs_out(db: Db) {
        let (acme, _) = organization(&db, "acme").await;
        let crew = team(&db, acme, "crew").await;
        let (ann, bob) = (account(&db, "ann").await, account(&db, "bob").await);
        let key = "b@x.org".to_owned();
        let email = Invitee::Email { address: "B@x.org".into(), key: key.clone() };
        let by_name = new(acme, ann, Some(crew), Invitee::Account(bob));
        let by_email = new(acme, ann, None, email.clone());
        let mut tx = db.begin().await.unwrap();
        invitations::insert(&mut tx, &by_name).await.unwrap();
        invitations::insert(&mut tx, &by_email).await.unwrap();

        let found = invitations::find(&mut tx, &by_name.uuid).await.unwrap().unwrap();
        assert_eq!((found.account, found.team, found.email), (Some("bob".parse().unwrap()), Some("crew".into()), None));
        assert_eq!((found.role, found.inviter), (Membership::Editor, "ann".parse().unwrap()));
        let found = invitations::find_for(&mut tx, acme, &email).await.unwrap().unwrap();
        assert_eq!((found.id, found.email.as_deref()), (by_email.id, Some("B@x.org")));
        let found = invitations::find_for(&mut tx, acme, &Invitee::Account(ann)).await.unwrap();
        assert_eq!(found, None);
        let (all, total) = invitations::list(&mut tx, acme, 0, 1).await.unwrap();
        assert_eq!((all[0].id, total), (by_email.id, 2), "the newest first");
        assert_eq!(invitations::count_open(&mut tx, acme, at(9)).await.unwrap(), 2);
        assert_eq!(invitations::count_open(&mut tx, acme, at(10)).await.unwrap(), 0);
        let mine = invitations::list_for(&mut tx, bob, Some(&key), at(9), 0, 9).await.unwrap();
        assert_eq!((mine.0.len(), mine.1), (2, 2));
        assert_eq!(invitations::list_for(&mut tx, bob, None, at(9), 0, 9).await.unwrap().1, 1);
        assert_eq!(invitations::list_for(&mut tx, bob, None, at(10), 0, 9).await.unwrap().1, 0);

        assert!(invitations::renew(&mut tx, by_name.id, (None, Membership::Owner), at(9), at(20)).await.unwrap());
        assert!(invitations::set_secret(&mut tx, by_name.id, &[9; 32]).await.unwrap());
        assert_eq!(invitations::purge(&mut tx, at(10)).await.unwrap(), 1);
        let renewed = invitations::find_by_id(&mut tx, by_name.id).await.unwrap().unwrap();
        assert_eq!((renewed.sent_at, renewed.expires_at), (at(9), at(20)));
        assert_eq!((renewed.secret_hash, renewed.team, renewed.role), ([9; 32], None, Membership::Owner));
        assert!(invitations::delete(&mut tx, by_name.id).await.unwrap());
        assert!(!invitations::delete(&mut tx, by_name.id).await.unwrap());
    }

    async fn invitations_end_with_their_team_and_with_joining(db: Db) {
        let (acme, _) = organization(&db, "acme").await;
        let crew = team(&db, acme, "crew").await;
        let (ann, bob) = (account(&db, "ann").await, account(&db, "bob").await);
        let email = Invitee::Email { address: "b@x.org".into(), key: "b@x.org".into() };
        let mut tx = db.begin().await.unwrap();
        invitations::insert(&mut tx, &new(acme, ann, Some(crew), Invitee::Account(ann))).await.unwrap();
        invitations::insert(&mut tx, &new(acme, ann, None, Invitee::Account(bob))).await.unwrap();
        invitations::insert(&mut tx, &new(acme, ann, None, email)).await.unwrap();

        teams::delete(&mut tx, crew).await.unwrap();
        assert_eq!(invitations::list(&mut tx, acme, 0, 9).await.unwrap().1, 2);
        assert_eq!(invitations::delete_for(&mut tx, acme, bob, Some("b@x.org")).await.unwrap(), 2);
    }
}
