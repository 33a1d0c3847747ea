//! Manifests at a registry.

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{StatusCode, header::HeaderMap};
use roadstead_oci::media_type;
use roadstead_types::Reference;

use super::Repository;
use crate::ClientError;
use crate::copy::Content;
use crate::http::document;

const KNOWN: [&str; 4] = [
    media_type::OCI_INDEX,
    media_type::OCI_MANIFEST,
    media_type::DOCKER_LIST,
    media_type::DOCKER_MANIFEST,
];

impl Repository {
    /// The manifest as it is stored; asked for by digest it must have that digest.
    pub(super) async fn get_manifest(&self, reference: &Reference) -> Result<Content, ClientError> {
        let url = self.url(&format!("manifests/{reference}"));
        let accept = KNOWN.join(", ");
        let answer = self.send(&[], |http| http.get(&url).header(ACCEPT, &accept)).await?;
        if answer.status() != StatusCode::OK {
            return Err(self.no_manifest(reference, self.refused(answer).await));
        }
        let media_type = content_type(answer.headers());
        let bytes = document(self.host(), answer).await?;
        let content = Content::new(bytes, media_type.as_deref())?;
        if let Reference::Digest(expected) = reference {
            content.check(expected)?;
        }
        Ok(content)
    }

    pub(super) async fn push_manifest(
        &self,
        manifest: &Content,
        reference: &Reference,
    ) -> Result<(), ClientError> {
        let url = self.url(&format!("manifests/{reference}"));
        let put = |http: &reqwest::Client| {
            let body = manifest.bytes.clone();
            http.put(&url).header(CONTENT_TYPE, &manifest.media_type).body(body)
        };
        let answer = self.send(&[], put).await?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            _ => Err(self.refused(answer).await),
        }
    }

    /// Says which image is missing: the registry's words do not.
    fn no_manifest(&self, reference: &Reference, error: ClientError) -> ClientError {
        let joint = if matches!(reference, Reference::Tag(_)) { ':' } else { '@' };
        match error {
            ClientError::NotFound(_) => ClientError::NotFound(format!(
                "there is no image {}/{}{joint}{reference}",
                self.host(),
                self.path
            )),
            other => other,
        }
    }
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(media_type::without_parameters(value).to_owned())
}
