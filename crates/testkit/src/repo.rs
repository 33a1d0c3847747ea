//! The registry protocol in words (OCI distribution specification 1.1).

use bytes::Bytes;

use crate::answer::Answer;
use crate::client::{Ask, Client};
use crate::digest::sha256;
use crate::image::{Image, Index, Manifest};
use crate::upload::Upload;

/// A repository as one caller sees it.
#[derive(Clone, Debug)]
pub struct Repo {
    client: Client,
    name: String,
}

impl Repo {
    pub(crate) fn new(client: Client, name: &str) -> Self {
        Self { client, name: name.to_owned() }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same repository used by another caller.
    pub fn seen_by(&self, other: &Client) -> Self {
        Self::new(other.clone(), &self.name)
    }

    /// `/v2/NAME/REST`.
    pub fn path(&self, rest: &str) -> String {
        format!("/v2/{}/{rest}", self.name)
    }

    /// Pushes blobs and manifest of an image under each tag; returns the manifest's digest.
    pub async fn push(&self, image: &Image, tags: &[&str]) -> String {
        for blob in &image.blobs {
            self.push_blob(blob.bytes.clone()).await;
        }
        self.push_manifest(&image.manifest, tags).await
    }

    /// Pushes the children and the index; returns the index's digest.
    pub async fn push_index(&self, index: &Index, tags: &[&str]) -> String {
        for child in &index.children {
            self.push(child, &[]).await;
        }
        self.push_manifest(&index.manifest, tags).await
    }

    async fn push_manifest(&self, manifest: &Manifest, tags: &[&str]) -> String {
        self.put_manifest(&manifest.digest, manifest).await.is(201);
        for tag in tags {
            self.put_manifest(tag, manifest).await.is(201);
        }
        manifest.digest.clone()
    }

    /// POST, then PUT with the whole body; returns the digest.
    pub async fn push_blob(&self, bytes: impl Into<Bytes>) -> String {
        let bytes = bytes.into();
        let digest = sha256(&bytes);
        self.begin_upload().await.finish_with(&digest, bytes).await.is(201);
        digest
    }

    /// One POST with `?digest=` and the whole body.
    pub fn post_blob(&self, digest: &str, bytes: impl Into<Bytes>) -> Ask {
        self.client
            .post(&self.path(&format!("blobs/uploads/?digest={digest}")))
            .header("content-type", "application/octet-stream")
            .body(bytes)
    }

    /// Opens an upload session, which must succeed.
    pub async fn begin_upload(&self) -> Upload {
        let answer = self.open_upload().await.is(202);
        self.upload_at(&answer.header("location"))
    }

    /// The bare POST that opens a session.
    pub fn open_upload(&self) -> Ask {
        self.client.post(&self.path("blobs/uploads/")).body("")
    }

    /// A session known by its `Location`, used by this caller.
    pub fn upload_at(&self, location: &str) -> Upload {
        Upload::new(self.client.clone(), location)
    }

    pub fn mount(&self, digest: &str, from: &str) -> Ask {
        let path = format!("blobs/uploads/?mount={digest}&from={from}");
        self.client.post(&self.path(&path)).body("")
    }

    pub fn blob(&self, digest: &str) -> Ask {
        self.client.get(&self.path(&format!("blobs/{digest}")))
    }

    pub fn head_blob(&self, digest: &str) -> Ask {
        self.client.head(&self.path(&format!("blobs/{digest}")))
    }

    pub fn delete_blob(&self, digest: &str) -> Ask {
        self.client.delete(&self.path(&format!("blobs/{digest}")))
    }

    pub fn put_manifest(&self, reference: &str, manifest: &Manifest) -> Ask {
        self.client
            .put(&self.path(&format!("manifests/{reference}")))
            .header("content-type", &manifest.media_type)
            .body(manifest.bytes.clone())
    }

    pub fn manifest(&self, reference: &str) -> Ask {
        self.client
            .get(&self.path(&format!("manifests/{reference}")))
            .header("accept", crate::media::ALL)
    }

    pub fn head_manifest(&self, reference: &str) -> Ask {
        self.client
            .head(&self.path(&format!("manifests/{reference}")))
            .header("accept", crate::media::ALL)
    }

    pub fn delete_manifest(&self, reference: &str) -> Ask {
        self.client.delete(&self.path(&format!("manifests/{reference}")))
    }

    /// `tags/list` with a query such as `n=2&last=1.0`.
    pub fn tags_page(&self, query: &str) -> Ask {
        self.client.get(&self.path(&format!("tags/list?{query}")))
    }

    /// All tags, following `Link`.
    pub async fn tags(&self) -> Vec<String> {
        let mut tags = Vec::new();
        let mut next = Some(self.path("tags/list"));
        while let Some(path) = next {
            let answer = self.client.get(&path).await.is(200);
            tags.extend(strings(&answer, "tags"));
            next = next_page(&answer);
        }
        tags
    }

    /// `referrers/DIGEST` with a query such as `artifactType=a/b`, or an empty one.
    pub fn referrers(&self, digest: &str, query: &str) -> Ask {
        self.client.get(&self.path(&format!("referrers/{digest}?{query}")))
    }

    /// Digests of all referrers, following `Link`.
    pub async fn referrer_digests(&self, digest: &str) -> Vec<String> {
        let mut digests = Vec::new();
        let mut next = Some(self.path(&format!("referrers/{digest}")));
        while let Some(path) = next {
            let answer = self.client.get(&path).await.is(200);
            let entries = answer.json()["manifests"].as_array().cloned().unwrap_or_default();
            digests.extend(entries.iter().filter_map(|e| e["digest"].as_str().map(str::to_owned)));
            next = next_page(&answer);
        }
        digests
    }
}

fn strings(answer: &Answer, field: &str) -> Vec<String> {
    let json = answer.json();
    let items = json[field].as_array().into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// The target of `Link: <..>; rel="next"`.
fn next_page(answer: &Answer) -> Option<String> {
    let link = answer.maybe_header("link")?;
    let (_, rest) = link.split_once('<')?;
    let (target, relation) = rest.split_once('>')?;
    relation.contains("next").then(|| target.to_owned())
}
