//! Secrets the hub makes up: access tokens, refresh tokens, one-time codes.
//!
//! Each has so many random bits that a plain SHA-256 of it can be kept and looked up: nothing can be
//! guessed, and the look-up compares no secret bytes.

use roadstead_types::Secret;
use sha2::{Digest, Sha256};

/// What a secret is for; stands in front of it, so that people and scanners recognise it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    AccessToken,
    OrganizationToken,
    RefreshToken,
    OneTimeCode,
    /// What a browser keeps.
    Session,
}

impl SecretKind {
    /// What stands for a password when a machine signs in.
    pub const TOKENS: [Self; 2] = [Self::AccessToken, Self::OrganizationToken];

    pub const fn prefix(self) -> &'static str {
        match self {
            Self::AccessToken => "rsd_pat_",
            Self::OrganizationToken => "rsd_oat_",
            Self::RefreshToken => "rsd_ref_",
            Self::OneTimeCode => "rsd_otc_",
            Self::Session => "rsd_ses_",
        }
    }
}

/// Whether the text is a credential that a machine presents in place of a password.
pub fn is_for_machines(text: &str) -> bool {
    let refresh = [SecretKind::RefreshToken];
    SecretKind::TOKENS.iter().chain(&refresh).any(|kind| text.starts_with(kind.prefix()))
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 30 digits of base 62 are 178 bits.
const RANDOM_DIGITS: usize = 30;
const CHECK_DIGITS: usize = 6;

/// A fresh secret: prefix, random digits, and the CRC-32 of both, so that a scanner can tell a
/// leaked secret from a look-alike without asking the hub.
pub fn make(kind: SecretKind) -> Secret {
    let mut text = String::from(kind.prefix());
    while text.len() < kind.prefix().len() + RANDOM_DIGITS {
        // Bytes from 248 up are drawn again, else the first digits would come up more often.
        let byte: u8 = rand::random();
        if byte < 248 {
            text.push(char::from(BASE62[usize::from(byte % 62)]));
        }
    }
    text.push_str(&check_digits(&text));
    Secret::new(text)
}

/// Whether the text can be a secret of this kind. Random guesses fail here, before any look-up.
pub fn is_well_formed(kind: SecretKind, text: &str) -> bool {
    let length = kind.prefix().len() + RANDOM_DIGITS;
    text.len() == length + CHECK_DIGITS
        && text.is_ascii()
        && text.starts_with(kind.prefix())
        && check_digits(&text[..length]) == text[length..]
}

/// What is kept of a secret.
pub fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn check_digits(text: &str) -> String {
    let mut rest = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(text.as_bytes());
    let mut digits = [b'0'; CHECK_DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_and_a_mistyped_one_is_not() {
        let secret = make(SecretKind::AccessToken);
        let text = secret.expose();

        assert_eq!(text.len(), 8 + 30 + 6);
        assert!(is_well_formed(SecretKind::AccessToken, text));
        assert!(!is_well_formed(SecretKind::RefreshToken, text));
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'x' { b'y' } else { b'x' };
            let other = String::from_utf8(other).unwrap();
            assert!(!is_well_formed(SecretKind::AccessToken, &other), "{other}");
        }
        assert_ne!(make(SecretKind::AccessToken), secret);
    }

    #[test]
    fn the_check_digits_are_the_crc_in_base_62() {
        // CRC-32 of "123456789" is 0xcbf43926, the check value of the algorithm.
        let value: u64 = check_digits("123456789")
            .bytes()
            .fold(0, |sum, b| sum * 62 + BASE62.iter().position(|d| *d == b).unwrap() as u64);

        assert_eq!(value, 0xcbf4_3926);
    }
}
