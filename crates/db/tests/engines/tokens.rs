use roadstead_db::both_databases;
use roadstead_db::tokens::{self, NewAccessToken, refresh};
use roadstead_types::{AccessTokenId, AccountId, CredentialScope, Id};

use crate::fixture::*;

fn token(account_id: AccountId, secret: u8) -> NewAccessToken {
    let id: AccessTokenId = id();
    NewAccessToken {
        id,
        uuid: format!("{:032x}", id.raw()),
        account_id,
        secret_hash: [secret; 32],
        label: "ci".into(),
        scope: CredentialScope::Write,
        created_at: at(1),
        creator_address: "192.0.2.1".into(),
        creator_agent: "docker/27".into(),
        expires_at: Some(at(900)),
        repositories: None,
        actions: None,
        description: String::new(),
        created_by: None,
    }
}

both_databases! {
    async fn a_secret_leads_to_its_token_and_account(db: Db) {
        let alice = account(&db, "alice").await;
        let new = token(alice, 1);
        let mut tx = db.begin().await.unwrap();
        tokens::insert(&mut tx, &new).await.unwrap();
        tokens::touch(&mut tx, new.id, at(5), "192.0.2.9").await.unwrap();

        let (found, whose) = tokens::find_by_secret(&mut tx, &[1; 32]).await.unwrap().unwrap();

        assert_eq!((whose.id, found.account_id, found.id), (alice, alice, new.id));
        assert_eq!((found.scope, found.is_active), (CredentialScope::Write, true));
        assert_eq!((found.created_at, found.expires_at), (at(1), Some(at(900))));
        assert_eq!((found.last_used_at, found.last_used_address.as_deref()), (Some(at(5)), Some("192.0.2.9")));
        assert_eq!((found.creator_address.as_str(), found.creator_agent.as_str()), ("192.0.2.1", "docker/27"));
        assert_eq!(tokens::find_by_secret(&mut tx, &[2; 32]).await.unwrap(), None);
        assert_eq!(tokens::find_by_id(&mut tx, new.id).await.unwrap().as_ref(), Some(&found));
    }

    async fn a_token_is_managed_by_its_owner_alone(db: Db) {
        let (alice, bob) = (account(&db, "alice").await, account(&db, "bob").await);
        let all = [token(alice, 1), token(alice, 2), token(alice, 3)];
        let mut tx = db.begin().await.unwrap();
        for new in &all {
            tokens::insert(&mut tx, new).await.unwrap();
        }
        let uuid = &all[0].uuid;

        assert_eq!(tokens::find_by_uuid(&mut tx, bob, uuid).await.unwrap(), None);
        assert_eq!(tokens::find_by_uuid(&mut tx, alice, uuid).await.unwrap().unwrap().id, all[0].id);
        assert!(tokens::set_active(&mut tx, all[0].id, false).await.unwrap());
        let only = Some("[]".to_owned());
        assert!(tokens::set_limits(&mut tx, all[0].id, only.clone(), "for CI").await.unwrap());
        let limited = tokens::find_by_id(&mut tx, all[0].id).await.unwrap().unwrap();
        assert_eq!((limited.repositories, limited.description.as_str()), (only, "for CI"));
        assert!(tokens::set_label(&mut tx, all[0].id, "laptop").await.unwrap());
        let page = tokens::list(&mut tx, alice, 1, 5).await.unwrap();
        assert_eq!((page.total, page.active), (3, 2));
        let labels: Vec<_> = page.tokens.iter().map(|token| token.label.as_str()).collect();
        assert_eq!(labels, ["ci", "laptop"]);
        assert_eq!(tokens::list(&mut tx, bob, 0, 5).await.unwrap().total, 0);
        assert!(tokens::delete(&mut tx, all[0].id).await.unwrap());
        assert!(!tokens::delete(&mut tx, all[0].id).await.unwrap());
    }

    async fn a_revoked_token_takes_its_refresh_tokens_along(db: Db) {
        let alice = account(&db, "alice").await;
        let parent = token(alice, 1);
        let child = refresh::RefreshTokenRecord {
            secret_hash: [7; 32],
            account_id: alice,
            access_token_id: parent.id,
            credentials_epoch: 1,
            client: "docker".into(),
            created_at: at(1),
            last_used_at: at(1),
        };
        let other = token(alice, 2);
        let own = refresh::RefreshTokenRecord {
            secret_hash: [8; 32], access_token_id: other.id, ..child.clone()
        };
        let old = refresh::RefreshTokenRecord { secret_hash: [9; 32], ..own.clone() };
        let mut tx = db.begin().await.unwrap();
        tokens::insert(&mut tx, &parent).await.unwrap();
        tokens::insert(&mut tx, &other).await.unwrap();
        for new in [&child, &own, &old] {
            refresh::insert(&mut tx, new).await.unwrap();
        }
        assert_eq!(refresh::find(&mut tx, &[7; 32]).await.unwrap(), Some(child));

        tokens::delete(&mut tx, parent.id).await.unwrap();
        refresh::touch(&mut tx, &[8; 32], at(50)).await.unwrap();

        assert_eq!(refresh::find(&mut tx, &[7; 32]).await.unwrap(), None);
        assert_eq!(refresh::delete_unused_since(&mut tx, at(40)).await.unwrap(), 1);
        let found = refresh::find(&mut tx, &[8; 32]).await.unwrap().unwrap();
        assert_eq!(found.last_used_at, at(50));
        assert!(refresh::delete(&mut tx, &[8; 32]).await.unwrap());
        assert!(!refresh::delete(&mut tx, &[8; 32]).await.unwrap());
    }
}
