//! People and their credentials, against a real database.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use roadstead_blobs::memory::MemoryStore;
use roadstead_db::accounts::{self, AccountKind, NewAccount};
use roadstead_db::teams::{self, NewTeam};
use roadstead_db::{Db, DbError, members};
use roadstead_types::{Actions, CredentialScope, Secret, Timestamp};

use super::*;
use crate::access::scope::{self, Scope};
use crate::access::tokens::{Basis, Keys};
use crate::access::{Credential, Identity, Limits};
use crate::settings::SignUp as Policy;
use crate::{Clock, Hub, Parts, SealingKey};

const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const AWAY: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));
const KEY: SystemKey = SystemKey::for_operator();

/// A hub on a database of its own, with a clock that stands still until it is moved.
struct Fixture {
    hub: Hub,
    now: Arc<AtomicI64>,
    _dir: tempfile::TempDir,
}

impl std::ops::Deref for Fixture {
    type Target = Hub;

    fn deref(&self) -> &Hub {
        &self.hub
    }
}

impl Fixture {
    async fn start() -> Self {
        Self::with(Policy::Open).await
    }

    async fn with(sign_up: Policy) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db =
            Db::open(&format!("sqlite:{}", dir.path().join("hub.db").display())).await.unwrap();
        let now = Arc::new(AtomicI64::new(1_780_000_000_000_000));
        let clock = Arc::clone(&now);
        let hub = Hub::start(Parts {
            db,
            blobs: Arc::new(MemoryStore::default()),
            clock: Clock::new(move || Timestamp::from_unix_us(clock.load(Ordering::SeqCst))),
            settings: Settings { sign_up, ..Settings::default() },
            node: "test".to_owned(),
            keys: Keys::generate().unwrap(),
            sealing: SealingKey::generate(),
        });
        Self { hub: hub.await.unwrap(), now, _dir: dir }
    }

    fn wait(&self, duration: Duration) {
        self.now.fetch_add(duration.as_micros() as i64, Ordering::SeqCst);
    }

    async fn person(&self, name: &str, is_admin: bool) -> Account {
        let new = NewUser {
            name: name.to_owned(),
            email: format!("{name}@example.test"),
            password: password(name),
            is_admin,
            is_verified: true,
        };
        self.create_user(&KEY, new).await.unwrap()
    }

    async fn identity(&self, name: &str) -> Arc<Identity> {
        self.sign_in(name, &password(name), HOME).await.unwrap()
    }

    async fn access_token(&self, name: &str, scope: CredentialScope) -> (AccessToken, Secret) {
        let new = NewAccessToken {
            label: "ci".to_owned(),
            scope,
            limits: Limits::default(),
            expires_at: None,
        };
        let by = MadeBy { address: Some(HOME), agent: "test".to_owned() };
        self.create_access_token(&*self.identity(name).await, new, by).await.unwrap()
    }

    async fn fail(&self, user: &str, guess: usize, from: IpAddr) -> SignInError {
        let guess = Secret::new(format!("guess number {guess}"));
        self.sign_in(user, &guess, from).await.unwrap_err()
    }
}

fn password(name: &str) -> Secret {
    Secret::new(format!("correct horse {name}"))
}

fn form(name: &str, invite: Option<Secret>) -> SignUp {
    let email = format!("{name}@example.test");
    SignUp { name: name.to_owned(), email, password: password(name), invite }
}

fn scopes(text: &str) -> Vec<Scope> {
    scope::parse_list([text]).unwrap()
}

/// What of each scope a token for it grants.
async fn granted(hub: &Hub, who: Option<&Identity>, text: &str) -> Vec<(String, Actions)> {
    let issued = hub.issue_token(who, &scopes(text)).await.unwrap();
    let claims = hub.verify_token(issued.token.expose()).unwrap();
    claims.grants.iter().map(|grant| (grant.name.clone(), grant.granted)).collect()
}

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
    assert_eq!(identity.credential, Credential::Refresh(Some(token.id)));

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
    let api = hub.issue_api_token(&alice, Duration::from_secs(600)).unwrap().token;
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
    let api = hub.issue_api_token(&alice, Duration::from_secs(600)).unwrap().token;
    let registry = hub.issue_token(Some(&alice), &[]).await.unwrap().token;

    assert_eq!(hub.verify_api_token(api.expose(), HOME).await.unwrap().account, alice.account);
    assert!(hub.verify_token(registry.expose()).is_ok());
    assert!(hub.verify_token(api.expose()).is_err());
    assert!(hub.verify_api_token(registry.expose(), HOME).await.is_err());
    hub.wait(Duration::from_secs(631));
    assert!(hub.verify_api_token(api.expose(), HOME).await.is_err());
}

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
    };

    let wrong = hub.complete_setup(set_up(&Secret::new("rsd_otc_x".into()), "alice")).await;
    assert!(matches!(wrong, Err(SetUpError::BadCode)));
    let short = SetUp { password: Secret::new("short".into()), ..set_up(&first, "alice") };
    assert!(matches!(hub.complete_setup(short).await, Err(SetUpError::Fields(_))));
    let made = hub.complete_setup(set_up(&first, "alice")).await.unwrap();
    assert!(made.is_admin && made.is_verified);

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

#[tokio::test]
async fn a_token_grants_no_more_than_was_asked_nor_than_the_credential_reaches() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    hub.person("bob", false).await;
    let alice = hub.identity("alice").await;
    for (name, is_private) in [("alice/open", false), ("alice/closed", true)] {
        hub.create_repository(&alice, &name.parse().unwrap(), "", is_private).await.unwrap();
    }
    let mut people: Vec<Option<Identity>> = vec![None];
    for name in ["alice", "bob"] {
        let identity = hub.identity(name).await;
        for scope in CredentialScope::ALL {
            people.push(Some(Identity { scope, ..Identity::clone(&identity) }));
        }
        people.push(Some(Identity { is_verified: false, ..Identity::clone(&identity) }));
    }
    let sets = ["pull", "push", "delete", "pull,push", "push,pull,delete", "*", "pull,*,fly"];
    let names = ["alice/open", "alice/closed", "alice/unmade", "bob/unmade", "ubuntu", "a/b/c"];
    for who in &people {
        for (name, set) in names.iter().flat_map(|name| sets.map(|set| (name, set))) {
            let Scope::Repository { actions: asked, .. } =
                scopes(&format!("repository:{name}:{set}"))[0].clone()
            else {
                panic!()
            };
            let text = format!("repository:{name}:{set}");
            let got = granted(&hub, who.as_ref(), &text).await[0].1;
            let context = format!("{who:?} asked {text} and got {got}");
            assert!(asked.contains(got), "{context}");
            let writes = Actions::PUSH.union(Actions::DELETE);
            match who {
                None => assert!(*name == "alice/open" || got.is_empty(), "{context}"),
                Some(who) => {
                    let owns = name.starts_with(&format!("{}/", who.name));
                    assert!(owns || got.intersection(writes).is_empty(), "{context}");
                    assert!(owns || *name == "alice/open" || got.is_empty(), "{context}");
                    let reads_only = who.scope <= CredentialScope::Read || !who.is_verified;
                    assert!(!reads_only || got.intersection(writes).is_empty(), "{context}");
                    let full = who.scope == CredentialScope::Admin && who.is_verified;
                    assert!(!(owns && full) || got == asked, "{context}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_refused_grant_tells_nothing_of_what_exists() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    hub.person("bob", false).await;
    let (alice, bob) = (hub.identity("alice").await, hub.identity("bob").await);
    hub.create_repository(&alice, &"alice/closed".parse().unwrap(), "", true).await.unwrap();

    let asked = scopes("repository:alice/closed:pull,push repository:alice/missing:pull,push");
    let issued = hub.issue_token(Some(&bob), &asked).await.unwrap();
    let claims = hub.verify_token(issued.token.expose()).unwrap();

    for grant in &claims.grants {
        assert_eq!((grant.granted, grant.basis), (Actions::NONE, Basis::Nothing));
        assert_eq!(grant.requested, Actions::PULL.union(Actions::PUSH));
    }
    assert_eq!(issued.granted, "");
}

/// An organization whose only owner is `owner`.
async fn organization(hub: &Fixture, name: &str, owner: &Identity) -> AccountId {
    let id: AccountId = hub.new_id();
    let new = NewAccount {
        id,
        uuid: uuid::Uuid::new_v4().simple().to_string(),
        name: name.parse().unwrap(),
        kind: AccountKind::Organization,
        full_name: String::new(),
        email: None,
        email_key: None,
        email_verified_at: None,
        password_hash: None,
        is_admin: false,
        default_private: false,
        created_at: hub.now(),
    };
    let team = NewTeam {
        id: hub.new_id(),
        uuid: uuid::Uuid::new_v4().simple().to_string(),
        organization_id: id,
        name: "owners".to_owned(),
        description: String::new(),
        is_owners: true,
        created_at: hub.now(),
    };
    hub.db
        .write(async |tx| {
            accounts::insert(tx, &new).await?.unwrap();
            teams::insert(tx, &team).await?;
            members::set(tx, id, owner.account, false, hub.now()).await?;
            teams::add_member(tx, team.id, owner.account, hub.now()).await?;
            Ok::<_, DbError>(())
        })
        .await
        .unwrap();
    id
}

#[tokio::test]
async fn an_organizations_token_acts_as_the_organization_where_it_says() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    hub.person("bob", false).await;
    let (alice, bob) = (hub.identity("alice").await, hub.identity("bob").await);
    let acme = organization(&hub, "acme", &alice).await;
    let new = |pattern: &str| {
        let places = [(pattern.to_owned(), Some(vec!["push".to_owned()]))];
        let limits = Limits::default().to_repositories(places).unwrap();
        let (label, description) = ("ci".to_owned(), String::new());
        NewOrganizationToken { label, description, limits, expires_at: None }
    };
    let by = || MadeBy { address: None, agent: String::new() };

    let (token, secret) =
        hub.create_organization_token(&alice, "acme", new("acme/web-*"), by()).await.unwrap();

    let machine = hub.sign_in("acme", &secret, HOME).await.unwrap();
    assert_eq!((machine.account, machine.name.as_str()), (acme, "acme"));
    let may =
        async |name: &str| hub.standing_of(&machine, &name.parse().unwrap(), None).await.unwrap();
    assert_eq!(may("acme/web-1").await, Actions::PULL.union(Actions::PUSH));
    assert!(may("acme/app").await.is_empty() && may("alice/app").await.is_empty());
    assert!(hub.sign_in("alice", &secret, HOME).await.is_err(), "it is nobody else's");
    for who in [&*bob, &*machine] {
        let refused = hub.create_organization_token(who, "acme", new("acme/*"), by()).await;
        assert!(matches!(refused, Err(OrganizationTokenError::NotOwner(_))));
    }
    let foreign = hub.create_organization_token(&alice, "acme", new("alice/*"), by()).await;
    assert!(matches!(foreign, Err(OrganizationTokenError::Foreign(_))));
    let by_token = hub.access_token("alice", CredentialScope::Admin).await.1;
    let by_token = hub.sign_in("alice", &by_token, HOME).await.unwrap();
    assert!(hub.list_organization_tokens(&by_token, "acme", 0, 9).await.is_err());

    let off = OrganizationTokenChange { is_active: Some(false), ..Default::default() };
    let uuid = token.token.uuid;
    hub.change_organization_token(&alice, "acme", uuid, off).await.unwrap();
    assert!(hub.sign_in("acme", &secret, HOME).await.is_err());
    let on = OrganizationTokenChange { is_active: Some(true), ..Default::default() };
    let shown = hub.change_organization_token(&alice, "acme", uuid, on).await.unwrap();
    assert_eq!(shown.created_by.unwrap().as_str(), "alice");
    assert_eq!(shown.token.limits.repositories(), Some(vec!["acme/web-*"]));
    assert!(hub.sign_in("acme", &secret, HOME).await.is_ok());
    hub.delete_organization_token(&alice, "acme", uuid).await.unwrap();
    assert!(hub.sign_in("acme", &secret, HOME).await.is_err());
    assert_eq!(hub.list_organization_tokens(&alice, "acme", 0, 9).await.unwrap().1, 0);
}
