//! Blobs at a registry: asking, reading from any place, mounting.

use futures_util::StreamExt as _;
use futures_util::stream;
use reqwest::StatusCode;
use reqwest::header::RANGE;

use super::Repository;
use crate::ClientError;
use crate::copy::{ByteStream, Descriptor, Source};
use crate::progress::Outcome;

impl Repository {
    pub(super) async fn has_blob(&self, blob: &Descriptor) -> Result<bool, ClientError> {
        let url = self.url(&format!("blobs/{}", blob.digest));
        let answer = self.send(&[], |http| http.head(&url)).await?;
        match answer.status() {
            StatusCode::OK => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            // The upload that follows is refused with a reason; this answer has no body.
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Ok(false),
            _ => Err(self.refused(answer).await),
        }
    }

    /// The bytes from `offset` on. A registry that does not know ranges sends what we have
    /// already; that is thrown away.
    pub(super) async fn open_blob(
        &self,
        blob: &Descriptor,
        offset: u64,
    ) -> Result<ByteStream, ClientError> {
        let url = self.url(&format!("blobs/{}", blob.digest));
        let get = |http: &reqwest::Client| match offset {
            0 => http.get(&url),
            _ => http.get(&url).header(RANGE, format!("bytes={offset}-")),
        };
        let answer = self.send(&[], get).await?;
        let skip = match answer.status() {
            StatusCode::PARTIAL_CONTENT => 0,
            StatusCode::OK => offset,
            _ => return Err(self.refused(answer).await),
        };
        let host = self.host().to_owned();
        let pieces = stream::try_unfold(answer, move |mut answer| {
            let host = host.clone();
            async move {
                let piece = answer.chunk().await;
                let piece = piece.map_err(|error| ClientError::broken(&host, &error))?;
                Ok(piece.map(|piece| (piece, answer)))
            }
        });
        Ok(skipping(pieces.boxed(), skip))
    }

    /// Asks the registry to link the blob from where it is, if that is the same registry.
    pub(super) async fn mount(
        &self,
        blob: &Descriptor,
        from: &dyn Source,
    ) -> Result<Option<Outcome>, ClientError> {
        let Some((_, other)) =
            from.origin().filter(|(host, path)| **host == self.registry.host && *path != self.path)
        else {
            return Ok(None);
        };
        let url = self.url(&format!("blobs/uploads/?mount={}&from={other}", blob.digest));
        let scope = format!("repository:{other}:pull");
        let answer = self.send(&[scope], |http| http.post(&url).body("")).await?;
        match answer.status() {
            StatusCode::CREATED => Ok(Some(Outcome::Mounted(other.to_owned()))),
            StatusCode::ACCEPTED => {
                self.cancel_session(&answer).await;
                Ok(None)
            }
            _ => Err(self.refused(answer).await),
        }
    }
}

/// The stream without its first `skip` bytes.
fn skipping(pieces: ByteStream, skip: u64) -> ByteStream {
    if skip == 0 {
        return pieces;
    }
    let mut left = skip;
    pieces
        .map(move |piece| {
            piece.map(|mut bytes| {
                let cut = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
                left -= cut as u64;
                bytes.split_off(cut)
            })
        })
        .boxed()
}
