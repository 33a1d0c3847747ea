//! What a bucket holds of an open upload, and its form in the upload's row.
//!
//! ```text
//! version 1 | 'S' | kind | key 16 | superseded ...          kind 0: nothing, 1: whole
//! version 1 | 'S' | 2 | key 16 | tail 1 + 16 | sent 8 | multipart id 2 + n | count 4
//!                 | count x (ETag 1 + n) | superseded ...
//! superseded: 0 | 1 + whole 16 | 2 + tail 16
//! ```
//! Numbers are big-endian.

use roadstead_types::UploadId;
use uuid::Uuid;

use crate::layout;

const VERSION: u8 = 1;
const KIND: u8 = b'S';

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Staged {
    pub(super) held: Held,
    /// What the state before this one needed and this one does not.
    pub(super) superseded: Option<Leftover>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Nothing yet; `key` is where the empty blob would go.
    Nothing {
        key: Uuid,
    },
    /// All bytes so far as one object at a final key.
    Whole {
        key: Uuid,
    },
    Parts(Parts),
}

/// A multipart upload at a final key, and an object with what did not fill a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) key: Uuid,
    pub(super) multipart: String,
    pub(super) etags: Vec<String>,
    /// Bytes in the parts.
    pub(super) sent: u64,
    pub(super) tail: Option<Uuid>,
}

/// An object that may have to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leftover {
    Whole(Uuid),
    Tail(Uuid),
}

impl Leftover {
    pub(super) const fn key(self) -> Uuid {
        match self {
            Self::Whole(key) | Self::Tail(key) => key,
        }
    }

    /// The key in the bucket.
    pub(super) fn object(self, upload: UploadId) -> String {
        match self {
            Self::Whole(key) => layout::blob_by_key(key).0,
            Self::Tail(key) => layout::tail_key(upload, key),
        }
    }
}

impl Staged {
    pub(super) fn new() -> Self {
        Self { held: Held::Nothing { key: Uuid::new_v4() }, superseded: None }
    }

    /// Whether an upload of `offset` bytes can be held like this.
    pub(super) fn fits(&self, offset: u64) -> bool {
        match &self.held {
            Held::Nothing { .. } => offset == 0,
            Held::Whole { .. } => offset > 0,
            Held::Parts(parts) if parts.tail.is_some() => offset > parts.sent,
            Held::Parts(parts) => offset == parts.sent,
        }
    }

    /// The object that holds what is not in parts.
    pub(super) fn rest(&self) -> Option<Leftover> {
        match &self.held {
            Held::Nothing { .. } => None,
            Held::Whole { key } => Some(Leftover::Whole(*key)),
            Held::Parts(parts) => parts.tail.map(Leftover::Tail),
        }
    }

    /// The final key.
    pub(super) const fn key(&self) -> Uuid {
        match &self.held {
            Held::Nothing { key } | Held::Whole { key } => *key,
            Held::Parts(parts) => parts.key,
        }
    }

    /// Bytes in parts.
    pub(super) const fn sent(&self) -> u64 {
        match &self.held {
            Held::Parts(parts) => parts.sent,
            _ => 0,
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION, KIND];
        match &self.held {
            Held::Nothing { key } => put_key(&mut out, 0, key),
            Held::Whole { key } => put_key(&mut out, 1, key),
            Held::Parts(parts) => put_parts(&mut out, parts),
        }
        match &self.superseded {
            None => out.push(0),
            Some(Leftover::Whole(key)) => put_key(&mut out, 1, key),
            Some(Leftover::Tail(key)) => put_key(&mut out, 2, key),
        }
        out
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = bytes.strip_prefix(&[VERSION, KIND])?;
        let held = match take(&mut input, 1)? {
            [0] => Held::Nothing { key: take_key(&mut input)? },
            [1] => Held::Whole { key: take_key(&mut input)? },
            [2] => Held::Parts(take_parts(&mut input)?),
            _ => return None,
        };
        let superseded = match take(&mut input, 1)? {
            [0] => None,
            [1] => Some(Leftover::Whole(take_key(&mut input)?)),
            [2] => Some(Leftover::Tail(take_key(&mut input)?)),
            _ => return None,
        };
        input.is_empty().then_some(Self { held, superseded })
    }
}

fn put_key(out: &mut Vec<u8>, tag: u8, key: &Uuid) {
    out.push(tag);
    out.extend_from_slice(key.as_bytes());
}

fn put_parts(out: &mut Vec<u8>, parts: &Parts) {
    put_key(out, 2, &parts.key);
    put_key(out, u8::from(parts.tail.is_some()), &parts.tail.unwrap_or_default());
    out.extend_from_slice(&parts.sent.to_be_bytes());
    let length = u16::try_from(parts.multipart.len()).expect("checked when it was made");
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(parts.multipart.as_bytes());
    let count = u32::try_from(parts.etags.len()).expect("at most 10 000 parts");
    out.extend_from_slice(&count.to_be_bytes());
    for etag in &parts.etags {
        out.push(u8::try_from(etag.len()).expect("checked when it was made"));
        out.extend_from_slice(etag.as_bytes());
    }
}

fn take<'a>(input: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (head, rest) = input.split_at_checked(length)?;
    *input = rest;
    Some(head)
}

fn take_key(input: &mut &[u8]) -> Option<Uuid> {
    Uuid::from_slice(take(input, 16)?).ok()
}

fn take_text(input: &mut &[u8], length: usize) -> Option<String> {
    String::from_utf8(take(input, length)?.to_vec()).ok()
}

fn take_parts(input: &mut &[u8]) -> Option<Parts> {
    let key = take_key(input)?;
    let has_tail = take(input, 1)?;
    let tail = take_key(input)?;
    let tail = match has_tail {
        [0] => None,
        [1] => Some(tail),
        _ => return None,
    };
    let sent = u64::from_be_bytes(take(input, 8)?.try_into().ok()?);
    let length = u16::from_be_bytes(take(input, 2)?.try_into().ok()?);
    let multipart = take_text(input, usize::from(length))?;
    let count = u32::from_be_bytes(take(input, 4)?.try_into().ok()?);
    let mut etags = Vec::new();
    for _ in 0..count {
        let length = usize::from(*take(input, 1)?.first()?);
        etags.push(take_text(input, length)?);
    }
    Some(Parts { key, multipart, etags, sent, tail })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn staged() -> impl Strategy<Value = Staged> {
        let parts = (
            any::<u128>(),
            "[ -~]{0,300}",
            proptest::collection::vec("[0-9a-f\"-]{0,60}", 0..5),
            any::<u64>(),
            any::<Option<u128>>(),
        );
        let parts = parts.prop_map(|(key, multipart, etags, sent, tail)| {
            let (key, tail) = (Uuid::from_u128(key), tail.map(Uuid::from_u128));
            Held::Parts(Parts { key, multipart, etags, sent, tail })
        });
        let key = || any::<u128>().prop_map(Uuid::from_u128);
        let held = prop_oneof![
            key().prop_map(|key| Held::Nothing { key }),
            key().prop_map(|key| Held::Whole { key }),
            parts,
        ];
        let superseded = prop_oneof![
            Just(None),
            key().prop_map(|key| Some(Leftover::Whole(key))),
            key().prop_map(|key| Some(Leftover::Tail(key))),
        ];
        (held, superseded).prop_map(|(held, superseded)| Staged { held, superseded })
    }

    proptest! {
        #[test]
        fn a_state_survives_its_row_and_loses_nothing(staged in staged(), cut: u16) {
            let bytes = staged.to_bytes();
            prop_assert_eq!(Staged::from_bytes(&bytes), Some(staged));
            let cut = usize::from(cut) % bytes.len();
            prop_assert_eq!(Staged::from_bytes(&bytes[..cut]), None);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut bytes = bytes;
            if bytes.len() > 2 {
                bytes[..2].copy_from_slice(&[VERSION, KIND]);
                bytes[2] %= 4;
            }
            if let Some(staged) = Staged::from_bytes(&bytes) {
                // The place of a missing tail carries no meaning, so compare what was read.
                prop_assert_eq!(Staged::from_bytes(&staged.to_bytes()), Some(staged));
            }
        }
    }
}
