//! A hub with one person at work, and requests that no HTTP client would send.

use roadstead_testkit::{Answer, Client, Hub, RawConnection, Repo, User, noise};

/// Alice, with a token for everything in `alice/app`, which nobody has pushed to yet.
pub struct Desk {
    pub hub: Hub,
    pub alice: User,
    pub repo: Repo,
    pub client: Client,
    pub token: String,
}

impl Desk {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With options of `roadstead serve`.
    pub async fn with(args: &[&str]) -> Self {
        let hub = Hub::with().args(args.iter().copied()).start().await;
        let alice = hub.user("alice").await;
        let token = alice.registry_token(&["repository:alice/app:pull,push,delete"]).await;
        let client = hub.token(&token);
        let repo = client.repo("alice/app");
        Self { hub, alice, repo, client, token }
    }

    /// Another repository of Alice's, with a token of its own.
    pub async fn other(&self, name: &str) -> Repo {
        everything(&self.alice, name).await
    }

    /// The beginning of a request of Alice's on a connection of its own.
    pub async fn raw(&self, method: &str, path: &str, headers: &str) -> RawConnection {
        let mut connection = self.hub.raw().await;
        let (host, token) = (self.hub.address(), &self.token);
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n{headers}\r\n\r\n"
        );
        connection.send(head).await;
        connection
    }
}

/// A repository used with a token for everything in it.
pub async fn everything(user: &User, name: &str) -> Repo {
    user.bearer(&[&format!("repository:{name}:pull,push,delete")]).await.repo(name)
}

/// Fails unless the blob is here, byte for byte, with the headers that describe it.
#[track_caller]
pub fn is_blob(answer: &Answer, digest: &str, bytes: &[u8]) {
    assert_eq!(answer.bytes().as_ref(), bytes, "other bytes under {digest}");
    assert_eq!(answer.header("content-length"), bytes.len().to_string());
    assert_eq!(answer.header("docker-content-digest"), digest);
}

/// Bytes no other test has.
pub fn bytes_of(seed: u64) -> Vec<u8> {
    noise(seed, 3000).to_vec()
}

/// The target of `Link: <..>; rel="next"`.
pub fn next_page(answer: &Answer) -> Option<String> {
    let link = answer.maybe_header("link")?;
    let target = link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"");
    Some(target.unwrap_or_else(|| panic!("a Link nobody can follow: {link}")).to_owned())
}

/// A JSON array of texts.
pub fn texts(answer: &Answer, field: &str) -> Vec<String> {
    let json = answer.json();
    let items = json[field].as_array().unwrap_or_else(|| panic!("no list in {}", answer.story()));
    items.iter().map(|item| item.as_str().expect("a text").to_owned()).collect()
}
