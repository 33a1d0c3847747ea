use crate::letter::Letter;

/// After a second factor was put in force.
pub fn second_factor_on(host: &str, name: &str) -> Letter {
    Letter {
        subject: format!("Two-factor sign-in on {host} is on"),
        name: Some(name.to_owned()),
        paragraphs: vec![format!(
            "The account {name} on {host} asks for a code of an authenticator after the password from now \
             on. Whoever was signed in is signed out; docker login takes an access token in place of the \
             password. Access tokens still work."
        )],
        action: None,
        otherwise: format!(
            "If it was not you, somebody has your password: ask the administrator of {host} to take the \
             second factor off, and change your password."
        ),
    }
}

/// After it was taken off, by whatever way.
pub fn second_factor_off(host: &str, name: &str) -> Letter {
    Letter {
        subject: format!("Two-factor sign-in on {host} is off"),
        name: Some(name.to_owned()),
        paragraphs: vec![format!(
            "The second factor of the account {name} on {host} was taken off: from now on the password \
             alone signs in."
        )],
        action: None,
        otherwise: format!(
            "If it was not you, use “Forgot password” on {host} at once, and set up a second factor again."
        ),
    }
}
