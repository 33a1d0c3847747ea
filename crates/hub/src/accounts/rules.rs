//! What a name, an e-mail address and a password must look like. Every refusal names its rule.

use std::collections::BTreeMap;

use roadstead_types::{AccountName, Secret};

use super::secrets::SecretKind;

pub const MIN_PASSWORD: usize = 8;
pub const MAX_PASSWORD: usize = 256;
const MAX_EMAIL_BYTES: usize = 254;

/// A field of a form that makes an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Name,
    Email,
    Password,
    Invite,
}

/// What is wrong with a form, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(BTreeMap<Field, String>);

impl FieldErrors {
    pub fn one(field: Field, text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(field, text.into())]))
    }

    pub fn get(&self, field: Field) -> Option<&str> {
        self.0.get(&field).map(String::as_str)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(field, text)| (*field, text.as_str()))
    }
}

impl std::fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let texts: Vec<&str> = self.0.values().map(String::as_str).collect();
        f.write_str(&texts.join("; "))
    }
}

/// A form whose fields keep the rules.
pub struct Person {
    pub name: AccountName,
    pub email: String,
}

/// Checks all fields at once, so that nobody has to find the rules one by one.
pub fn check(name: &str, email: &str, password: &Secret) -> Result<Person, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = AccountName::parse_new(name)
        .map_err(|error| errors.0.insert(Field::Name, error.to_string()));
    if let Err(text) = check_email(email) {
        errors.0.insert(Field::Email, text.to_owned());
    }
    if let Err(text) = check_password(password) {
        errors.0.insert(Field::Password, text);
    }
    match name {
        Ok(name) if errors.0.is_empty() => Ok(Person { name, email: email.to_owned() }),
        _ => Err(errors),
    }
}

pub fn check_password(password: &Secret) -> Result<(), String> {
    let length = password.expose().chars().take(MAX_PASSWORD + 1).count();
    if !(MIN_PASSWORD..=MAX_PASSWORD).contains(&length) {
        return Err(format!("a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters"));
    }
    let prefixes = SecretKind::TOKENS.map(SecretKind::prefix);
    if let Some(prefix) = prefixes.into_iter().find(|it| password.expose().starts_with(it)) {
        return Err(format!("a password cannot begin with `{prefix}`, which marks access tokens"));
    }
    Ok(())
}

/// The shape of an address: enough to catch slips and anything that could break out of a mail
/// header. Whether it works is found out by writing to it.
pub fn check_email(text: &str) -> Result<(), &'static str> {
    if text.len() > MAX_EMAIL_BYTES {
        return Err("an e-mail address has at most 254 characters");
    }
    let shape = "write the e-mail address as `name@example.com`";
    let (local, domain) = text.split_once('@').ok_or(shape)?;
    let local_ok = (1..=64).contains(&local.len())
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
    let label_ok = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let domain_ok =
        domain.split('.').all(label_ok) && (domain.contains('.') || domain == "localhost");
    if local_ok && domain_ok { Ok(()) } else { Err(shape) }
}

/// The one spelling by which verified addresses are compared.
pub fn email_key(email: &str) -> String {
    email.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_slip_or_break_out_are_refused() {
        for good in ["a@b.io", "alice.b+hub@mail.example.com", "me@localhost", "o'neil@ex-1.org"] {
            assert_eq!(check_email(good), Ok(()), "{good}");
        }
        let long = format!("{}@{}.io", "a".repeat(60), "b".repeat(200));
        for bad in [
            "",
            "a",
            "@",
            "a@",
            "@b.io",
            "a@b",
            "a@b.",
            "a@.io",
            "a@b..io",
            "a b@c.io",
            "a@b.io\r\nBcc: x@y.z",
            "a@b.io, c@d.io",
            "a@b@c.io",
            "<a@b.io>",
            "ä@b.io",
            "a@b_.io",
            "a@-b.io",
            &long,
        ] {
            assert!(check_email(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_form_is_told_all_that_is_wrong_with_it() {
        let errors = check("My Name", "nobody", &Secret::new("short".into())).err().unwrap();

        assert_eq!(errors.iter().count(), 3);
        assert!(errors.get(Field::Name).unwrap().contains("`my-name` would do"));
        assert!(errors.get(Field::Password).unwrap().contains("8 to 256"));
        let token_like = Secret::new("rsd_pat_something".to_owned());
        assert!(check("alice", "a@b.io", &token_like).is_err());
        assert!(check("alice", "a@b.io", &Secret::new("x".repeat(256))).is_ok());
        assert!(check("alice", "a@b.io", &Secret::new("x".repeat(257))).is_err());
    }
}
