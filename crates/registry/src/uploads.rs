//! `/v2/<name>/blobs/uploads/`: every way to push a blob.
//!
//! docker: POST, one PATCH without length, empty PUT. containerd: POST, PUT with the body. Others:
//! POST with the body, or PATCHes that name their place.

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, HeaderName, LOCATION, RANGE};
use http::{HeaderMap, HeaderValue, StatusCode};
use roadstead_http::body::incoming;
use roadstead_hub::access::{Push, Repo};
use roadstead_hub::content::{BodyError, MountError, Place, Progress, UploadError};
use roadstead_oci::ErrorCode;
use roadstead_oci::range::ChunkRange;
use roadstead_types::{Algorithm, Digest, RepositoryName, UploadId};

use crate::blobs::{DOCKER_CONTENT_DIGEST, text};
use crate::call::{Call, parse_digest};
use crate::error::RegistryError;

const DOCKER_UPLOAD_UUID: HeaderName = HeaderName::from_static("docker-upload-uuid");
/// The exact number of bytes stored. `Range: 0-0` means none or one; this header tells which.
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("roadstead-upload-offset");

pub async fn post(mut call: Call) -> Result<Response, RegistryError> {
    let mount = call.query_value("mount").map(|digest| parse_digest(&digest)).transpose()?;
    let digest = call.query_value("digest").map(|digest| parse_digest(&digest)).transpose()?;
    let algorithm = algorithm(&call, digest.as_ref())?;
    let repository = call.open_for_push().await?;
    if let Some(mount) = mount
        && mounted(&call, &repository, &mount).await?
    {
        return created(&call.target.name, &mount);
    }
    let progress =
        repository.begin_upload(algorithm).await.map_err(|error| upload_error(&call, error))?;
    match digest {
        Some(digest) if mount.is_none() => {
            let finished = finish(&mut call, &repository, progress.id, digest).await;
            if finished.is_err() {
                // Nobody else knows of the session; one that a wrong digest ended is gone already.
                repository.abandon_upload(progress.id);
            }
            finished
        }
        _ => accepted(&call.target.name, progress, StatusCode::ACCEPTED),
    }
}

/// The hash to run: announced by `digest-algorithm` (distribution-spec main, end-4c), or the one of
/// the digest.
fn algorithm(call: &Call, digest: Option<&Digest>) -> Result<Algorithm, RegistryError> {
    match call.query_value("digest-algorithm") {
        Some(name) => name.parse().map_err(|error: roadstead_types::DigestError| {
            RegistryError::new(ErrorCode::DigestInvalid, error.to_string())
        }),
        None => Ok(digest.map_or(Algorithm::Sha256, Digest::algorithm)),
    }
}

/// Tries a mount; every doubt but a take-down is a "no", after which the client uploads.
async fn mounted(
    call: &Call,
    repository: &Repo<Push>,
    digest: &Digest,
) -> Result<bool, RegistryError> {
    let from = match call.query_value("from").filter(|from| !from.is_empty()) {
        None => None,
        Some(from) => match from.parse::<RepositoryName>() {
            Ok(from) => Some(from),
            Err(_) => return Ok(false),
        },
    };
    match repository.mount(digest, from.as_ref()).await {
        Ok(mounted) => Ok(mounted.is_some()),
        Err(MountError::TakenDown(why)) => {
            Err(RegistryError::new(ErrorCode::Denied, why.to_string()))
        }
        Err(MountError::Store(error)) => Err(error.into()),
    }
}

pub async fn get(call: Call) -> Result<Response, RegistryError> {
    let (id, repository) = session(&call).await?;
    let progress =
        repository.upload_progress(id).await.map_err(|error| upload_error(&call, error))?;
    accepted(&call.target.name, progress, StatusCode::NO_CONTENT)
}

pub async fn patch(mut call: Call) -> Result<Response, RegistryError> {
    let (id, repository) = session(&call).await?;
    let place = place(&call)?;
    let body = incoming(call.take_body(), call.app.shutdown.clone());
    let appended = repository.append(id, place, body).await;
    let progress = appended.map_err(|error| upload_error(&call, error))?;
    accepted(&call.target.name, progress, StatusCode::ACCEPTED)
}

pub async fn put(mut call: Call) -> Result<Response, RegistryError> {
    let (id, repository) = session(&call).await?;
    let digest = call.query_value("digest").ok_or_else(|| {
        RegistryError::new(ErrorCode::DigestInvalid, "finish an upload with `?digest=sha256:...`")
    })?;
    finish(&mut call, &repository, id, parse_digest(&digest)?).await
}

pub async fn delete(call: Call) -> Result<Response, RegistryError> {
    let (id, repository) = session(&call).await?;
    repository.cancel_upload(id).await.map_err(|error| upload_error(&call, error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn finish(
    call: &mut Call,
    repository: &Repo<Push>,
    id: UploadId,
    digest: Digest,
) -> Result<Response, RegistryError> {
    let place = place(call)?;
    let body = incoming(call.take_body(), call.app.shutdown.clone());
    let finished = repository.finish_upload(id, digest, place, body).await;
    finished.map_err(|error| upload_error(call, error))?;
    created(&call.target.name, &digest)
}

/// The session of the path. The right is checked first, so that a stranger learns nothing of ids.
async fn session(call: &Call) -> Result<(UploadId, Repo<Push>), RegistryError> {
    let repository = call.open::<Push>().await?;
    let id = UploadId::parse(&call.target.reference)
        .ok_or_else(|| upload_error(call, UploadError::Unknown))?;
    Ok((id, repository))
}

fn place(call: &Call) -> Result<Place, RegistryError> {
    let range = match call.header(CONTENT_RANGE) {
        None => None,
        Some(value) => Some(ChunkRange::parse(value).ok_or_else(|| {
            RegistryError::new(
                ErrorCode::RangeInvalid,
                "Content-Range of a piece is written `first-last`",
            )
        })?),
    };
    let content_length = call.header(CONTENT_LENGTH).and_then(|value| value.parse().ok());
    Ok(Place { range, content_length })
}

fn accepted(name: &str, progress: Progress, status: StatusCode) -> Result<Response, RegistryError> {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(LOCATION, text(&location(name, progress.id))?);
    headers.insert(RANGE, text(&stored(progress.offset))?);
    headers.insert(DOCKER_UPLOAD_UUID, text(&progress.id.to_string())?);
    headers.insert(UPLOAD_OFFSET, HeaderValue::from(progress.offset));
    Ok((status, headers).into_response())
}

fn created(name: &str, digest: &Digest) -> Result<Response, RegistryError> {
    let headers = [
        (LOCATION, text(&format!("/v2/{name}/blobs/{digest}"))?),
        (DOCKER_CONTENT_DIGEST, text(&digest.to_string())?),
    ];
    Ok((StatusCode::CREATED, headers).into_response())
}

/// Relative, so that it survives any proxy.
fn location(name: &str, id: UploadId) -> String {
    format!("/v2/{name}/blobs/uploads/{id}")
}

fn stored(offset: u64) -> String {
    format!("0-{}", offset.saturating_sub(1))
}

fn upload_error(call: &Call, error: UploadError) -> RegistryError {
    let message = error.to_string();
    match error {
        UploadError::Unknown => RegistryError::new(ErrorCode::BlobUploadUnknown, message),
        UploadError::OutOfOrder { id, offset } | UploadError::Occupied { id, offset } => {
            RegistryError::new(ErrorCode::RangeInvalid, message)
                .header(LOCATION, &location(&call.target.name, id))
                .header(RANGE, &stored(offset))
                .header(UPLOAD_OFFSET, &offset.to_string())
        }
        UploadError::LengthDiffers => RegistryError::new(ErrorCode::SizeInvalid, message),
        // DENIED, because docker tries again for 50 seconds on any other word here.
        UploadError::TooLarge { .. } => {
            RegistryError::new(ErrorCode::Denied, message).status(StatusCode::PAYLOAD_TOO_LARGE)
        }
        UploadError::TakenDown(_) => RegistryError::new(ErrorCode::Denied, message),
        UploadError::TooMany => {
            RegistryError::new(ErrorCode::TooManyRequests, message).retry_after(60)
        }
        UploadError::StorageFull(full) => full.into(),
        UploadError::DigestDiffers { .. } => RegistryError::new(ErrorCode::DigestInvalid, message),
        UploadError::Interrupted(BodyError::ShuttingDown) => {
            RegistryError::new(ErrorCode::Unavailable, message).retry_after(5)
        }
        UploadError::Interrupted(
            BodyError::Disconnected | BodyError::TooSlow | BodyError::Refused,
        ) => RegistryError::new(ErrorCode::BlobUploadInvalid, message),
        UploadError::Store(error) => error.into(),
    }
}
