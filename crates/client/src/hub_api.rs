//! The JSON API of a hub: signing in, asking, and lists of many pages (hub-api, 1 and 2).

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use roadstead_types::Secret;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::docker_config::{Login, LoginSecret};
use crate::http::{document, refusal};
use crate::{ClientError, Host, Transport};

/// Pages followed; nobody reads more on a terminal.
const MAX_PAGES: usize = 1000;
/// What a helper keeps in place of the name beside an identity token.
const NAMELESS: &str = "<token>";

/// A hub, and who we are to it.
#[derive(Debug)]
pub struct HubApi {
    pub host: Host,
    http: Client,
    base: String,
    login: Option<Login>,
    pub(crate) token: OnceCell<Secret>,
}

/// A list, as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct List {
    pub items: Vec<Value>,
    /// How many there are in all.
    pub total: u64,
}

impl HubApi {
    pub async fn connect(
        transport: &Transport,
        host: &Host,
        login: Option<Login>,
    ) -> Result<Self, ClientError> {
        let (base, _) = transport.find(host, host.api_address(), "/v2/").await?;
        let (host, http) = (host.clone(), transport.client.clone());
        Ok(Self { host, http, base, login, token: OnceCell::new() })
    }

    pub fn is_signed_in(&self) -> bool {
        self.login.is_some()
    }

    /// Asks, and fails on any refusal. An empty answer is null.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, ClientError> {
        let request = self.request(method, path, body).await?;
        let answer = self.send(request).await?;
        if !answer.status().is_success() {
            return Err(refusal(self.host.as_str(), answer, self.is_signed_in()).await);
        }
        self.value(answer).await
    }

    pub async fn get(&self, path: &str) -> Result<Value, ClientError> {
        self.ask(Method::GET, path, None).await
    }

    /// Up to `limit` items of a list, page after page.
    pub async fn list(&self, path: &str, limit: usize) -> Result<List, ClientError> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut next = Some(format!("{path}{joint}page_size={}", limit.clamp(1, 100)));
        let mut list = List::default();
        for _ in 0..MAX_PAGES {
            let Some(path) = next.take().filter(|_| list.items.len() < limit) else { break };
            let mut page = self.get(&path).await?;
            let items = match page["results"].take() {
                Value::Array(items) => items,
                _ => return Err(self.odd("a list")),
            };
            list.items.extend(items);
            list.total = page["count"].as_u64().unwrap_or(list.items.len() as u64);
            next = page["next"].as_str().and_then(|url| self.below(url));
        }
        list.items.truncate(limit);
        Ok(list)
    }

    /// Any request, with any answer: status and body.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, bytes::Bytes), ClientError> {
        let request = self.request(method, path, body).await?;
        let answer = self.send(request).await?;
        let status = answer.status();
        Ok((status, document(self.host.as_str(), answer).await?))
    }

    /// Whether this is a hub that says plainly that nobody has this name. Other registries know no
    /// users; there, and in doubt, a name is not free.
    pub async fn is_free(&self, user: &str) -> bool {
        let Ok((status, body)) = self.raw(Method::GET, &format!("/v2/users/{user}/"), None).await
        else {
            return false;
        };
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        status == StatusCode::NOT_FOUND
            && (body["message"].is_string() || body["detail"].is_string())
    }

    pub async fn sign_up(
        &self,
        user: &str,
        email: &str,
        password: &Secret,
    ) -> Result<(), ClientError> {
        let body = json!({"username": user, "email": email, "password": password.expose()});
        self.ask(Method::POST, "/v2/users/", Some(&body)).await.map(drop)
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<RequestBuilder, ClientError> {
        let mut request = self.plain(method, path);
        if let Some(login) = &self.login {
            let token = self.token.get_or_try_init(|| self.sign_in(login)).await?;
            request = request.bearer_auth(token.expose());
        }
        Ok(match body {
            Some(body) => request.json(body),
            None => request,
        })
    }

    /// A request without credentials.
    pub(crate) fn plain(&self, method: Method, path: &str) -> RequestBuilder {
        let path = path.strip_prefix(&self.base).unwrap_or(path).trim_start_matches('/');
        self.http.request(method, format!("{}/{path}", self.base))
    }

    /// Trades the login for a token of the API.
    async fn sign_in(&self, login: &Login) -> Result<Secret, ClientError> {
        let (LoginSecret::Password(secret) | LoginSecret::IdentityToken(secret)) = &login.secret;
        let user = if login.user.is_empty() { NAMELESS } else { &login.user };
        let body = json!({"identifier": user, "secret": secret.expose()});
        let request = self.http.post(format!("{}/v2/auth/token", self.base)).json(&body);
        let answer = self.send(request).await?;
        if !answer.status().is_success() {
            return Err(refusal(self.host.as_str(), answer, true).await);
        }
        let token = self.value(answer).await?;
        let token = token["access_token"].as_str().ok_or_else(|| self.odd("a token"))?;
        Ok(Secret::new(token.to_owned()))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        let sent = request.send().await;
        sent.map_err(|error| ClientError::broken(self.host.as_str(), &error))
    }

    pub(crate) async fn value(&self, answer: Response) -> Result<Value, ClientError> {
        let body = document(self.host.as_str(), answer).await?;
        if body.trim_ascii().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&body).map_err(|_| self.odd("JSON"))
    }

    /// The path of a link, if it leads to this hub.
    fn below(&self, url: &str) -> Option<String> {
        url.strip_prefix(&self.base).filter(|rest| rest.starts_with('/')).map(str::to_owned)
    }

    pub(crate) fn odd(&self, what: &str) -> ClientError {
        ClientError::Corrupt(format!("{} did not answer with {what} where one belongs", self.host))
    }
}
