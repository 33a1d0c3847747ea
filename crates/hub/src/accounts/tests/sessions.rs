//! Sessions that a browser keeps.

use super::*;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn a_browsers_session_lasts_as_long_as_it_is_used() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    let alice = hub.identity("alice").await;
    let (opened, cookie) = hub.open_session(&alice, "Firefox", SessionKind::Browser).await.unwrap();
    let resolve = async || hub.resolve_session(&cookie, AWAY).await.unwrap();

    let found = resolve().await.unwrap();
    assert_eq!((found.account, found.credential), (alice.account, opened.credential));
    for _ in 0..3 {
        hub.wait(DAY * 29);
        assert!(resolve().await.is_some());
    }
    let (listed, total) = hub.list_sessions(&opened, 0, 9).await.unwrap();
    assert_eq!(
        (listed[0].client.as_str(), listed[0].address.as_str()),
        ("Firefox", "198.51.100.1")
    );
    assert!(total == 1 && listed[0].is_current);
    hub.wait(DAY * 30);
    assert!(resolve().await.is_none());
    assert!(hub.purge_accounts().await.unwrap() > 0);
}

#[tokio::test]
async fn what_one_kind_of_session_is_kept_by_does_not_resolve_another() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    let alice = hub.identity("alice").await;
    let (_, cookie) = hub.open_session(&alice, "Firefox", SessionKind::Browser).await.unwrap();
    let (_, login) = hub.open_session(&alice, "docker", SessionKind::Login).await.unwrap();

    assert!(hub.resolve_session(&login, HOME).await.unwrap().is_none());
    assert!(hub.redeem_refresh_token(&cookie, HOME).await.is_err());
    assert!(hub.sign_in("alice", &cookie, HOME).await.is_err());
    assert!(hub.redeem_refresh_token(&login, HOME).await.is_ok());

    let changed = Secret::new("another password".into());
    hub.reset_password(&KEY, "alice", &changed).await.unwrap();
    assert!(hub.resolve_session(&cookie, HOME).await.unwrap().is_none());
}

#[tokio::test]
async fn a_proof_counts_for_some_minutes_and_for_its_own_session_alone() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    let alice = hub.identity("alice").await;
    let (here, _) = hub.open_session(&alice, "Firefox", SessionKind::Browser).await.unwrap();
    let (there, _) = hub.open_session(&alice, "Chromium", SessionKind::Browser).await.unwrap();
    let proved = async |who: &Identity| hub.has_proved(who).await.unwrap();

    assert!(proved(&here).await && proved(&there).await, "signing in proves the password");
    hub.wait(PROOF_COUNTS);
    assert!(!proved(&here).await && proved(&alice).await, "with the password on the request");
    let wrong = Secret::new("not it at all".to_owned());
    assert!(matches!(
        hub.prove_again(&here, &wrong, "", HOME).await,
        Err(AccountError::WrongPassword)
    ));
    assert!(!proved(&here).await);
    hub.prove_again(&here, &password("alice"), "", HOME).await.unwrap();
    assert!(proved(&here).await && !proved(&there).await);

    let (_, token) = hub.access_token("alice", CredentialScope::Admin).await;
    let machine = hub.sign_in("alice", &token, HOME).await.unwrap();
    assert!(matches!(hub.has_proved(&machine).await, Err(AccountError::NeedsPassword)));
    hub.end_other_sessions(&here).await.unwrap();
    assert!(!proved(&there).await, "an ended session proves nothing");
}
