//! Passwords: argon2id, and bounds on what checking them may cost.
//!
//! A check takes 19 MiB and tens of milliseconds. A bounded number runs at once, a bounded number
//! waits, the rest is told to come back: a flood of logins cannot take the memory of the registry.

use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use moka::sync::Cache;
use roadstead_types::Secret;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::StoreError;

/// argon2id with 19 MiB, two passes, one lane (OWASP's password storage minimum).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// How many checks may wait for each one that runs.
const QUEUE: usize = 16;
/// Outcomes remembered; each is 33 bytes and some bookkeeping.
const OUTCOMES: u64 = 10_000;

/// Why a password was not looked at.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("too many password checks are waiting")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub fits: bool,
    /// Whether this very guess was made before: a client that repeats itself guesses nothing.
    pub is_repeat: bool,
}

pub struct Passwords {
    running: Semaphore,
    waiting: AtomicUsize,
    max_waiting: usize,
    /// Whether a password fits a hash, by [`Passwords::outcome_key`]. Never changes, so it needs no
    /// invalidation; it spares each registry request with Basic credentials an argon2 run.
    outcomes: Cache<[u8; 32], bool>,
    /// Keys the cache, so that a copy of memory cannot be searched for passwords by plain SHA-256
    /// tables.
    process_key: [u8; 32],
    /// Stands in for the hash of an account that does not exist.
    dummy: String,
}

impl Passwords {
    pub fn new(at_once: usize) -> Self {
        let at_once = at_once.max(1);
        Self {
            running: Semaphore::new(at_once),
            waiting: AtomicUsize::new(0),
            max_waiting: at_once * QUEUE,
            outcomes: Cache::new(OUTCOMES),
            process_key: rand::random(),
            dummy: dummy_hash(),
        }
    }

    /// Whether `password` fits `hash`. Without a hash the work is done all the same, against one
    /// that nothing fits, so that time does not tell which accounts exist.
    pub async fn check(
        &self,
        account: &str,
        hash: Option<&str>,
        password: &Secret,
    ) -> Result<Verdict, PasswordError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.dummy).to_owned();
        let key = self.outcome_key(account, &hash, password);
        if let Some(fits) = self.outcomes.get(&key) {
            return Ok(Verdict { fits: fits && known, is_repeat: true });
        }
        let password = password.clone();
        let fits = self.run(move || fits(&hash, &password)).await?;
        self.outcomes.insert(key, fits);
        Ok(Verdict { fits: fits && known, is_repeat: false })
    }

    /// The hash to keep of a new password.
    pub async fn hash(&self, password: &Secret) -> Result<String, PasswordError> {
        let password = password.clone();
        let hashed = self
            .run(move || {
                hasher().hash_password(password.expose().as_bytes()).map(|hash| hash.to_string())
            })
            .await?;
        Ok(hashed.map_err(StoreError::internal)?)
    }

    /// The account is part of the key: a guess seen at one unknown name must not answer faster at
    /// the next.
    fn outcome_key(&self, account: &str, hash: &str, password: &Secret) -> [u8; 32] {
        let mut digest = Sha256::new_with_prefix(self.process_key);
        for part in [account, hash, password.expose()] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        digest.finalize().into()
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let place = Waiting::enter(&self.waiting, self.max_waiting).ok_or(PasswordError::Busy)?;
        let permit = self.running.acquire().await.map_err(StoreError::internal)?;
        drop(place);
        let done = tokio::task::spawn_blocking(work).await.map_err(StoreError::internal)?;
        drop(permit);
        Ok(done)
    }
}

/// A place in the queue, given up also when the client goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize, max: usize) -> Option<Self> {
        let place = Self(count);
        // On failure `place` is dropped, which takes the one back.
        (count.fetch_add(1, Ordering::Relaxed) < max).then_some(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hasher() -> Argon2<'static> {
    let params =
        Params::new(MEMORY_KIB, PASSES, 1, None).expect("constants within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn fits(hash: &str, password: &Secret) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| hasher().verify_password(password.expose().as_bytes(), &hash).is_ok())
}

/// A hash with the parameters in use and random bytes in place of an outcome.
fn dummy_hash() -> String {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    let salt = STANDARD_NO_PAD.encode(rand::random::<[u8; 16]>());
    let outcome = STANDARD_NO_PAD.encode(rand::random::<[u8; 32]>());
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1${salt}${outcome}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let passwords = Passwords::new(2);
        let hash = passwords.hash(&secret("correct horse")).await.unwrap();

        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let check = async |password: &str| {
            passwords.check("alice", Some(&hash), &secret(password)).await.unwrap()
        };
        assert_eq!(check("correct horse").await, Verdict { fits: true, is_repeat: false });
        assert_eq!(check("correct horse").await, Verdict { fits: true, is_repeat: true });
        assert_eq!(check("correct horsf").await, Verdict { fits: false, is_repeat: false });
        assert_eq!(check("correct horsf").await, Verdict { fits: false, is_repeat: true });
    }

    #[tokio::test]
    async fn an_account_that_does_not_exist_costs_the_same_work() {
        let passwords = Passwords::new(1);
        let hash = passwords.hash(&secret("correct horse")).await.unwrap();
        // The fastest of several, in turn: other work on the machine hits both alike. Without the
        // work the ratio would be in the thousands.
        let (mut known, mut unknown) = (u128::MAX, u128::MAX);
        for round in 0..8 {
            let guess = secret(&format!("guess {round}"));
            for (account, hash, fastest) in
                [("alice", Some(hash.as_str()), &mut known), ("nobody", None, &mut unknown)]
            {
                let started = Instant::now();
                assert!(!passwords.check(account, hash, &guess).await.unwrap().fits);
                *fastest = started.elapsed().as_micros().min(*fastest);
            }
        }

        let ratio = known as f64 / unknown as f64;
        assert!((0.25..4.0).contains(&ratio), "known {known} us, unknown {unknown} us");
    }

    #[tokio::test]
    async fn a_flood_is_told_to_come_back() {
        let passwords = Passwords::new(1);
        let guesses: Vec<_> = (0..QUEUE * 3).map(|n| secret(&n.to_string())).collect();
        let checks = guesses.iter().map(|guess| passwords.check("alice", None, guess));

        let outcomes = futures_util::future::join_all(checks).await;

        let busy = outcomes.iter().filter(|o| matches!(o, Err(PasswordError::Busy))).count();
        assert!(busy > QUEUE, "{busy} of {} were told to come back", outcomes.len());
        assert!(passwords.check("alice", None, &secret("later")).await.is_ok());
    }
}
