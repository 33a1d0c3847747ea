//! Requests with one way of presenting credentials.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::Method;

use crate::answer::Answer;
use crate::repo::Repo;
use crate::token::{self, Challenge};

#[derive(Clone, Debug)]
enum Credentials {
    None,
    /// Sent with every request.
    Fixed(String),
    /// Kept back until a challenge asks; then a token is fetched, as docker does it.
    OnChallenge {
        user: String,
        password: String,
    },
}

/// A caller. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    credentials: Credentials,
}

impl Client {
    pub fn new(base: String) -> Self {
        let http = http().build().expect("a plain client can be built");
        Self { http, base, credentials: Credentials::None }
    }

    /// Opens a connection for each request, so that a balancer sends each to another node.
    pub fn fresh_connections(base: String) -> Self {
        let http = http().pool_max_idle_per_host(0).build();
        let http = http.expect("a plain client can be built");
        Self { http, base, credentials: Credentials::None }
    }

    pub fn with_password(mut self, user: &str, password: &str) -> Self {
        let (user, password) = (user.to_owned(), password.to_owned());
        self.credentials = Credentials::OnChallenge { user, password };
        self
    }

    pub fn with_basic(self, user: &str, password: &str) -> Self {
        let pair = STANDARD.encode(format!("{user}:{password}"));
        self.with_authorization(format!("Basic {pair}"))
    }

    pub fn with_bearer(self, token: &str) -> Self {
        self.with_authorization(format!("Bearer {token}"))
    }

    /// Any text as the value of `Authorization`.
    pub fn with_authorization(mut self, value: impl Into<String>) -> Self {
        self.credentials = Credentials::Fixed(value.into());
        self
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// A repository used with these credentials.
    pub fn repo(&self, name: &str) -> Repo {
        Repo::new(self.clone(), name)
    }

    pub fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    pub fn head(&self, path: &str) -> Ask {
        self.ask(Method::HEAD, path)
    }

    pub fn post(&self, path: &str) -> Ask {
        self.ask(Method::POST, path)
    }

    pub fn put(&self, path: &str) -> Ask {
        self.ask(Method::PUT, path)
    }

    pub fn patch(&self, path: &str) -> Ask {
        self.ask(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> Ask {
        self.ask(Method::DELETE, path)
    }

    /// Any method on a path, or on an absolute URL as found in `Location`.
    pub fn ask(&self, method: Method, path: &str) -> Ask {
        let url = match path.starts_with("http://") || path.starts_with("https://") {
            true => path.to_owned(),
            false => format!("{}{path}", self.base),
        };
        Ask { client: self.clone(), method, url, headers: Vec::new(), body: Body::None }
    }
}

/// Redirects are answers to look at, and tests talk to loopback only.
fn http() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .timeout(Duration::from_secs(120))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
}

#[derive(Clone, Debug)]
enum Body {
    None,
    Whole(Bytes),
    /// Sent with chunked transfer coding, without a length.
    Pieces(Vec<Bytes>),
}

/// A request not yet sent; `.await` sends it.
#[derive(Clone, Debug)]
pub struct Ask {
    client: Client,
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    body: Body,
}

impl Ask {
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn body(mut self, bytes: impl Into<Bytes>) -> Self {
        self.body = Body::Whole(bytes.into());
        self
    }

    pub fn json(self, value: &serde_json::Value) -> Self {
        self.header("content-type", "application/json").body(value.to_string())
    }

    /// `name=value` pairs, encoded as an HTML form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let text = token::query(fields);
        self.header("content-type", "application/x-www-form-urlencoded").body(text)
    }

    /// A body without a length, sent piece by piece.
    pub fn pieces<B: Into<Bytes>>(mut self, pieces: impl IntoIterator<Item = B>) -> Self {
        self.body = Body::Pieces(pieces.into_iter().map(Into::into).collect());
        self
    }

    /// Sends it; an `Err` is a connection that broke.
    pub async fn send(self) -> Result<Answer, reqwest::Error> {
        match self.client.credentials.clone() {
            Credentials::None => self.once(None).await,
            Credentials::Fixed(value) => self.once(Some(&value)).await,
            Credentials::OnChallenge { user, password } => self.challenged(&user, &password).await,
        }
    }

    async fn challenged(self, user: &str, password: &str) -> Result<Answer, reqwest::Error> {
        let first = self.clone().once(None).await?;
        if first.status() != 401 {
            return Ok(first);
        }
        let holder = self.client.clone().with_basic(user, password);
        let Credentials::Fixed(basic) = holder.credentials.clone() else { unreachable!() };
        let authorization = match Challenge::of(&first) {
            Some(Challenge::Bearer { scopes }) => {
                let scopes: Vec<_> = scopes.iter().map(String::as_str).collect();
                format!("Bearer {}", token::fetch(&holder, &scopes).await)
            }
            Some(Challenge::Basic) => basic,
            None => return Ok(first),
        };
        self.once(Some(&authorization)).await
    }

    async fn once(self, authorization: Option<&str>) -> Result<Answer, reqwest::Error> {
        let request = format!("{} {}", self.method, self.url);
        let mut builder = self.client.http.request(self.method, &self.url);
        for (name, value) in &self.headers {
            builder = builder.header(name, value);
        }
        if let Some(value) = authorization {
            builder = builder.header("authorization", value);
        }
        builder = match self.body {
            Body::None => builder,
            Body::Whole(bytes) => builder.body(bytes),
            Body::Pieces(pieces) => builder.body(reqwest::Body::wrap_stream(
                futures_util::stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>)),
            )),
        };
        let answer = builder.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Answer { request, status, headers, body: answer.bytes().await? })
    }
}

impl IntoFuture for Ask {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = format!("{} {}", self.method, self.url);
        Box::pin(async move {
            self.send().await.unwrap_or_else(|error| panic!("{request} broke: {error:?}"))
        })
    }
}
