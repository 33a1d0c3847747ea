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
