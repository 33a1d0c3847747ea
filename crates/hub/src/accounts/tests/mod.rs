//! People and their credentials, against a real database.

mod grants;
mod organization_tokens;
mod sessions;
mod sign_in;
mod sign_up;
mod tokens;

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
use crate::access::{Credential, Identity, Limits, RefreshOrigin};
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
