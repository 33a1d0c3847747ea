use roadstead_db::audit::{self, EventRecord, Filter, Outcome};
use roadstead_db::{DbError, both_databases, tokens};
use roadstead_types::{AccessTokenId, AccountId, CredentialScope, Id};

use crate::fixture::*;

fn event(action: &str, namespace: AccountId, seconds: i64) -> EventRecord {
    EventRecord {
        id: id(),
        at: at(seconds),
        action: action.into(),
        outcome: Outcome::Done,
        actor_id: Some(namespace),
        actor_name: "alice".into(),
        credential: "password".into(),
        address: "192.0.2.1".into(),
        namespace_id: Some(namespace),
        repository_id: None,
        target: "alice/app".into(),
        before: None,
        after: Some("{\"tag\":\"1\"}".into()),
    }
}

both_databases! {
    async fn the_log_is_read_newest_first_and_filtered(db: Db) {
        let (alice, bob) = (account(&db, "alice").await, account(&db, "bob").await);
        let made = event("repo.create", alice, 1);
        let pushed = event("repo.tag.push", alice, 2);
        let other = EventRecord {
            actor_name: "bob".into(), target: "bob".into(), outcome: Outcome::Denied,
            ..event("access.denied", bob, 3)
        };
        let all = [made.clone(), pushed.clone(), other.clone()];
        db.write(async |tx| audit::insert(tx, &all).await).await.unwrap();
        db.write(async |tx| audit::insert(tx, &[]).await).await.unwrap();

        let mut tx = db.begin().await.unwrap();
        let everything = Filter::default();
        let of_alice = audit::list_of_namespace(&mut tx, alice, &everything, 0, 9).await.unwrap();
        assert_eq!(of_alice, [pushed.clone(), made.clone()]);
        let second = audit::list(&mut tx, &everything, 1, 1).await.unwrap();
        assert_eq!(second, std::slice::from_ref(&pushed));
        assert_eq!(audit::count(&mut tx, &everything).await.unwrap(), 3);

        for (filter, expected) in [
            (Filter { action: Some("repo.create".into()), ..Filter::default() }, vec![&made]),
            (Filter { actor: Some("bob".into()), ..Filter::default() }, vec![&other]),
            (Filter { target: Some("alice/app".into()), ..Filter::default() }, vec![&pushed, &made]),
            (Filter { since: Some(at(2)), ..Filter::default() }, vec![&other, &pushed]),
            (Filter { until: Some(at(1)), ..Filter::default() }, vec![&made]),
            (Filter { before: Some(pushed.id), ..Filter::default() }, vec![&made]),
        ] {
            let found = audit::list(&mut tx, &filter, 0, 9).await.unwrap();
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter:?}");
            assert_eq!(audit::count(&mut tx, &filter).await.unwrap(), expected.len() as u64);
        }
    }

    async fn a_repository_shows_what_happened_to_it_in_its_present_namespace(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let bob = account(&db, "bob").await;
        let here = EventRecord { repository_id: Some(app), ..event("repo.tag.push", alice, 1) };
        let before = EventRecord { repository_id: Some(app), ..event("repo.create", bob, 2) };
        let other = event("repo.create", alice, 3);
        let mut tx = db.begin().await.unwrap();
        audit::insert(&mut tx, &[here.clone(), before, other]).await.unwrap();

        let everything = Filter::default();
        let found = audit::list_of_repository(&mut tx, alice, app, &everything, 9).await.unwrap();
        assert_eq!(found, [here]);
        let none = Filter { action: Some("repo.create".into()), ..everything };
        let found = audit::list_of_repository(&mut tx, alice, app, &none, 9).await.unwrap();
        assert_eq!(found, []);
    }

    async fn old_events_are_forgotten_from_the_oldest_on(db: Db) {
        let alice = account(&db, "alice").await;
        let all: Vec<_> = (1..=4).map(|n| event("repo.create", alice, n)).collect();
        let mut tx = db.begin().await.unwrap();
        audit::insert(&mut tx, &all).await.unwrap();

        assert_eq!(audit::purge(&mut tx, at(4), 2).await.unwrap(), 2);
        assert_eq!(audit::purge(&mut tx, at(4), 2).await.unwrap(), 1);
        assert_eq!(audit::purge(&mut tx, at(4), 2).await.unwrap(), 0);
        assert_eq!(audit::list(&mut tx, &Filter::default(), 0, 9).await.unwrap(), &all[3..]);
    }

    async fn a_token_is_called_by_the_id_that_clients_know(db: Db) {
        let alice = account(&db, "alice").await;
        let token: AccessTokenId = id();
        let new = tokens::NewAccessToken {
            id: token,
            uuid: format!("{:032x}", token.raw()),
            account_id: alice,
            secret_hash: [1; 32],
            label: "ci".into(),
            scope: CredentialScope::Write,
            created_at: at(1),
            creator_address: String::new(),
            creator_agent: String::new(),
            expires_at: None,
            repositories: None,
            actions: None,
            description: String::new(),
            created_by: None,
        };
        let found = db.write(async |tx| {
            tokens::insert(tx, &new).await?;
            Ok::<_, DbError>([
                audit::find_token_uuid(tx, token).await?,
                audit::find_token_uuid(tx, id()).await?,
            ])
        }).await.unwrap();

        assert_eq!(found, [Some(new.uuid.clone()), None]);
    }
}
