//! Who we are to a registry: the challenge of its ping, and tokens by scope (docker-client, 2 and 3).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::WWW_AUTHENTICATE;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use roadstead_types::Secret;
use serde::Deserialize;

use crate::ClientError;
use crate::docker_config::{Login, LoginSecret};
use crate::http::{document, refusal};

/// What this client calls itself to a token service.
const CLIENT_ID: &str = "roadstead";
/// A token is renewed so long before it ends.
const MARGIN: Duration = Duration::from_secs(10);
/// The life of a token that says nothing (distribution, "Token Authentication Specification").
const DEFAULT_SECONDS: u64 = 60;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Challenge {
    /// Everybody is welcome as they are.
    None,
    Basic,
    Bearer {
        realm: String,
        service: String,
    },
}

#[derive(Debug)]
pub struct Auth {
    challenge: Challenge,
    login: Option<Login>,
    tokens: Mutex<HashMap<String, Token>>,
}

#[derive(Clone, Debug)]
struct Token {
    text: Secret,
    ends: Instant,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    token: String,
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    refresh_token: String,
    expires_in: Option<u64>,
}

impl Auth {
    /// Reads the challenge. Credentials never go to a token service over plain HTTP unless the
    /// registry itself is asked that way.
    pub fn from_ping(
        answer: &Response,
        base: &str,
        login: Option<Login>,
    ) -> Result<Self, ClientError> {
        let challenge = match answer.status() {
            StatusCode::UNAUTHORIZED => read_challenge(answer)?,
            _ => Challenge::None,
        };
        if let Challenge::Bearer { realm, .. } = &challenge
            && base.starts_with("https://")
            && !realm.starts_with("https://")
        {
            return Err(ClientError::Refused {
                status: 0,
                text: format!("{base} sends credentials to `{realm}`, which is not encrypted"),
            });
        }
        Ok(Self { challenge, login, tokens: Mutex::default() })
    }

    pub fn has_login(&self) -> bool {
        self.login.is_some()
    }

    /// Adds what the registry wants to see on a request with these scopes.
    pub async fn authorize(
        &self,
        http: &Client,
        host: &str,
        request: RequestBuilder,
        scopes: &[String],
    ) -> Result<RequestBuilder, ClientError> {
        match (&self.challenge, &self.login) {
            (Challenge::None, _) | (Challenge::Basic, None) => Ok(request),
            (Challenge::Basic, Some(login)) => match &login.secret {
                LoginSecret::Password(password) => {
                    Ok(request.basic_auth(&login.user, Some(password.expose())))
                }
                LoginSecret::IdentityToken(_) => Ok(request),
            },
            (Challenge::Bearer { .. }, _) => {
                let token = self.token(http, host, scopes).await?;
                Ok(request.bearer_auth(token.expose()))
            }
        }
    }

    /// Drops the token for these scopes; false when there was none.
    pub fn forget(&self, scopes: &[String]) -> bool {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.remove(&scopes.join(" ")).is_some()
    }

    /// Proves the password, and returns what to keep in its place if the service offers that.
    pub async fn log_in(&self, http: &Client, host: &str) -> Result<Option<Secret>, ClientError> {
        if !matches!(self.challenge, Challenge::Bearer { .. }) {
            return Ok(None);
        }
        let answer = self.fetch(http, host, &[], true).await?;
        Ok((!answer.refresh_token.is_empty()).then(|| Secret::new(answer.refresh_token)))
    }

    async fn token(
        &self,
        http: &Client,
        host: &str,
        scopes: &[String],
    ) -> Result<Secret, ClientError> {
        let key = scopes.join(" ");
        let kept = self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(token) = kept.filter(|token| Instant::now() < token.ends) {
            return Ok(token.text);
        }
        let answer = self.fetch(http, host, scopes, false).await?;
        let text = if answer.token.is_empty() { answer.access_token } else { answer.token };
        let seconds = answer.expires_in.unwrap_or(DEFAULT_SECONDS).max(DEFAULT_SECONDS);
        let ends = Instant::now() + Duration::from_secs(seconds.min(3600)) - MARGIN;
        let token = Token { text: Secret::new(text), ends };
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.insert(key, token.clone());
        Ok(token.text)
    }

    async fn fetch(
        &self,
        http: &Client,
        host: &str,
        scopes: &[String],
        to_keep: bool,
    ) -> Result<Answer, ClientError> {
        let Challenge::Bearer { realm, service } = &self.challenge else {
            return Err(ClientError::Corrupt(format!("{host} has no token service")));
        };
        let request = match self.login.as_ref().map(|login| &login.secret) {
            Some(LoginSecret::IdentityToken(token)) => {
                http.post(realm).form(&refresh_form(token, service, scopes))
            }
            _ => self.token_query(http.get(realm), service, scopes, to_keep),
        };
        let answer = request.send().await.map_err(|error| ClientError::broken(host, &error))?;
        if !answer.status().is_success() {
            return Err(refusal(host, answer, self.has_login()).await);
        }
        let body = document(host, answer).await?;
        serde_json::from_slice(&body).map_err(|error| {
            ClientError::Corrupt(format!("the token service of {host} answered no token: {error}"))
        })
    }

    fn token_query(
        &self,
        request: RequestBuilder,
        service: &str,
        scopes: &[String],
        to_keep: bool,
    ) -> RequestBuilder {
        let mut query = vec![("service", service), ("client_id", CLIENT_ID)];
        query.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
        if to_keep {
            query.push(("offline_token", "true"));
        }
        match &self.login {
            Some(Login { user, secret: LoginSecret::Password(password) }) => {
                query.push(("account", user));
                request.query(&query).basic_auth(user, Some(password.expose()))
            }
            _ => request.query(&query),
        }
    }
}

fn refresh_form(token: &Secret, service: &str, scopes: &[String]) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", token.expose().clone()),
        ("service", service.to_owned()),
        ("client_id", CLIENT_ID.to_owned()),
        ("scope", scopes.join(" ")),
    ]
}

/// The first challenge we understand.
fn read_challenge(answer: &Response) -> Result<Challenge, ClientError> {
    let values = answer.headers().get_all(WWW_AUTHENTICATE);
    let mut challenges = values.iter().filter_map(|value| parse_challenge(value.to_str().ok()?));
    challenges.next().ok_or_else(|| {
        let host = answer.url().host_str().unwrap_or("the registry");
        ClientError::Corrupt(format!("{host} asks for credentials but not in a form known here"))
    })
}

fn parse_challenge(value: &str) -> Option<Challenge> {
    let (scheme, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    if scheme.eq_ignore_ascii_case("basic") {
        return Some(Challenge::Basic);
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let realm = parameter(rest, "realm")?;
    Some(Challenge::Bearer { realm, service: parameter(rest, "service").unwrap_or_default() })
}

/// The value of a quoted parameter.
fn parameter(text: &str, name: &str) -> Option<String> {
    let mut rest = text;
    while let Some((key, after)) = rest.split_once("=\"") {
        let (value, more) = after.split_once('"')?;
        if key.trim_start_matches([',', ' ']).eq_ignore_ascii_case(name) {
            return Some(value.to_owned());
        }
        rest = more;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read_in_any_order_and_case() {
        let bearer = |text: &str| parse_challenge(text);
        let wanted =
            Challenge::Bearer { realm: "https://h/token".to_owned(), service: "a, b=c".to_owned() };

        assert_eq!(
            bearer(r#"Bearer realm="https://h/token",service="a, b=c""#),
            Some(wanted.clone())
        );
        assert_eq!(
            bearer(r#"bearer service="a, b=c", scope="x", Realm="https://h/token""#),
            Some(wanted)
        );
        assert_eq!(bearer("Basic realm=\"x\""), Some(Challenge::Basic));
        assert_eq!(bearer("Negotiate"), None);
        assert_eq!(bearer("Bearer service=\"x\""), None);
    }
}
