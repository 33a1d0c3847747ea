//! How accounts are made.

use super::*;

#[tokio::test]
async fn sign_up_waits_for_an_administrator_and_follows_the_setting() {
    let hub = Fixture::start().await;
    assert!(matches!(hub.sign_up(form("alice", None), HOME).await, Err(SignUpError::NotSetUp)));
    hub.person("root-admin", true).await;
    let made = hub.sign_up(form("alice", None), HOME).await.unwrap();
    assert!(!made.is_admin && !made.is_verified);
    assert!(!hub.identity("alice").await.is_verified);

    let closed = Fixture::with(Policy::Closed).await;
    closed.person("root-admin", true).await;
    assert!(matches!(closed.sign_up(form("alice", None), HOME).await, Err(SignUpError::Closed)));
}

#[tokio::test]
async fn an_invitation_makes_one_account() {
    let hub = Fixture::with(Policy::Invite).await;
    hub.person("root-admin", true).await;
    let code = hub.create_invite(&KEY, Duration::from_secs(60)).await.unwrap();
    let late = hub.create_invite(&KEY, Duration::from_secs(60)).await.unwrap();
    let refused = async |form: SignUp| match hub.sign_up(form, HOME).await {
        Err(SignUpError::Fields(errors)) => errors.get(Field::Invite).is_some(),
        _ => false,
    };

    assert!(refused(form("alice", None)).await);
    assert!(refused(form("alice", Some(Secret::new("rsd_otc_guess".into())))).await);
    // A form with another mistake does not use the code up.
    assert!(hub.sign_up(form("root-admin", Some(code.clone())), HOME).await.is_err());
    assert!(hub.sign_up(form("alice", Some(code.clone())), HOME).await.is_ok());
    assert!(refused(form("bob", Some(code))).await);
    hub.wait(Duration::from_secs(60));
    assert!(refused(form("bob", Some(late))).await);
}

#[tokio::test]
async fn sign_up_tells_taken_names_but_never_taken_addresses() {
    let hub = Fixture::start().await;
    hub.person("alice", true).await;

    let Err(SignUpError::Fields(errors)) = hub.sign_up(form("alice", None), HOME).await else {
        panic!()
    };
    assert!(errors.get(Field::Name).unwrap().contains("taken"));
    for (name, rule) in [("alice", "taken"), ("settings", "reserved"), ("A b", "would do")] {
        let told = hub.check_new_name(name).await.unwrap_err().to_string();
        assert!(told.contains(rule), "{name}: {told}");
    }
    assert!(hub.check_new_name("bob").await.is_ok());
    let same_address = SignUp { email: "alice@example.test".to_owned(), ..form("bob", None) };
    assert!(hub.sign_up(same_address, HOME).await.is_ok());

    // The address still leads to the one who proved it.
    let found = hub.sign_in("alice@example.test", &password("alice"), HOME).await.unwrap();
    assert_eq!(found.name.as_str(), "alice");
    assert!(hub.sign_in("alice@example.test", &password("bob"), HOME).await.is_err());
}

#[tokio::test]
async fn the_setup_code_makes_one_administrator() {
    let hub = Fixture::start().await;
    let first = hub.setup_code().await.unwrap().unwrap();
    let second = hub.setup_code().await.unwrap().unwrap();
    let set_up = |code: &Secret, name: &str| SetUp {
        code: code.clone(),
        name: name.to_owned(),
        email: format!("{name}@example.test"),
        password: password(name),
        sign_up: Some("invite".to_owned()),
    };

    let wrong = hub.complete_setup(set_up(&Secret::new("rsd_otc_x".into()), "alice")).await;
    assert!(matches!(wrong, Err(SetUpError::BadCode)));
    let short = SetUp { password: Secret::new("short".into()), ..set_up(&first, "alice") };
    assert!(matches!(hub.complete_setup(short).await, Err(SetUpError::Fields(_))));
    let made = hub.complete_setup(set_up(&first, "alice")).await.unwrap();
    assert!(made.is_admin && made.is_verified);
    assert_eq!(hub.sign_up_policy(), crate::settings::SignUp::Invite);

    for code in [&first, &second] {
        let again = hub.complete_setup(set_up(code, "mallory")).await;
        assert!(matches!(again, Err(SetUpError::Done)));
    }
    assert_eq!(hub.setup_code().await.unwrap(), None);
}

#[tokio::test]
async fn a_setup_code_expires() {
    let hub = Fixture::start().await;
    let code = hub.setup_code().await.unwrap().unwrap();
    assert!(hub.check_setup_code(&code).await.is_ok());

    hub.wait(Duration::from_secs(24 * 3600));

    assert!(matches!(hub.check_setup_code(&code).await, Err(SetUpError::BadCode)));
}
