//! From the `Authorization` header to a [`Caller`].

use std::sync::Arc;

use axum::extract::FromRequestParts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::request::Parts;
use roadstead_hub::access::tokens::TokenError;
use roadstead_hub::access::{Bearer, Identity};
use roadstead_hub::accounts::SignInError;
use roadstead_hub::{Caller, StoreError};
use roadstead_types::Secret;

use crate::app::App;
use crate::origin::ClientAddress;
use crate::problem::Problem;

/// Longest `Authorization` value that is looked at, in bytes.
const MAX_CREDENTIALS: usize = 16 * 1024;

/// Why credentials did not make a caller.
#[derive(Debug)]
pub enum CallerError {
    /// Not a header we can read.
    Malformed,
    Token(TokenError),
    SignIn(SignInError),
    Store(StoreError),
}

/// What stands in the `Authorization` header.
pub enum Presented<'a> {
    Nothing,
    Basic {
        user: String,
        secret: Secret,
    },
    /// `Bearer` or `JWT` (what older Docker Hub clients write).
    Token(&'a str),
}

impl<'a> Presented<'a> {
    pub fn read(parts: &'a Parts) -> Result<Self, CallerError> {
        let Some(value) = parts.headers.get(AUTHORIZATION) else { return Ok(Self::Nothing) };
        let value = value.to_str().map_err(|_| CallerError::Malformed)?;
        if value.len() > MAX_CREDENTIALS {
            return Err(CallerError::Malformed);
        }
        let (scheme, rest) = value.trim().split_once(' ').ok_or(CallerError::Malformed)?;
        let rest = rest.trim();
        if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("jwt") {
            return Ok(Self::Token(rest));
        }
        if scheme.eq_ignore_ascii_case("basic") {
            return basic(rest);
        }
        Err(CallerError::Malformed)
    }
}

fn basic(encoded: &str) -> Result<Presented<'static>, CallerError> {
    let bytes = STANDARD.decode(encoded).map_err(|_| CallerError::Malformed)?;
    let text = String::from_utf8(bytes).map_err(|_| CallerError::Malformed)?;
    let (user, secret) = text.split_once(':').ok_or(CallerError::Malformed)?;
    // The conformance program sends a lone ":" when it has no credentials.
    if user.is_empty() && secret.is_empty() {
        return Ok(Presented::Nothing);
    }
    Ok(Presented::Basic { user: user.to_owned(), secret: Secret::new(secret.to_owned()) })
}

/// Makes the caller of a registry request: a registry token, Basic credentials, or nobody.
pub async fn authenticate(parts: &Parts, app: &App) -> Result<Caller, CallerError> {
    let address = ClientAddress::of(parts, app).0;
    match Presented::read(parts)? {
        Presented::Nothing => Ok(Caller::Anonymous),
        Presented::Token(token) => {
            let claims = app.hub.verify_token(token).map_err(CallerError::Token)?;
            Ok(Caller::Token(Bearer { claims, address: Some(address) }))
        }
        Presented::Basic { user, secret } => {
            let identity = app.hub.sign_in(&user, &secret, address).await;
            identity.map(Caller::Identity).map_err(CallerError::SignIn)
        }
    }
}

/// Extracts the account behind an API request; anybody else is refused.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Arc<Identity>);

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match api_caller(parts, app).await? {
            Caller::Identity(identity) => Ok(Self(identity)),
            Caller::Anonymous | Caller::Token(_) => Err(Problem::unauthorized()),
        }
    }
}

/// Extracts whoever sends an API request, also nobody.
#[derive(Clone, Debug)]
pub struct Anyone(pub Caller);

impl FromRequestParts<App> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        api_caller(parts, app).await.map(Self)
    }
}

/// Makes the caller of an API request: an API token, Basic credentials, or nobody. Registry tokens
/// are refused: they were made for images.
pub async fn api_caller(parts: &Parts, app: &App) -> Result<Caller, Problem> {
    let address = ClientAddress::of(parts, app).0;
    match Presented::read(parts).map_err(Problem::from)? {
        Presented::Nothing => Ok(Caller::Anonymous),
        Presented::Token(token) => {
            let identity = app.hub.verify_api_token(token, address).await;
            identity
                .map(Caller::Identity)
                .map_err(|error| Problem::from(CallerError::SignIn(error)))
        }
        Presented::Basic { user, secret } => {
            let identity = app.hub.sign_in(&user, &secret, address).await;
            identity
                .map(Caller::Identity)
                .map_err(|error| Problem::from(CallerError::SignIn(error)))
        }
    }
}
