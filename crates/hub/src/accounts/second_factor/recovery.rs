//! Recovery codes: for whoever has lost the authenticator. Each works once.

use roadstead_types::Secret;

use crate::accounts::secrets;

/// How many there are at a time.
pub const COUNT: usize = 10;
/// 16 digits of base 32 are 80 bits: enough to be kept as a plain hash.
const DIGITS: usize = 16;
/// Lower case, and without what is easily misread: `0 o`, `1 l`.
const ALPHABET: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

/// Fresh codes, each as `abcd-efgh-ijkm-npqr`.
pub fn make() -> Vec<Secret> {
    (0..COUNT).map(|_| Secret::new(make_one())).collect()
}

fn make_one() -> String {
    let mut code = String::with_capacity(DIGITS + DIGITS / 4);
    for at in 0..DIGITS {
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        // 256 is a multiple of 32, so each digit comes up as often as the others.
        code.push(char::from(ALPHABET[usize::from(rand::random::<u8>() % 32)]));
    }
    code
}

/// What is kept of a code.
pub fn hash(code: &Secret) -> [u8; 32] {
    secrets::hash(&plain(code.expose()))
}

/// Whether the text can be a recovery code, however it is spaced and whatever its case.
pub fn is_one(text: &str) -> bool {
    let plain = plain(text);
    plain.len() == DIGITS && plain.bytes().all(|digit| ALPHABET.contains(&digit))
}

fn plain(text: &str) -> String {
    let kept = text.chars().filter(|c| !matches!(c, '-' | ' '));
    kept.take(DIGITS + 1).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let codes = make();
        let texts: std::collections::BTreeSet<_> =
            codes.iter().map(|code| code.expose().clone()).collect();
        assert_eq!(texts.len(), COUNT);
        for text in texts {
            let typed = text.replace('-', " ").to_uppercase();
            assert!(is_one(&text) && is_one(&typed) && is_one(&text.replace('-', "")), "{text}");
            assert_eq!(hash(&Secret::new(typed)), hash(&Secret::new(text.clone())));
            assert!(!is_one(&text[1..]) && !is_one(&format!("{text}2")), "{text}");
        }
        assert!(!is_one("123456") && !is_one("0000-0000-0000-0000"));
    }
}
