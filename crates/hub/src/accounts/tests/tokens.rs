//! What stands for a password: access tokens, refresh tokens, API tokens.

use super::*;

#[tokio::test]
async fn an_access_token_counts_for_its_own_account_while_it_is_active_and_not_after() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    hub.person("bob", false).await;
    let (token, secret) = hub.access_token("alice", CredentialScope::Write).await;
    let alice = hub.identity("alice").await;
    let works = async || hub.sign_in("alice", &secret, HOME).await.is_ok();

    assert!(works().await);
    assert!(hub.sign_in("bob", &secret, HOME).await.is_err());
    let listed = hub.list_access_tokens(&alice, 0, 10).await.unwrap();
    assert_eq!((listed.total, listed.active), (1, 1));
    assert_eq!(listed.tokens[0].last_used_at, Some(hub.now()));

    let off = AccessTokenChange { is_active: Some(false), ..Default::default() };
    hub.change_access_token(&alice, token.uuid, off).await.unwrap();
    assert!(!works().await);
    let on = AccessTokenChange { is_active: Some(true), label: Some("new".to_owned()) };
    assert_eq!(hub.change_access_token(&alice, token.uuid, on).await.unwrap().label, "new");
    assert!(works().await);
    hub.delete_access_token(&alice, token.uuid).await.unwrap();
    assert!(!works().await);
}

#[tokio::test]
async fn an_access_token_ends_when_it_said_it_would() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    let alice = hub.identity("alice").await;
    let by = MadeBy { address: None, agent: String::new() };
    let new = |end| NewAccessToken {
        limits: Limits::default(),
        label: "short".to_owned(),
        scope: CredentialScope::Read,
        expires_at: Some(end),
    };

    let past = hub.create_access_token(&alice, new(hub.now()), by.clone()).await;
    assert!(matches!(past, Err(AccessTokenError::Expiry)));
    let end = hub.now().plus(Duration::from_secs(60));
    let (_, secret) = hub.create_access_token(&alice, new(end), by).await.unwrap();

    assert!(hub.sign_in("alice", &secret, HOME).await.is_ok());
    hub.wait(Duration::from_secs(60));
    assert!(hub.sign_in("alice", &secret, HOME).await.is_err());
}

#[tokio::test]
async fn tokens_of_others_cannot_be_touched_and_tokens_make_no_tokens() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    hub.person("bob", false).await;
    let (token, secret) = hub.access_token("alice", CredentialScope::Admin).await;
    let bob = hub.identity("bob").await;
    let by_token = hub.sign_in("alice", &secret, HOME).await.unwrap();

    let found = hub.find_access_token(&bob, token.uuid).await;
    assert!(matches!(found, Err(AccessTokenError::NotFound)));
    let deleted = hub.delete_access_token(&bob, token.uuid).await;
    assert!(matches!(deleted, Err(AccessTokenError::NotFound)));
    let listed = hub.list_access_tokens(&by_token, 0, 10).await;
    assert!(matches!(listed, Err(AccessTokenError::NeedsPassword)));
}

#[tokio::test]
async fn the_database_holds_no_secret_that_could_be_used() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    let (_, access) = hub.access_token("alice", CredentialScope::Admin).await;
    let refresh = hub.issue_refresh_token(&*hub.identity("alice").await, "docker").await.unwrap();
    let setup = Fixture::start().await;
    let code = setup.setup_code().await.unwrap().unwrap();

    for (dir, secret) in [
        (&hub._dir, &access),
        (&hub._dir, &refresh),
        (&hub._dir, &password("alice")),
        (&setup._dir, &code),
    ] {
        for file in std::fs::read_dir(dir.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let secret = secret.expose().as_bytes();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
}

#[tokio::test]
async fn a_refresh_token_dies_with_what_it_came_from() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    let (token, secret) = hub.access_token("alice", CredentialScope::Read).await;
    let alice = hub.identity("alice").await;
    let by_token = hub.sign_in("alice", &secret, HOME).await.unwrap();
    let from_password = hub.issue_refresh_token(&alice, "docker").await.unwrap();
    let from_token = hub.issue_refresh_token(&by_token, "docker").await.unwrap();
    let scope = async |refresh: &Secret| {
        hub.redeem_refresh_token(refresh, HOME).await.ok().map(|identity| identity.scope)
    };

    assert_eq!(scope(&from_password).await, Some(CredentialScope::Admin));
    assert_eq!(scope(&from_token).await, Some(CredentialScope::Read));
    let identity = hub.redeem_refresh_token(&from_token, HOME).await.unwrap();
    assert_eq!(identity.credential, Credential::Refresh(RefreshOrigin::AccessToken(token.id)));

    hub.delete_access_token(&alice, token.uuid).await.unwrap();
    assert_eq!(scope(&from_token).await, None);
    assert_eq!(scope(&from_password).await, Some(CredentialScope::Admin));

    hub.reset_password(&KEY, "alice", &Secret::new("another password".into())).await.unwrap();
    assert_eq!(scope(&from_password).await, None);
    assert_eq!(scope(&secret).await, None);
}

#[tokio::test]
async fn a_disabled_account_loses_every_credential_at_once() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    let (_, access) = hub.access_token("alice", CredentialScope::Read).await;
    let alice = hub.identity("alice").await;
    let refresh = hub.issue_refresh_token(&alice, "docker").await.unwrap();
    let api =
        hub.log_in_to_api(&alice, "test", Duration::from_secs(600), false).await.unwrap().token;
    assert!(hub.verify_api_token(api.expose(), HOME).await.is_ok());

    hub.disable_user(&KEY, "alice").await.unwrap();

    assert!(hub.sign_in("alice", &password("alice"), HOME).await.is_err());
    assert!(hub.sign_in("alice", &access, HOME).await.is_err());
    assert!(hub.redeem_refresh_token(&refresh, HOME).await.is_err());
    assert!(hub.verify_api_token(api.expose(), HOME).await.is_err());

    hub.enable_user(&KEY, "alice").await.unwrap();
    assert!(hub.sign_in("alice", &password("alice"), HOME).await.is_ok());
    // What was signed in before stays out.
    assert!(hub.redeem_refresh_token(&refresh, HOME).await.is_err());
}

#[tokio::test]
async fn api_tokens_and_registry_tokens_do_not_stand_in_for_each_other() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    let alice = hub.identity("alice").await;
    let api =
        hub.log_in_to_api(&alice, "test", Duration::from_secs(600), false).await.unwrap().token;
    let registry = hub.issue_token(Some(&alice), &[]).await.unwrap().token;

    assert_eq!(hub.verify_api_token(api.expose(), HOME).await.unwrap().account, alice.account);
    assert!(hub.verify_token(registry.expose()).is_ok());
    assert!(hub.verify_token(api.expose()).is_err());
    assert!(hub.verify_api_token(registry.expose(), HOME).await.is_err());
    hub.wait(Duration::from_secs(631));
    assert!(hub.verify_api_token(api.expose(), HOME).await.is_err());
}
