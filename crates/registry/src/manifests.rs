//! `/v2/<name>/manifests/<reference>`.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH,
    LOCATION, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use roadstead_http::body::{ReadError, read_all};
use roadstead_hub::access::{Delete, Pull, Repo};
use roadstead_hub::content::{
    BodyError, DeleteManifestError, DeleteTagError, ManifestHead, Precondition, PushManifest,
    PushManifestError, PushedManifest,
};
use roadstead_oci::media_type::{self, Shape};
use roadstead_oci::{Accept, ErrorCode};
use roadstead_types::{Digest, NameError, Reference, Tag};
use serde_json::json;

use crate::blobs::{DOCKER_CONTENT_DIGEST, text};
use crate::call::Call;
use crate::error::RegistryError;
use crate::pull_limits;

/// Tags one request may move. The specification asks for at least 10.
const MAX_TAGS: usize = 100;

pub async fn get(call: Call) -> Result<Response, RegistryError> {
    let (name, reference) = (call.name()?, call.reference()?);
    let tag = match &reference {
        Reference::Tag(tag) => Some(tag.clone()),
        Reference::Digest(_) => None,
    };
    let by_tag = tag.is_some();
    let found = call.app.hub.find_manifest(call.caller.clone(), &name, reference).await;
    let found = found.map_err(|refusal| call.refuse(refusal))?;
    let head = found.manifest.ok_or_else(|| unknown(&call))?;
    let (head, varies) = negotiate(&call, &found.repository, head, by_tag).await?;
    let mut headers = describe(&found.repository, &head, by_tag)?;
    let allowance = call.pull_allowance().await?;
    if let Some(allowance) = &allowance {
        pull_limits::tell(&mut headers, allowance);
    }
    if varies {
        headers.insert(VARY, HeaderValue::from_static("Accept"));
    }
    if call.header(IF_NONE_MATCH).is_some_and(|value| matches_etag(value, &head.digest)) {
        headers.remove(CONTENT_LENGTH);
        headers.remove(CONTENT_TYPE);
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    if call.parts.method == Method::HEAD {
        return Ok((headers, Body::empty()).into_response());
    }
    let content = found.repository.read_manifest(&head).await?.ok_or_else(|| unknown(&call))?;
    if let Some(allowance) = allowance
        && is_pull(&head)
    {
        pull_limits::take(&call.app.hub, &mut headers, allowance)?;
    }
    found.repository.count_pull(tag.as_ref());
    Ok((headers, Body::from(content.body)).into_response())
}

/// An index leads to the images that are pulled, and is none: an image for several platforms counts once
/// for each that is pulled, as at Docker Hub.
fn is_pull(head: &ManifestHead) -> bool {
    media_type::shape(&head.media_type) != Some(Shape::Index)
}

/// Chooses what to send: what is stored, if the client takes it; for clients from before indexes,
/// by tag, the linux/amd64 child. Nothing is ever converted. Also tells whether another client could
/// get something else.
async fn negotiate(
    call: &Call,
    repository: &Repo<Pull>,
    head: ManifestHead,
    by_tag: bool,
) -> Result<(ManifestHead, bool), RegistryError> {
    let lines = call.parts.headers.get_all(ACCEPT);
    let accept = Accept::from_lines(lines.iter().filter_map(|line| line.to_str().ok()));
    let varies = by_tag && media_type::shape(&head.media_type) == Some(Shape::Index);
    if accept.allows(&head.media_type) {
        return Ok((head, varies));
    }
    if by_tag && accept.wants_one_image_of(&head.media_type) {
        let child = repository.find_child(&head, "linux/amd64").await;
        let child = child.map_err(|refusal| call.refuse(refusal))?;
        if let Some(child) = child.filter(|child| accept.allows(&child.media_type)) {
            return Ok((child, varies));
        }
    }
    let message =
        format!("the manifest is of type {}, which this client does not accept", head.media_type);
    Err(RegistryError::new(ErrorCode::ManifestUnknown, message))
}

fn describe(
    repository: &Repo<Pull>,
    head: &ManifestHead,
    by_tag: bool,
) -> Result<HeaderMap, RegistryError> {
    let mut headers = HeaderMap::with_capacity(10);
    let digest = head.digest.to_string();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(head.size));
    headers.insert(CONTENT_TYPE, text(&head.media_type)?);
    headers.insert(ETAG, text(&format!("\"{digest}\""))?);
    headers.insert(DOCKER_CONTENT_DIGEST, text(&digest)?);
    headers.insert(CACHE_CONTROL, cache_control(repository.is_private(), !by_tag));
    Ok(headers)
}

/// What caches may do. Private content is kept by nobody; what a digest names never changes.
pub fn cache_control(is_private: bool, by_digest: bool) -> HeaderValue {
    HeaderValue::from_static(match (is_private, by_digest) {
        (true, _) => "private, no-store",
        (false, true) => "public, max-age=31536000, immutable",
        (false, false) => "no-cache",
    })
}

/// Whether an `If-None-Match` value names the digest, quoted or, as old clients do, bare.
pub fn matches_etag(value: &str, digest: &Digest) -> bool {
    let digest = digest.to_string();
    value.split(',').take(32).map(str::trim).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
        tag == "*" || tag == digest
    })
}

pub async fn put(mut call: Call) -> Result<Response, RegistryError> {
    let reference = call.reference()?;
    let tags = tags(&call, &reference)?;
    let precondition = precondition(&call)?;
    let repository = call.open_for_push().await?;
    let limit = call.app.hub.settings().limits.manifest_bytes;
    let content_type = call.header(CONTENT_TYPE).map(str::to_owned);
    let too_large = call
        .header(CONTENT_LENGTH)
        .and_then(|n| n.parse::<u64>().ok())
        .is_some_and(|n| n > limit as u64);
    if too_large {
        return Err(manifest_too_large(limit));
    }
    let read = read_all(call.take_body(), limit, call.app.shutdown.clone()).await;
    let body = read.map_err(|error| match error {
        ReadError::TooLarge => manifest_too_large(limit),
        ReadError::Broken(BodyError::ShuttingDown) => {
            RegistryError::new(ErrorCode::Unavailable, "this server is stopping; try again")
                .retry_after(5)
        }
        ReadError::Broken(why) => {
            RegistryError::new(ErrorCode::ManifestInvalid, format!("the body broke off: {why}"))
        }
    })?;
    let push = PushManifest { reference, tags, content_type, body, precondition };
    let pushed = repository.push_manifest(push).await.map_err(push_error)?;
    created(&call.target.name, &pushed)
}

fn created(name: &str, pushed: &PushedManifest) -> Result<Response, RegistryError> {
    let digest = pushed.digest.to_string();
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, text(&format!("/v2/{name}/manifests/{digest}"))?);
    headers.insert(DOCKER_CONTENT_DIGEST, text(&digest)?);
    if let Some(subject) = &pushed.subject {
        headers.insert(HeaderName::from_static("oci-subject"), text(&subject.to_string())?);
    }
    if !pushed.tags.is_empty() {
        // One line, because many clients take no more than a hundred header lines.
        let tags: Vec<&str> = pushed.tags.iter().map(Tag::as_str).collect();
        headers.insert(HeaderName::from_static("oci-tag"), text(&tags.join(", "))?);
    }
    Ok((StatusCode::CREATED, headers).into_response())
}

/// The `tag` parameters of a push by digest (distribution-spec main, end-7b).
fn tags(call: &Call, reference: &Reference) -> Result<Vec<Tag>, RegistryError> {
    let named: Vec<String> =
        call.query().filter(|(key, _)| key == "tag").map(|(_, tag)| tag).collect();
    if matches!(reference, Reference::Tag(_)) && !named.is_empty() {
        return Err(RegistryError::new(
            ErrorCode::TagInvalid,
            "`tag` parameters go with a digest: PUT .../manifests/<digest>?tag=a&tag=b",
        ));
    }
    if named.len() > MAX_TAGS {
        return Err(RegistryError::new(
            ErrorCode::UriTooLong,
            format!("at most {MAX_TAGS} tags can be set at once"),
        ));
    }
    let parsed: Result<Vec<Tag>, NameError> = named.iter().map(|tag| tag.parse()).collect();
    parsed.map_err(|error| RegistryError::new(ErrorCode::TagInvalid, error.to_string()))
}

fn precondition(call: &Call) -> Result<Option<Precondition>, RegistryError> {
    if let Some(value) = call.header(IF_NONE_MATCH) {
        if value.trim() == "*" {
            return Ok(Some(Precondition::MustBeNew));
        }
        return Err(RegistryError::new(
            ErrorCode::PreconditionFailed,
            "a change takes `If-None-Match: *` only",
        ));
    }
    let Some(value) = call.header(IF_MATCH) else { return Ok(None) };
    let digest = value.trim().trim_matches('"').parse();
    digest.map(|digest| Some(Precondition::MustBe(digest))).map_err(|_| {
        RegistryError::new(
            ErrorCode::PreconditionFailed,
            "`If-Match` takes the digest the tag should have now",
        )
    })
}

fn manifest_too_large(limit: usize) -> RegistryError {
    RegistryError::new(
        ErrorCode::ManifestTooLarge,
        format!("a manifest may have at most {limit} bytes"),
    )
}

fn push_error(error: PushManifestError) -> RegistryError {
    let message = error.to_string();
    match error {
        PushManifestError::Invalid(_) | PushManifestError::TooManyReferrers { .. } => {
            RegistryError::new(ErrorCode::ManifestInvalid, message)
        }
        PushManifestError::DigestDiffers { .. } => {
            RegistryError::new(ErrorCode::DigestInvalid, message)
        }
        PushManifestError::PreconditionFailed => {
            RegistryError::new(ErrorCode::PreconditionFailed, message)
        }
        PushManifestError::TagImmutable(_) | PushManifestError::TakenDown(_) => {
            RegistryError::new(ErrorCode::Denied, message)
        }
        PushManifestError::RepositoryGone => RegistryError::new(ErrorCode::NameUnknown, message),
        PushManifestError::StorageFull(full) => full.into(),
        PushManifestError::Store(error) => error.into(),
        PushManifestError::Missing { blobs, manifests } => {
            let error = RegistryError::new(ErrorCode::ManifestBlobUnknown, message);
            // One entry a digest, as clients expect; a bound keeps a hostile list short.
            blobs
                .iter()
                .chain(&manifests)
                .take(100)
                .fold(error, |error, digest| error.detail(json!({ "digest": digest.to_string() })))
        }
    }
}

pub async fn delete(call: Call) -> Result<Response, RegistryError> {
    let reference = call.reference()?;
    let precondition = precondition(&call)?;
    let repository = call.open::<Delete>().await?;
    match reference {
        Reference::Tag(tag) => {
            repository.delete_tag(&tag, precondition).await.map_err(|error| match error {
                DeleteTagError::NotFound => unknown(&call),
                DeleteTagError::PreconditionFailed => {
                    RegistryError::new(ErrorCode::PreconditionFailed, error.to_string())
                }
                DeleteTagError::DeletesOff => {
                    RegistryError::new(ErrorCode::Unsupported, error.to_string())
                }
                DeleteTagError::Immutable(_) => {
                    RegistryError::new(ErrorCode::Denied, error.to_string())
                }
                DeleteTagError::Store(error) => error.into(),
            })?
        }
        Reference::Digest(digest) => {
            repository.delete_manifest(&digest).await.map_err(|error| match error {
                DeleteManifestError::NotFound => unknown(&call),
                DeleteManifestError::DeletesOff => {
                    RegistryError::new(ErrorCode::Unsupported, error.to_string())
                }
                DeleteManifestError::TagImmutable(_) => {
                    RegistryError::new(ErrorCode::Denied, error.to_string())
                }
                DeleteManifestError::Store(error) => error.into(),
            })?
        }
    }
    Ok(StatusCode::ACCEPTED.into_response())
}

fn unknown(call: &Call) -> RegistryError {
    let detail = json!({ "name": call.target.name, "reference": call.target.reference });
    RegistryError::new(ErrorCode::ManifestUnknown, "manifest unknown").detail(detail)
}
