use crate::letter::{Action, Letter};

/// To the new address of an account that is to be changed.
pub fn confirm_new_address(host: &str, name: &str, link: &str) -> Letter {
    Letter {
        subject: format!("Confirm your new e-mail address on {host}"),
        name: Some(name.to_owned()),
        paragraphs: vec![format!(
            "This is to become the address of the account {name} on {host}. Until you confirm it, the \
             old one stays in use. The link works for 24 hours."
        )],
        action: Some(Action { label: "Confirm this address", link: link.to_owned() }),
        otherwise: "If this is not your account, do nothing: the address is not changed then."
            .to_owned(),
    }
}
