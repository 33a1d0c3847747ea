//! Signing in to a hub by password, in two steps where the account has a second factor (hub-api, 2).

use reqwest::{Method, StatusCode};
use roadstead_types::Secret;
use serde_json::{Value, json};

use crate::{ClientError, HubApi};

/// How far a sign-in has come.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// With what a client keeps in place of the password, where the hub gives such a thing.
    Done(Option<Secret>),
    /// With a code, this finishes it.
    NeedsCode(Secret),
}

impl HubApi {
    /// `to_keep` asks for something to keep in place of the password.
    pub async fn begin_sign_in(
        &self,
        user: &str,
        password: &Secret,
        to_keep: bool,
    ) -> Result<SignIn, ClientError> {
        let body = json!({"username": user, "password": password.expose()});
        let (status, answer) = self.prove(&path("/v2/users/login", to_keep), &body).await?;
        if let (StatusCode::UNAUTHORIZED, Some(pending)) =
            (status, answer["login_2fa_token"].as_str())
        {
            return Ok(SignIn::NeedsCode(Secret::new(pending.to_owned())));
        }
        self.keep(status, &answer).map(SignIn::Done)
    }

    pub async fn finish_sign_in(
        &self,
        pending: &Secret,
        code: &str,
        to_keep: bool,
    ) -> Result<Option<Secret>, ClientError> {
        let body = json!({"login_2fa_token": pending.expose(), "code": code});
        let (status, answer) = self.prove(&path("/v2/users/2fa-login", to_keep), &body).await?;
        self.keep(status, &answer)
    }

    /// Asks as nobody, whatever login there is: it is being proved just now.
    async fn prove(&self, path: &str, body: &Value) -> Result<(StatusCode, Value), ClientError> {
        let answer = self.send(self.plain(Method::POST, path).json(body)).await?;
        Ok((answer.status(), self.value(answer).await?))
    }

    /// Uses the token from now on.
    fn keep(&self, status: StatusCode, answer: &Value) -> Result<Option<Secret>, ClientError> {
        if !status.is_success() {
            let text = answer["detail"].as_str().unwrap_or("the sign-in was refused");
            let text = text.chars().filter(|c| !c.is_control()).take(500).collect();
            return Err(ClientError::Denied { text, signed_in: true });
        }
        let token = answer["token"].as_str().ok_or_else(|| self.odd("a token"))?;
        // A second sign-in of one process is the same account again.
        let _ = self.token.set(Secret::new(token.to_owned()));
        Ok(answer["refresh_token"].as_str().map(|token| Secret::new(token.to_owned())))
    }
}

fn path(path: &str, to_keep: bool) -> String {
    match to_keep {
        true => format!("{path}?refresh_token=true"),
        false => path.to_owned(),
    }
}
