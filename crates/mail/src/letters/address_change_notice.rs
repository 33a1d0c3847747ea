use crate::letter::Letter;

/// To the present address: somebody signed in has asked for another.
pub fn address_change_asked(host: &str, name: &str, new_address: &str) -> Letter {
    Letter {
        subject: format!("Your e-mail address on {host} is about to change"),
        name: Some(name.to_owned()),
        paragraphs: vec![format!(
            "Somebody who knows the password of the account {name} on {host} asked to change its \
             address to {new_address}. It changes once that address is confirmed."
        )],
        action: None,
        otherwise: if_it_was_not_you(host),
    }
}

/// To the address that was left.
pub fn address_changed(host: &str, name: &str, new_address: &str) -> Letter {
    Letter {
        subject: format!("Your e-mail address on {host} was changed"),
        name: Some(name.to_owned()),
        paragraphs: vec![format!(
            "The address of the account {name} on {host} is now {new_address}. Nothing more is sent to \
             this one."
        )],
        action: None,
        otherwise: if_it_was_not_you(host),
    }
}

fn if_it_was_not_you(host: &str) -> String {
    format!(
        "If it was not you, change your password on {host} at once; if you cannot sign in any more, \
         write to whoever runs the hub."
    )
}
