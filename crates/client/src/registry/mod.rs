//! A registry over the wire (OCI distribution-spec 1.1; docker-client.md for what others expect).

mod auth;
mod blobs;
mod manifests;
mod tags;
mod uploads;

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use roadstead_types::Reference;

use crate::copy::{ByteStream, Content, Descriptor, Source, Target};
use crate::docker_config::Login;
use crate::http::refusal;
use crate::progress::{Meter, Outcome};
use crate::{ClientError, Host, Transport};
use auth::Auth;

/// What is to be done with a repository, as token services name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Pull,
    Push,
}

impl Purpose {
    const fn actions(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "pull,push",
        }
    }
}

/// A registry that answers, and who we are to it.
#[derive(Debug)]
pub struct Registry {
    pub host: Host,
    http: Client,
    base: String,
    auth: Auth,
}

impl Registry {
    /// Finds the registry and learns how it wants to be asked.
    pub async fn connect(
        transport: &Transport,
        host: &Host,
        login: Option<Login>,
    ) -> Result<Self, ClientError> {
        let (base, answer) = transport.find(host, host.registry_address(), "/v2/").await?;
        match answer.status() {
            StatusCode::OK | StatusCode::UNAUTHORIZED => {}
            _ => return Err(refusal(host.as_str(), answer, false).await),
        }
        let auth = Auth::from_ping(&answer, &base, login)?;
        Ok(Self { host: host.clone(), http: transport.client.clone(), base, auth })
    }

    /// Proves the login and asks for an identity token to keep in place of the password.
    pub async fn log_in(&self) -> Result<Option<roadstead_types::Secret>, ClientError> {
        let host = self.host.as_str();
        let kept = self.auth.log_in(&self.http, host).await?;
        let ping = self.http.get(format!("{}/v2/", self.base));
        let authorized = self.auth.authorize(&self.http, host, ping, &[]).await?;
        let answer = authorized.send().await.map_err(|error| ClientError::broken(host, &error))?;
        match answer.status() {
            StatusCode::OK => Ok(kept),
            _ => Err(refusal(host, answer, true).await),
        }
    }

    /// A repository, for one purpose.
    pub fn repository(self: std::sync::Arc<Self>, path: &str, purpose: Purpose) -> Repository {
        Repository { registry: self, path: path.to_owned(), purpose }
    }

    pub(crate) fn signed_in(&self) -> bool {
        self.auth.has_login()
    }
}

/// A repository at a registry.
#[derive(Clone, Debug)]
pub struct Repository {
    registry: std::sync::Arc<Registry>,
    path: String,
    purpose: Purpose,
}

impl Repository {
    fn url(&self, rest: &str) -> String {
        format!("{}/v2/{}/{rest}", self.registry.base, self.path)
    }

    fn host(&self) -> &str {
        self.registry.host.as_str()
    }

    fn scope(&self) -> String {
        format!("repository:{}:{}", self.path, self.purpose.actions())
    }

    /// Sends a request that can be made again; a token that has ended is renewed once.
    async fn send(
        &self,
        more_scopes: &[String],
        make: impl Fn(&Client) -> RequestBuilder,
    ) -> Result<Response, ClientError> {
        let mut scopes = vec![self.scope()];
        scopes.extend_from_slice(more_scopes);
        let answer = self.send_once(&scopes, make(&self.registry.http)).await?;
        if answer.status() == StatusCode::UNAUTHORIZED && self.registry.auth.forget(&scopes) {
            return self.send_once(&scopes, make(&self.registry.http)).await;
        }
        Ok(answer)
    }

    async fn send_once(
        &self,
        scopes: &[String],
        request: RequestBuilder,
    ) -> Result<Response, ClientError> {
        let registry = &self.registry;
        let request = registry.auth.authorize(&registry.http, self.host(), request, scopes).await?;
        request.send().await.map_err(|error| ClientError::broken(self.host(), &error))
    }

    async fn refused(&self, answer: Response) -> ClientError {
        refusal(self.host(), answer, self.registry.signed_in()).await
    }
}

#[async_trait::async_trait]
impl Source for Repository {
    async fn manifest(&self, reference: &Reference) -> Result<Content, ClientError> {
        self.get_manifest(reference).await
    }

    async fn open(&self, blob: &Descriptor, offset: u64) -> Result<ByteStream, ClientError> {
        self.open_blob(blob, offset).await
    }

    fn origin(&self) -> Option<(&Host, &str)> {
        Some((&self.registry.host, &self.path))
    }
}

#[async_trait::async_trait]
impl Target for Repository {
    async fn put_blob(
        &self,
        blob: &Descriptor,
        from: &dyn Source,
        meter: &dyn Meter,
    ) -> Result<Outcome, ClientError> {
        if self.has_blob(blob).await? {
            return Ok(Outcome::Exists);
        }
        if let Some(mounted) = self.mount(blob, from).await? {
            return Ok(mounted);
        }
        self.upload(blob, from, meter).await?;
        Ok(Outcome::Copied)
    }

    async fn put_manifest(
        &self,
        manifest: &Content,
        reference: &Reference,
    ) -> Result<(), ClientError> {
        self.push_manifest(manifest, reference).await
    }
}
