//! What one request does with a session while it holds its lease: receive, acknowledge, publish.

use std::sync::Arc;

use futures_util::StreamExt;
use roadstead_blobs::crash::{CrashPoint, crash_point};
use roadstead_blobs::{AppendEnd, BlobError, Locator, UploadState};
use roadstead_db::{DbError, Tx, blobs, holdings, storage, uploads};
use roadstead_types::{Digest, RepositoryId, UploadId};

use super::allowance::Allowance;
use super::writers::Writer;
use super::{LEASE, LEASE_RENEWAL, Place, Progress, UploadError, count, is_whole};
use crate::Hub;
use crate::content::Incoming;

/// A session whose lease this request holds.
pub(super) struct Leased {
    pub(super) hub: Hub,
    pub(super) id: UploadId,
    pub(super) writer: Writer,
    pub(super) state: UploadState,
    pub(super) allowance: Arc<Allowance>,
}

/// Reads a body to its end and keeps nothing of it.
async fn skip(mut body: Incoming<'static>, most: u64) -> Result<(), UploadError> {
    let mut skipped = 0;
    while let Some(piece) = body.next().await {
        skipped += piece.map_err(UploadError::Interrupted)?.len() as u64;
        if skipped > most {
            return Err(UploadError::TooLarge { limit: most });
        }
    }
    Ok(())
}

impl Leased {
    /// Takes the body of a closing request. What was acknowledged before must outlive the publish,
    /// which moves the bytes away and may be cut short before its row is committed. So the last
    /// piece is recorded first: the session then stands at its end, and the request can be repeated.
    pub(super) async fn receive_last(
        &mut self,
        place: Place,
        body: Incoming<'static>,
        digest: &Digest,
    ) -> Result<(), UploadError> {
        let before = self.state.offset;
        if is_whole(before, &self.state.hash, digest) {
            return skip(body, self.hub.settings.limits.blob_bytes).await;
        }
        self.receive(place, body).await?;
        if before == 0 || self.state.offset == before {
            return Ok(());
        }
        self.save_and_hold().await?;
        crash_point(CrashPoint::UploadLastPiece);
        Ok(())
    }

    /// Stores the body behind what is there. An error leaves the acknowledged state as it was.
    pub(super) async fn receive(
        &mut self,
        place: Place,
        body: Incoming<'static>,
    ) -> Result<(), UploadError> {
        let limit = self.hub.settings.limits.blob_bytes;
        let announced = place.content_length.unwrap_or(0);
        if self.state.offset.saturating_add(announced) > limit {
            return Err(UploadError::TooLarge { limit });
        }
        let mut body = self.allowance.guard(self.state.offset, body).peekable();
        if std::pin::Pin::new(&mut body).peek().await.is_none() {
            return match place.range {
                Some(_) => Err(UploadError::LengthDiffers),
                None => Ok(()),
            };
        }
        let before = self.state.clone();
        let end = self.append_renewing(body.boxed(), limit).await?;
        let received = self.state.offset - before.offset;
        metrics::counter!("roadstead_upload_bytes_total").increment(received);
        crash_point(CrashPoint::UploadAppended);
        let result = match (end, self.allowance.refusal()) {
            (AppendEnd::Interrupted(_), Some(refusal)) => Err(refusal),
            (AppendEnd::TooLarge, _) => Err(UploadError::TooLarge { limit }),
            // A client that names its places can ask where to go on; any other would send the same
            // bytes again behind these.
            (AppendEnd::Interrupted(why), _) if place.range.is_some() && received > 0 => {
                tracing::info!(upload = %self.id, offset = self.state.offset, %why, "kept what had arrived");
                self.save().await?;
                return Err(UploadError::Interrupted(why));
            }
            (AppendEnd::Interrupted(why), _) => Err(UploadError::Interrupted(why)),
            (AppendEnd::Complete, _)
                if place.range.is_some_and(|range| range.length() != received) =>
            {
                Err(UploadError::LengthDiffers)
            }
            (AppendEnd::Complete, _) => Ok(()),
        };
        if result.is_err() {
            self.state = before;
        }
        result
    }

    async fn append_renewing(
        &mut self,
        body: Incoming<'static>,
        limit: u64,
    ) -> Result<AppendEnd, UploadError> {
        let Self { hub, id, writer, state, .. } = self;
        let append = hub.blobs.append(*id, state, body, limit);
        tokio::pin!(append);
        let mut renewal = tokio::time::interval(LEASE_RENEWAL);
        renewal.tick().await;
        loop {
            tokio::select! {
                end = &mut append => return Ok(end?),
                _ = renewal.tick() => {
                    let until = hub.now().plus(LEASE);
                    let renewed = hub.db.write(async |tx| uploads::renew(tx, *id, writer.name(), until).await).await;
                    // A database that is away now may be back before the lease ends.
                    if matches!(renewed, Ok(false)) {
                        return Err(UploadError::Unknown);
                    }
                }
            }
        }
    }

    /// Makes what was received count, and gives the lease back.
    async fn save(&self) -> Result<bool, DbError> {
        let saved = self.hub.db.write(async |tx| self.record(tx).await).await?;
        crash_point(CrashPoint::UploadAcknowledged);
        Ok(saved)
    }

    /// Makes what was received count, and keeps the lease.
    async fn save_and_hold(&self) -> Result<(), UploadError> {
        let (now, until) = (self.hub.now(), self.hub.now().plus(LEASE));
        self.hub
            .db
            .write(async |tx| {
                let held = self.record(tx).await?
                    && uploads::lease(tx, self.id, self.writer.name(), now, until).await?.is_some();
                if held { Ok(()) } else { Err(UploadError::Unknown) }
            })
            .await?;
        self.allowance.set(self.allowance.reservation().shrunk_to(self.state.offset));
        Ok(())
    }

    async fn record(&self, tx: &mut Tx<'_>) -> Result<bool, DbError> {
        let hash = self.state.hash.to_bytes();
        let progress = uploads::Progress {
            offset: self.state.offset,
            hash: &hash,
            staged: &self.state.staged,
            expires_at: self.hub.now().plus(self.hub.settings.upload_ttl),
            reservation: self.allowance.reservation(),
        };
        uploads::acknowledge(tx, self.id, self.writer.name(), progress).await
    }

    pub(super) async fn acknowledge(self) -> Result<Progress, UploadError> {
        match self.save().await? {
            true => Ok(Progress { id: self.id, offset: self.state.offset }),
            false => Err(UploadError::Unknown),
        }
    }

    /// Gives the lease and the room for what did not come back, and passes the error on.
    pub(super) async fn give_back(self, error: UploadError) -> UploadError {
        let reserved = self.allowance.reservation();
        let released = self
            .hub
            .db
            .write(async |tx| {
                uploads::release(tx, self.id, self.writer.name(), reserved, self.state.offset).await
            })
            .await;
        if let Err(cause) = released {
            tracing::warn!(upload = %self.id, %cause, "the lease stays until the session is used again here, or it runs out");
        }
        error
    }

    pub(super) async fn publish(&mut self, digest: &Digest) -> Result<Locator, BlobError> {
        self.hub.blobs.publish(self.id, &self.state, digest).await
    }

    /// Bytes are durable; now the rows that make them reachable.
    pub(super) async fn commit(
        self,
        repository: RepositoryId,
        digest: Digest,
        locator: Locator,
    ) -> Result<(), UploadError> {
        crash_point(CrashPoint::UploadPublished);
        let now = self.hub.now();
        let new = blobs::NewBlob {
            id: self.hub.new_id(),
            digest,
            size: self.state.offset,
            locator: locator.0,
            created_at: now,
            protected_until: now.plus(self.hub.settings.protection),
        };
        let published = self
            .hub
            .db
            .write(async |tx| {
                let published = blobs::publish(tx, &new).await?;
                let charges = holdings::link(tx, repository, published.record.id, now).await?;
                let released = uploads::finish(tx, self.id, self.writer.name()).await?;
                let released = released.ok_or(UploadError::Unknown)?;
                storage::settle(tx, &charges.and(released)).await?;
                crash_point(CrashPoint::UploadUncommitted);
                Ok::<_, UploadError>(published)
            })
            .await?;
        count("committed", 1);
        crash_point(CrashPoint::UploadCommitted);
        if let Some(extra) = published.superfluous
            && let Err(cause) = self.hub.blobs.delete(&Locator(extra)).await
        {
            tracing::warn!(%cause, "a second copy of a blob stays behind");
        }
        Ok(())
    }

    /// Removes the session, then its bytes.
    pub(super) async fn forget(self) -> Result<(), UploadError> {
        self.hub.db.write(async |tx| uploads::delete(tx, self.id).await).await?;
        crash_point(CrashPoint::UploadCancelled);
        Ok(self.hub.blobs.abort(self.id, &self.state).await?)
    }
}
