//! `/token`: the token service, by GET (distribution, "Token Authentication Specification") and by
//! POST (the same, "OAuth2").
//!
//! Parses and renders. Granting less than asked is a success: what is missing is refused later, at
//! the registry, with the reason. Only wrong credentials are 401, and nobody is anonymous by mistake.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use roadstead_http::body::{ReadError, read_all};
use roadstead_http::caller::{CallerError, Presented};
use roadstead_http::{App, ClientAddress};
use roadstead_hub::StoreError;
use roadstead_hub::access::tokens::Issued;
use roadstead_hub::access::{Identity, scope};
use roadstead_hub::accounts::SignInError;
use roadstead_oci::ErrorCode;
use roadstead_types::Secret;
use serde_json::{Value, json};

use crate::error::RegistryError;

/// Bytes of a form; a hundred scopes and a token fit many times.
const MAX_FORM_BYTES: usize = 64 << 10;

/// What is asked, whichever way.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    scopes: Vec<String>,
    /// Whether the client wants a refresh token to keep.
    is_offline: bool,
    client: String,
    /// The answer to a POST tells the granted scopes.
    tells_scope: bool,
}

/// Who asks.
enum Grant {
    Anonymous,
    Password { user: String, secret: Secret },
    Refresh(Secret),
}

enum TokenRefusal {
    BadRequest(String),
    SignIn(SignInError),
    Store(StoreError),
}

impl TokenRefusal {
    /// For the metrics.
    const fn outcome(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::SignIn(SignInError::Wrong) => "wrong_credentials",
            Self::SignIn(SignInError::NeedsToken) => "needs_token",
            Self::SignIn(SignInError::Throttled { .. }) => "throttled",
            Self::SignIn(SignInError::Busy) => "busy",
            Self::SignIn(SignInError::Store(_)) | Self::Store(_) => "failed",
        }
    }
}

impl From<StoreError> for TokenRefusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

pub async fn get(State(app): State<App>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let fields = form(parts.uri.query().unwrap_or_default().as_bytes());
    let asked = asked(&fields, ("offline_token", "true"));
    let answer = match from_header(&parts) {
        Ok(grant) => answer(&app, &parts, grant, asked).await,
        Err(refusal) => Err(refusal),
    };
    counted(answer)
}

pub async fn post(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = match read_form(&app, &parts, body).await {
        Ok((grant, asked)) => answer(&app, &parts, grant, asked).await,
        Err(refusal) => Err(refusal),
    };
    counted(answer)
}

/// Counts how it went, and renders it.
fn counted(answer: Result<Response, TokenRefusal>) -> Response {
    let outcome = answer.as_ref().map_or_else(TokenRefusal::outcome, |_| "issued");
    metrics::counter!("roadstead_tokens_total", "outcome" => outcome).increment(1);
    answer.unwrap_or_else(IntoResponse::into_response)
}

type Fields = Vec<(String, String)>;

fn form(text: &[u8]) -> Fields {
    form_urlencoded::parse(text)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

fn field<'a>(fields: &'a Fields, key: &str) -> Option<&'a str> {
    fields.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str())
}

/// `scope` may be repeated and each may hold several, in both methods.
fn asked(fields: &Fields, (offline, yes): (&str, &str)) -> Asked {
    let scopes = fields.iter().filter(|(key, _)| key == "scope");
    Asked {
        scopes: scopes.map(|(_, value)| value.clone()).collect(),
        is_offline: field(fields, offline) == Some(yes),
        client: field(fields, "client_id").unwrap_or_default().to_owned(),
        tells_scope: false,
    }
}

fn from_header(parts: &Parts) -> Result<Grant, TokenRefusal> {
    match Presented::read(parts) {
        Ok(Presented::Nothing) => Ok(Grant::Anonymous),
        Ok(Presented::Basic { user, secret }) => Ok(Grant::Password { user, secret }),
        // A token is no credential for another token: it would never end.
        Ok(Presented::Token(_)) => Err(TokenRefusal::SignIn(SignInError::Wrong)),
        Err(CallerError::Store(error)) => Err(error.into()),
        Err(_) => Err(TokenRefusal::SignIn(SignInError::Wrong)),
    }
}

async fn read_form(app: &App, parts: &Parts, body: Body) -> Result<(Grant, Asked), TokenRefusal> {
    let bad = |text: &str| TokenRefusal::BadRequest(text.to_owned());
    let body = read_all(body, MAX_FORM_BYTES, app.shutdown.clone()).await;
    let body = body.map_err(|error| match error {
        ReadError::TooLarge => bad("the form is too large"),
        ReadError::Broken(_) => bad("the form did not arrive whole"),
    })?;
    let fields = form(&body);
    let secret = |key: &str| Secret::new(field(&fields, key).unwrap_or_default().to_owned());
    let grant = match field(&fields, "grant_type") {
        Some("refresh_token") => Grant::Refresh(secret("refresh_token")),
        Some("password") => {
            let user = field(&fields, "username").unwrap_or_default().to_owned();
            let password = secret("password");
            match user.is_empty() && password.expose().is_empty() {
                true => Grant::Anonymous,
                false => Grant::Password { user, secret: password },
            }
        }
        None => from_header(parts)?,
        Some(_) => return Err(bad("grant_type must be `password` or `refresh_token`")),
    };
    let asked = Asked { tells_scope: true, ..asked(&fields, ("access_type", "offline")) };
    Ok((grant, asked))
}

/// The one function behind both methods.
async fn answer(
    app: &App,
    parts: &Parts,
    grant: Grant,
    asked: Asked,
) -> Result<Response, TokenRefusal> {
    let scopes = scope::parse_list(asked.scopes.iter().map(String::as_str))
        .map_err(|error| TokenRefusal::BadRequest(error.to_string()))?;
    let address = ClientAddress::of(parts, app).0;
    let who = match &grant {
        Grant::Anonymous => None,
        Grant::Password { user, secret } => Some(app.hub.sign_in(user, secret, address).await),
        Grant::Refresh(token) => Some(app.hub.redeem_refresh_token(token, address).await),
    };
    let who: Option<Arc<Identity>> = who.transpose().map_err(TokenRefusal::SignIn)?;
    let issued = app.hub.issue_token(who.as_deref(), &scopes).await?;
    let refresh = match (grant, &who) {
        (Grant::Refresh(token), _) if asked.is_offline => Some(token),
        (Grant::Password { .. }, Some(identity)) if asked.is_offline => {
            Some(app.hub.issue_refresh_token(identity, &asked.client).await?)
        }
        _ => None,
    };
    Ok(success(&issued, refresh.as_ref(), asked.tells_scope))
}

fn success(issued: &Issued, refresh: Option<&Secret>, tells_scope: bool) -> Response {
    let mut body = json!({
        // Old clients read one, OAuth2 clients the other.
        "token": issued.token.expose(),
        "access_token": issued.token.expose(),
        // Clients take less than a minute for a minute.
        "expires_in": issued.expires_in.as_secs().max(60),
        "issued_at": issued.issued_at.to_string(),
    });
    if tells_scope {
        body["scope"] = Value::from(issued.granted.as_str());
    }
    if let Some(refresh) = refresh {
        body["refresh_token"] = Value::from(refresh.expose().as_str());
    }
    json_response(StatusCode::OK, &body)
}

impl IntoResponse for TokenRefusal {
    fn into_response(self) -> Response {
        let (status, code, text, retry_after) = match self {
            Self::Store(error) | Self::SignIn(SignInError::Store(error)) => {
                return RegistryError::from(error).into_response();
            }
            Self::BadRequest(text) => (StatusCode::BAD_REQUEST, ErrorCode::Unsupported, text, None),
            Self::SignIn(error) => match error {
                SignInError::Throttled { retry_after } => {
                    let secs = retry_after.as_secs().max(1);
                    let status = StatusCode::TOO_MANY_REQUESTS;
                    (status, ErrorCode::TooManyRequests, error.to_string(), Some(secs))
                }
                SignInError::Busy => {
                    let status = StatusCode::TOO_MANY_REQUESTS;
                    (status, ErrorCode::TooManyRequests, error.to_string(), Some(2))
                }
                _ => (StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized, error.to_string(), None),
            },
        };
        // docker reads `details` here, other clients the first of `errors` (docker-client, 3.5).
        let body = json!({
            "details": text,
            "errors": [{ "code": code.word(), "message": text, "detail": {} }],
        });
        let mut response = json_response(status, &body);
        if let Some(secs) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}

fn json_response(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_come_repeated_and_joined() {
        let fields = form(b"account=a&client_id=docker&offline_token=true&scope=repository%3Aa%2Fb%3Apull&scope=x+y&service=s");

        let asked = asked(&fields, ("offline_token", "true"));

        assert_eq!(asked.scopes, ["repository:a/b:pull", "x y"]);
        assert!(asked.is_offline);
        assert_eq!(asked.client, "docker");
    }
}
