//! Bodies of any length: in with a deadline between pieces, out with a known length.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use http_body_util::BodyExt;
use roadstead_hub::content::{BodyError, Incoming};

use crate::shutdown::Shutdown;

/// Longest silence in the middle of a body. There is no limit on the whole: a slow line may take
/// hours for a large layer.
const SILENCE: Duration = Duration::from_secs(60);

/// The request body as the hub takes it: data only (trailers are dropped, never merged into
/// headers), broken off by silence and by shutdown.
pub fn incoming(body: Body, shutdown: Shutdown) -> Incoming<'static> {
    futures_util::stream::unfold(Some((body, shutdown)), |state| async {
        let (mut body, shutdown) = state?;
        loop {
            let frame = tokio::select! {
                biased;
                frame = tokio::time::timeout(SILENCE, body.frame()) => frame,
                () = shutdown.begun() => return Some((Err(BodyError::ShuttingDown), None)),
            };
            match frame {
                Err(_elapsed) => return Some((Err(BodyError::TooSlow), None)),
                Ok(None) => return None,
                Ok(Some(Err(_))) => return Some((Err(BodyError::Disconnected), None)),
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => {
                        return Some((Ok(data), Some((body, shutdown))));
                    }
                    _ => {}
                },
            }
        }
    })
    .boxed()
}

/// Why a body could not be read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadError {
    TooLarge,
    Broken(BodyError),
}

/// Reads a body of at most `limit` bytes. Nothing is allocated ahead of what arrives.
pub async fn read_all(body: Body, limit: usize, shutdown: Shutdown) -> Result<Bytes, ReadError> {
    let mut incoming = incoming(body, shutdown);
    let mut first: Option<Bytes> = None;
    let mut rest: Vec<u8> = Vec::new();
    while let Some(piece) = incoming.next().await {
        let piece = piece.map_err(ReadError::Broken)?;
        let so_far = first.as_ref().map_or(0, Bytes::len) + rest.len();
        if so_far + piece.len() > limit {
            return Err(ReadError::TooLarge);
        }
        match &first {
            None => first = Some(piece),
            Some(_) => rest.extend_from_slice(&piece),
        }
    }
    let first = first.unwrap_or_default();
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = Vec::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.into())
}

/// A response body from a stream of pieces. A failure in the middle breaks the connection, so that
/// the client sees a short body, never a wrong one.
pub fn outgoing<S, E>(stream: S) -> Body
where
    S: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    Body::from_stream(
        stream.inspect_err(|error| tracing::error!(cause = %error, "a download broke off")),
    )
}
