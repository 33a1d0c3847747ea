//! Who gets in with a password, and when guessing ends.

use super::*;

#[tokio::test]
async fn a_name_or_a_verified_address_signs_in_with_the_right_password_alone() {
    let hub = Fixture::start().await;
    let alice = hub.person("alice", false).await;

    let identity = hub.identity("alice").await;
    assert_eq!((identity.account, identity.scope), (alice.id, CredentialScope::Admin));
    assert!(hub.sign_in("Alice@Example.test", &password("alice"), HOME).await.is_ok());

    for (user, secret) in [
        ("alice", password("bob")),
        ("alice", Secret::new(String::new())),
        ("alice", Secret::new("x".repeat(1 << 20))),
        ("bob", password("alice")),
        ("", password("alice")),
        ("library", password("alice")),
        ("ALICE", password("alice")),
        ("alice\0", password("alice")),
        (&"a".repeat(1 << 20), password("alice")),
    ] {
        let error = hub.sign_in(user, &secret, HOME).await.unwrap_err();
        assert!(matches!(error, SignInError::Wrong), "{user:.20}: {error}");
    }
}

#[tokio::test]
async fn all_failures_read_the_same() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    hub.person("gone", false).await;
    hub.disable_user(&KEY, "gone").await.unwrap();

    let mut texts = Vec::new();
    for (user, secret) in [("alice", "wrong password"), ("nobody", "wrong password")] {
        let error = hub.sign_in(user, &Secret::new(secret.to_owned()), HOME).await.unwrap_err();
        texts.push(error.to_string());
    }
    texts.push(hub.sign_in("gone", &password("gone"), HOME).await.unwrap_err().to_string());

    assert_eq!(texts, ["incorrect username or password"; 3]);
}

#[tokio::test]
async fn guessing_is_stopped_for_names_that_exist_and_names_that_do_not() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;

    for user in ["alice", "nobody"] {
        for guess in 0..10 {
            assert!(matches!(hub.fail(user, guess, HOME).await, SignInError::Wrong));
        }
        // From anywhere, and the right password too: else guessing would go on.
        for from in [HOME, AWAY] {
            let error = hub.sign_in(user, &password(user), from).await.unwrap_err();
            let SignInError::Throttled { retry_after } = error else { panic!("{user}: {error}") };
            assert_eq!(retry_after, Duration::from_secs(900), "{user}");
        }
    }
    hub.wait(Duration::from_secs(901));
    assert!(hub.sign_in("alice", &password("alice"), HOME).await.is_ok());
}

#[tokio::test]
async fn the_address_of_an_account_counts_with_its_name() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;

    for guess in 0..10 {
        let user = ["alice", "alice@example.test"][guess % 2];
        hub.fail(user, guess, HOME).await;
    }

    let error = hub.sign_in("alice", &password("alice"), HOME).await.unwrap_err();
    assert!(matches!(error, SignInError::Throttled { .. }), "{error}");
}

#[tokio::test]
async fn one_address_that_tries_many_names_is_stopped() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;

    for name in 0..100 {
        hub.fail(&format!("name{name}"), name, HOME).await;
    }

    assert!(matches!(hub.fail("fresh", 0, HOME).await, SignInError::Throttled { .. }));
    assert!(hub.sign_in("alice", &password("alice"), AWAY).await.is_ok());
}

#[tokio::test]
async fn a_client_that_repeats_one_old_password_does_not_lock_its_owner_out() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;

    for _ in 0..50 {
        assert!(matches!(hub.fail("alice", 1, HOME).await, SignInError::Wrong));
    }

    assert!(hub.sign_in("alice", &password("alice"), HOME).await.is_ok());
}

#[tokio::test]
async fn a_success_forgets_the_failures() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;

    for round in 0..3 {
        for guess in 0..9 {
            let error = hub.fail("alice", round * 10 + guess, HOME).await;
            assert!(matches!(error, SignInError::Wrong), "{error}");
        }
        assert!(hub.sign_in("alice", &password("alice"), HOME).await.is_ok());
    }
}

#[tokio::test]
async fn a_blocked_account_is_still_reached_by_its_access_token() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    let (_, secret) = hub.access_token("alice", CredentialScope::Read).await;
    for guess in 0..11 {
        hub.fail("alice", guess, HOME).await;
    }

    let identity = hub.sign_in("alice", &secret, HOME).await.unwrap();

    assert_eq!(identity.scope, CredentialScope::Read);
}
