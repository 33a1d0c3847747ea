//! Pictures of other hosts, kept in memory for a day: whoever reads a README is not known to the hosts of its pictures,
//! and these are asked once for all readers.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use moka::sync::Cache;
use tokio::sync::Semaphore;

use crate::client::{Bounds, Client, OutboundError};

const BOUNDS: Bounds = Bounds { bytes: 5 << 20, time: Duration::from_secs(10), redirects: 3 };
/// Bytes of all pictures that are kept.
const KEPT: u64 = 64 << 20;
const KEPT_FOR: Duration = Duration::from_secs(24 * 3600);
/// Pictures that are fetched at once; each may take [`BOUNDS`] of memory and time.
const AT_ONCE: usize = 16;

#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("too many pictures are being fetched; try again in a moment")]
    Busy,
    #[error("the other side answers {0}")]
    Status(u16),
    #[error("it is no picture of a kind that is shown here: PNG, JPEG, GIF, WebP, AVIF or SVG")]
    Unknown,
    #[error(transparent)]
    Outbound(#[from] OutboundError),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Png,
    Jpeg,
    Gif,
    Webp,
    Avif,
    /// A document that could hold scripts: it is shown in a picture's place alone.
    Svg,
}

#[derive(Clone, Debug)]
pub struct Picture {
    pub kind: Kind,
    pub bytes: Bytes,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Pictures {
    client: Client,
    kept: Cache<String, Picture>,
    turns: Arc<Semaphore>,
}

impl Pictures {
    pub fn new(client: Client) -> Self {
        let weight = |url: &String, picture: &Picture| {
            u32::try_from(url.len() + picture.bytes.len()).unwrap_or(u32::MAX)
        };
        let kept = Cache::builder().max_capacity(KEPT).weigher(weight).time_to_live(KEPT_FOR);
        Self { client, kept: kept.build(), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    pub async fn get(&self, url: &str) -> Result<Picture, PictureError> {
        if let Some(picture) = self.kept.get(url) {
            return Ok(picture);
        }
        let _turn = self.turns.try_acquire().map_err(|_| PictureError::Busy)?;
        let answer = self.client.get(url, &BOUNDS).await?;
        if !answer.status.is_success() {
            return Err(PictureError::Status(answer.status.as_u16()));
        }
        let said = answer.content_type.as_deref().unwrap_or_default();
        let kind = Kind::of(said, &answer.body).ok_or(PictureError::Unknown)?;
        let picture = Picture { kind, bytes: answer.body };
        self.kept.insert(url.to_owned(), picture.clone());
        Ok(picture)
    }
}

impl Kind {
    /// What the bytes begin with decides, not what the other side says; only of SVG both must be right.
    fn of(said: &str, bytes: &[u8]) -> Option<Self> {
        let brand = bytes.get(4..12).unwrap_or_default();
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ if brand == b"ftypavif" || brand == b"ftypavis" => Some(Self::Avif),
            _ if said.starts_with("image/svg+xml") && is_markup(bytes) => Some(Self::Svg),
            _ => None,
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
            Self::Svg => "image/svg+xml",
        }
    }
}

fn is_markup(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn a_picture_is_what_its_bytes_are() {
        let webp = *b"RIFF\0\0\0\0WEBPVP8 ";
        let told = [
            Kind::of("text/html", b"\x89PNG\r\n\x1a\n.."),
            Kind::of("", b"\xff\xd8\xff\xe0"),
            Kind::of("image/png", b"GIF89a.."),
            Kind::of("image/webp", &webp),
            Kind::of("image/avif", b"\0\0\0\x1cftypavif...."),
            Kind::of("image/svg+xml; charset=utf-8", b"\n<svg/>"),
        ];
        let kinds = [Kind::Png, Kind::Jpeg, Kind::Gif, Kind::Webp, Kind::Avif, Kind::Svg];
        assert_eq!(told, kinds.map(Some));
        for (said, bytes) in [
            ("image/png", b"<html>".as_slice()),
            ("text/html", b"<svg/>"),
            ("image/svg+xml", b"alert(1)"),
            ("image/png", b""),
            ("image/bmp", b"BM......"),
        ] {
            assert_eq!(Kind::of(said, bytes), None, "{said}");
        }
    }
}
