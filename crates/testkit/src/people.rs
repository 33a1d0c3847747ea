//! People with accounts.

use std::ops::Deref;

use crate::client::Client;
use crate::hub::Hub;
use crate::repo::Repo;
use crate::token;

/// An account and its password. It is a [`Client`] that answers challenges as docker does.
#[derive(Clone, Debug)]
pub struct User {
    pub name: String,
    pub password: String,
    client: Client,
}

impl User {
    pub(crate) async fn create(hub: &Hub, name: &str, options: &[&str]) -> Self {
        let password = format!("correct horse {name} staple");
        let email = format!("{name}@example.test");
        hub.admin(&format!("user create {name} --email {email} --password-stdin"))
            .args(options)
            .input(password.clone())
            .run()
            .await
            .succeeds();
        let client = hub.anonymous().with_password(name, &password);
        Self { name: name.to_owned(), password, client }
    }

    /// The same person at another address of the same hub: another node, or a balancer, which
    /// gets a new connection for each request.
    pub fn at(&self, url: &str) -> Self {
        let client =
            Client::fresh_connections(url.to_owned()).with_password(&self.name, &self.password);
        Self { client, ..self.clone() }
    }

    /// `name/REST` or any other repository, used as this person.
    pub fn repo(&self, name: &str) -> Repo {
        Repo::new(self.client.clone(), name)
    }

    /// Sends user and password with every request, unasked.
    pub fn basic(&self) -> Client {
        self.client.clone().with_basic(&self.name, &self.password)
    }

    /// Fetches one token for exactly these scopes and sends it with every request.
    pub async fn bearer(&self, scopes: &[&str]) -> Client {
        let token = self.registry_token(scopes).await;
        self.client.clone().with_bearer(&token)
    }

    /// A client of the hub's JSON API, signed in as Docker Hub's clients do (hub-api.md, login).
    pub async fn signed_in(&self) -> Client {
        let body = serde_json::json!({"username": self.name, "password": self.password});
        let answer = Client::new(self.base().to_owned()).post("/v2/users/login").json(&body).await;
        let answer = answer.is(200).json();
        let token = answer["token"].as_str().expect("a login answer holds a token");
        self.client.clone().with_authorization(format!("JWT {token}"))
    }

    /// Hides a repository of this person, or shows it again.
    pub async fn set_private(&self, repository: &str, private: bool) {
        let path = format!("/v2/repositories/{repository}/privacy/");
        let body = serde_json::json!({"is_private": private});
        self.signed_in().await.post(&path).json(&body).await.is(200);
    }

    /// The text of a registry token for these scopes.
    pub async fn registry_token(&self, scopes: &[&str]) -> String {
        token::fetch(&self.basic(), scopes).await
    }
}

impl Deref for User {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}
