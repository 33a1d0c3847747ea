//! People with a second factor.

use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use crate::client::Client;
use crate::people::User;

/// What somebody has who turned the second factor on.
pub struct SecondFactor {
    /// What runs on the telephone.
    authenticator: Totp,
    /// The code that put it in force, and does not count again.
    pub used: String,
    pub recovery_codes: Vec<String>,
    /// Signed in when it was put in force.
    pub api: Client,
}

impl SecondFactor {
    /// The next code of the authenticator, which the hub takes already. It differs from the one that was
    /// used, so no test has to wait.
    pub fn code(&self) -> String {
        self.authenticator.generate(self.authenticator.next_step_current()).to_string()
    }

    pub fn secret(&self) -> &[u8] {
        self.authenticator.secret().as_bytes()
    }
}

impl User {
    /// Sets an authenticator up.
    pub async fn turn_on_second_factor(&self) -> SecondFactor {
        let (api, path) = (self.signed_in().await, "/api/v1/account/two-factor");
        let password = json!({"password": self.password});
        let begun = api.post(path).json(&password).await.is(200).json();
        let secret = begun["secret"].as_str().expect("a secret for the authenticator");
        let authenticator = authenticator(secret);
        let used = authenticator.generate_current().to_string();
        let confirm = api.post(&format!("{path}/confirm"));
        let on = confirm.json(&json!({"code": used})).await.is(200).json();
        let codes = serde_json::from_value(on["recovery_codes"].clone());
        let token = on["token"].as_str().expect("a token in place of the former one");
        let api = api.with_authorization(format!("Bearer {token}"));
        let recovery_codes = codes.expect("a list of codes");
        SecondFactor { authenticator, used, recovery_codes, api }
    }
}

/// The code that an authenticator shows now which was fed with this key.
pub fn code_of_key(key: &str) -> String {
    authenticator(key).generate_current().to_string()
}

fn authenticator(key: &str) -> Totp {
    let secret = Secret::try_from_base32(key).expect("it is in base 32");
    Builder::new().with_secret(secret).build().expect("it is long enough")
}
