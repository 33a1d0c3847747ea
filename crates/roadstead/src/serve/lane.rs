//! Downloads that go from a file into the socket, past hyper and past our memory.
//!
//! hyper asks a body for memory to write, and a part of a file has none. A stand-in takes its
//! place in hyper's queue: a slice, as long as the part, of one region that nobody reads. The
//! [`Wire`](super::wire::Wire) below hyper knows such a slice by its address, sends the part from
//! its file instead, and reports the same length to hyper. HTTP/1 sends strictly in order, so the
//! parts of a connection wait in one queue, the lane, which body and wire share.
//!
//! No stand-in can reach a client in place of bytes. Only [`DirectBody`] makes them, and only
//! connections that end in a wire are given one. A middleware, TLS and HTTP/2 see the stream of
//! the true bytes. And hyper cannot get rid of a stand-in that the wire has not sent: that panics,
//! which ends the connection before its answer is complete.

use std::collections::VecDeque;
use std::io;
use std::os::fd::AsFd;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::task::{Context, Poll};

use axum::body::Bytes;
use bytes::Buf;
use http::Response;
use http::header::CONTENT_LENGTH;
use http_body::{Body, Frame, SizeHint};
use roadstead_blobs::fs::{CachedPart, Shortcut};

use super::activity::{InFlight, Tracked};

/// What stand-ins are slices of. Nothing touches it, so it takes addresses and no memory.
static REGION: LazyLock<Box<[u8]>> = LazyLock::new(|| vec![0; CachedPart::MOST].into());

/// Whether `slice` stands for a part of a file. An empty one may have any address.
pub fn is_stand_in(slice: &[u8]) -> bool {
    !slice.is_empty() && REGION.as_ptr_range().contains(&slice.as_ptr())
}

/// The parts of files that hyper has in its queue, in the same order.
#[derive(Debug, Default)]
pub struct Lane(Mutex<Parts>);

#[derive(Debug, Default)]
struct Parts {
    waiting: VecDeque<CachedPart>,
    /// Bytes that were sent and that hyper has not taken off its queue yet.
    sent: usize,
}

impl Lane {
    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.0.lock().expect("no code panics while it holds the parts")
    }

    fn put(self: &Arc<Self>, part: CachedPart, request: InFlight) -> StandIn {
        let left = part.left();
        self.parts().waiting.push_back(part);
        StandIn { lane: self.clone(), left, _request: request }
    }

    /// Sends of the first part what `socket` takes.
    pub fn send(&self, socket: impl AsFd) -> io::Result<usize> {
        let mut parts = self.parts();
        let Some(part) = parts.waiting.front_mut() else {
            return Err(io::Error::other("a stand-in without its part"));
        };
        let sent = part.send(socket)?;
        if part.left() == 0 {
            parts.waiting.pop_front();
        }
        parts.sent += sent;
        Ok(sent)
    }

    /// Whether `taken` bytes of stand-ins were sent; they are forgotten.
    fn settle(&self, taken: usize) -> bool {
        let mut parts = self.parts();
        let rest = parts.sent.checked_sub(taken);
        parts.sent = rest.unwrap_or_default();
        rest.is_some()
    }
}

/// A part of a file in hyper's queue.
#[derive(Debug)]
pub struct StandIn {
    lane: Arc<Lane>,
    left: usize,
    /// The request lasts until its last part was sent.
    _request: InFlight,
}

/// What hyper is given to send.
#[derive(Debug)]
pub enum Piece {
    Bytes(Bytes),
    StandIn(StandIn),
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::StandIn(stand_in) => stand_in.left,
        }
    }

    fn chunk(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::StandIn(stand_in) => &REGION[..stand_in.left],
        }
    }

    fn advance(&mut self, count: usize) {
        match self {
            Self::Bytes(bytes) => bytes.advance(count),
            Self::StandIn(stand_in) => {
                assert!(stand_in.lane.settle(count), "a stand-in was not sent from its file");
                stand_in.left -= count;
            }
        }
    }
}

/// A response body for a connection with a wire: parts of a file where the answer brings a
/// shortcut and the file is in memory, else the bytes.
pub struct DirectBody {
    body: Tracked,
    shortcut: Option<Shortcut>,
    lane: Arc<Lane>,
}

impl DirectBody {
    /// The shortcut is taken if it leads to the whole of what the head announces, so that a layer
    /// which changes bodies, and with them their length, is not passed by.
    pub fn answer(mut response: Response<Tracked>, lane: Arc<Lane>) -> Response<Self> {
        let announced =
            response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        let announced = announced.and_then(|value| value.parse().ok());
        let shortcut = response.extensions_mut().remove::<Shortcut>();
        let shortcut = shortcut.filter(|shortcut| Some(shortcut.left()) == announced);
        response.map(|body| Self { body, shortcut, lane })
    }

    fn take_cached(&self) -> Option<Piece> {
        let part = self.shortcut.as_ref()?.take_cached()?;
        Some(Piece::StandIn(self.lane.put(part, self.body.request())))
    }
}

impl Body for DirectBody {
    type Data = Piece;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Piece>, axum::Error>>> {
        if let Some(piece) = self.take_cached() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        polled.map(|next| next.map(|frame| frame.map(|frame| frame.map_data(Piece::Bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::super::activity::Activity;
    use super::*;

    fn stand_in(left: usize) -> Piece {
        let (lane, activity) = (Arc::new(Lane::default()), Arc::new(Activity::default()));
        Piece::StandIn(StandIn { lane, left, _request: activity.begin() })
    }

    #[test]
    fn stand_ins_are_known_by_their_address_alone() {
        let mut piece = stand_in(1000);
        if let Piece::StandIn(stand_in) = &mut piece {
            stand_in.lane.parts().sent = 300;
        }
        assert!(piece.chunk().len() == 1000 && is_stand_in(piece.chunk()));
        piece.advance(300);
        assert!(piece.chunk().len() == 700 && is_stand_in(piece.chunk()));

        assert!(!is_stand_in(&REGION[..0]), "an empty slice may lie anywhere");
        assert!(!is_stand_in(&vec![0; CachedPart::MOST]), "zeroes of somebody else");
        assert!(!is_stand_in(Piece::Bytes(Bytes::from_static(b"bytes")).chunk()));
    }

    #[test]
    #[should_panic(expected = "was not sent from its file")]
    fn whoever_copies_a_stand_in_instead_of_sending_it_is_stopped() {
        let _ = stand_in(1000).copy_to_bytes(1000);
    }
}
