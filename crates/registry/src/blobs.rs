//! `/v2/<name>/blobs/<digest>`: download, existence, removal from the repository.

use axum::Extension;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName,
    IF_NONE_MATCH, IF_RANGE, LOCATION, RANGE,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use roadstead_http::body::outgoing;
use roadstead_hub::Caller;
use roadstead_hub::access::{Delete, Pull, Repo};
use roadstead_hub::content::{BlobDownload, BlobError, BlobRecord, Download};
use roadstead_oci::ErrorCode;
use roadstead_oci::range::{self, Selected};
use roadstead_types::Digest;
use serde_json::json;

use crate::call::Call;
use crate::error::RegistryError;
use crate::manifests::{cache_control, matches_etag};

pub const DOCKER_CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

pub async fn get(call: Call) -> Result<Response, RegistryError> {
    let (name, digest) = (call.name()?, call.digest()?);
    let found = call.app.hub.find_blob(call.caller.clone(), &name, digest).await;
    let (repository, blob) = found.map_err(|refusal| call.refuse(refusal))?;
    let blob = blob.ok_or_else(|| unknown(&digest))?;
    let is_head = call.parts.method == Method::HEAD;
    if is_head && !matches!(call.caller, Caller::Anonymous) {
        repository.protect_blob(&blob).await?;
    }
    let mut headers = describe(&repository, &blob)?;
    if call.header(IF_NONE_MATCH).is_some_and(|value| matches_etag(value, &digest)) {
        headers.remove(CONTENT_LENGTH);
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    if is_head {
        return Ok((headers, Body::empty()).into_response());
    }
    download(&call, &repository, &blob, headers).await
}

async fn download(
    call: &Call,
    repository: &Repo<Pull>,
    blob: &BlobRecord,
    mut headers: HeaderMap,
) -> Result<Response, RegistryError> {
    let selected = selected(call, blob);
    let (status, part) = match selected {
        Selected::Whole => (StatusCode::OK, 0..blob.size),
        Selected::Part(part) => {
            let value = format!("bytes {}-{}/{}", part.start, part.end - 1, blob.size);
            headers.insert(CONTENT_RANGE, text(&value)?);
            headers.insert(CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
            (StatusCode::PARTIAL_CONTENT, part)
        }
        Selected::Unsatisfiable => {
            return Err(RegistryError::new(
                ErrorCode::RangeInvalid,
                "the range lies outside of the blob",
            )
            .header(CONTENT_RANGE, &format!("bytes */{}", blob.size)));
        }
    };
    match repository.read_blob(blob, part).await? {
        BlobDownload::Stream(Download { bytes, shortcut }) => {
            // The connection takes the shortcut if it can; for all others there is the body.
            let shortcut = shortcut.map(Extension);
            Ok((status, headers, shortcut, outgoing(bytes)).into_response())
        }
        BlobDownload::Redirect(url) => {
            let headers =
                [(LOCATION, text(&url)?), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            Ok((StatusCode::TEMPORARY_REDIRECT, headers).into_response())
        }
    }
}

/// The range to send. `If-Range` with another validator means the whole (RFC 9110, 13.1.5).
fn selected(call: &Call, blob: &BlobRecord) -> Selected {
    let Some(value) = call.header(RANGE) else { return Selected::Whole };
    if call.header(IF_RANGE).is_some_and(|tag| tag != format!("\"{}\"", blob.digest)) {
        return Selected::Whole;
    }
    range::select(value, blob.size)
}

fn describe(repository: &Repo<Pull>, blob: &BlobRecord) -> Result<HeaderMap, RegistryError> {
    let mut headers = HeaderMap::with_capacity(10);
    let digest = blob.digest.to_string();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(blob.size));
    // Never the type somebody declared: nothing here may be rendered by a browser.
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(ETAG, text(&format!("\"{digest}\""))?);
    headers.insert(DOCKER_CONTENT_DIGEST, text(&digest)?);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, cache_control(repository.is_private(), true));
    Ok(headers)
}

pub async fn delete(call: Call) -> Result<Response, RegistryError> {
    let digest = call.digest()?;
    let repository = call.open::<Delete>().await?;
    match repository.delete_blob(&digest).await {
        Ok(()) => Ok(StatusCode::ACCEPTED.into_response()),
        Err(BlobError::NotFound) => Err(unknown(&digest)),
        Err(error @ (BlobError::InUse | BlobError::DeletesOff)) => {
            Err(RegistryError::new(ErrorCode::Unsupported, error.to_string()))
        }
        Err(BlobError::Store(error)) => Err(error.into()),
    }
}

fn unknown(digest: &Digest) -> RegistryError {
    RegistryError::new(ErrorCode::BlobUnknown, "blob unknown to registry")
        .detail(json!({ "digest": digest.to_string() }))
}

/// A header value from text of ours.
pub fn text(value: &str) -> Result<HeaderValue, RegistryError> {
    HeaderValue::from_str(value).map_err(|error| roadstead_hub::StoreError::internal(error).into())
}
