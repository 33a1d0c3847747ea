//! Codes of an authenticator: RFC 6238 with SHA-1, six digits and thirty seconds, which is what every
//! authenticator program knows.

use roadstead_types::{Secret, Timestamp};
use totp_rs::{Builder, Totp};

use crate::StoreError;

/// As long as the hash, as RFC 4226 (section 4) recommends.
pub const SECRET_BYTES: usize = 20;
pub const DIGITS: usize = 6;

/// An authenticator, as the hub knows it too. Codes of the step before and of the one after count: clocks
/// go wrong.
pub struct Authenticator(Totp);

impl Authenticator {
    pub fn new(secret: &[u8]) -> Result<Self, StoreError> {
        Self::build(Builder::new(), secret)
    }

    /// With the names under which the authenticator shows it.
    pub fn named(secret: &[u8], host: &str, account: &str) -> Result<Self, StoreError> {
        // The label has a colon of its own, between the two names.
        let (host, _) = host.split_once(':').unwrap_or((host, ""));
        Self::build(Builder::new().with_account_name(account).with_issuer(Some(host)), secret)
    }

    fn build(builder: Builder, secret: &[u8]) -> Result<Self, StoreError> {
        let secret: [u8; SECRET_BYTES] = secret.try_into().map_err(StoreError::internal)?;
        let totp = builder.with_secret(totp_rs::Secret::new_stack(secret)).build();
        totp.map(Self).map_err(StoreError::internal)
    }

    /// The time step that the code belongs to, if it is right now.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let seconds = u64::try_from(now.unix_secs()).ok()?;
        self.0.check(code, seconds).and_then(|step| i64::try_from(step).ok())
    }

    /// For typing it in by hand.
    pub fn secret(&self) -> Secret {
        Secret::new(self.0.secret().to_base32())
    }

    /// For scanning: `otpauth://totp/...`.
    pub fn uri(&self) -> Result<Secret, StoreError> {
        self.0.to_url().map(Secret::new).map_err(StoreError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, with the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_rfc_and_count_for_ninety_seconds() {
        let authenticator = Authenticator::new(b"12345678901234567890").unwrap();
        let at = |seconds: i64| Timestamp::from_unix_us(seconds * 1_000_000);
        let known =
            [(1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")];
        for (seconds, code) in known {
            let step = seconds / 30;
            for late in [-30, 0, 30] {
                assert_eq!(authenticator.step_of(code, at(seconds + late)), Some(step), "{code}");
            }
            assert_eq!(authenticator.step_of(code, at(seconds + 61)), None);
            assert_eq!(authenticator.step_of(code, at(seconds - 61)), None);
        }
        for bad in ["", "28708", "2870820", "28708a", "२८७०८२"] {
            assert_eq!(authenticator.step_of(bad, at(59)), None, "{bad:?}");
        }
    }

    #[test]
    fn an_authenticator_is_shown_host_and_name() {
        let uri = |host: &str| {
            let named = Authenticator::named(b"12345678901234567890", host, "alice").unwrap();
            named.uri().unwrap().expose().clone()
        };

        assert_eq!(
            uri("hub.example:5000"),
            "otpauth://totp/hub.example:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=hub.example"
        );
    }
}
