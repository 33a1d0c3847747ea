//! `Range` of a download (RFC 9110, section 14) and `Content-Range` of an upload chunk, which is
//! written without a unit (distribution-spec, "Pushing a blob in chunks").

use std::ops::Range;

/// What to send for a `Range` header over `size` bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected {
    /// No range we serve: the whole.
    Whole,
    Part(Range<u64>),
    Unsatisfiable,
}

/// Reads a `Range` value. Several ranges are answered with the whole, which RFC 9110 allows and
/// which leaves nothing to amplify. A range that ends before it starts is refused rather than
/// ignored, as the conformance program asks.
pub fn select(value: &str, size: u64) -> Selected {
    let Some(spec) = value.trim().strip_prefix("bytes=") else { return Selected::Whole };
    if spec.contains(',') {
        return Selected::Whole;
    }
    let Some((first, last)) = spec.trim().split_once('-') else { return Selected::Whole };
    let chosen = match (first.is_empty(), last.is_empty()) {
        (true, true) => return Selected::Whole,
        (true, false) => suffix(last, size),
        (false, true) => number(first).map(|start| start..size),
        (false, false) => span(first, last, size),
    };
    match chosen {
        None => Selected::Whole,
        Some(range) if range.start < range.end => Selected::Part(range),
        Some(_) => Selected::Unsatisfiable,
    }
}

fn suffix(length: &str, size: u64) -> Option<Range<u64>> {
    let length = number(length)?;
    Some(size.saturating_sub(length)..size)
}

fn span(first: &str, last: &str, size: u64) -> Option<Range<u64>> {
    let start = number(first)?;
    let end = number(last)?.saturating_add(1).min(size);
    Some(start..end)
}

/// Digits only: `+5` is a number to Rust but not to HTTP.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // More digits than u64 holds is past the end of any blob.
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// A chunk's place: first and last byte, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkRange {
    pub first: u64,
    pub last: u64,
}

impl ChunkRange {
    /// Reads `first-last`; `bytes first-last/total`, which some clients send, means the same.
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        let value =
            value.strip_prefix("bytes").map_or(value, |rest| rest.trim_start_matches(['=', ' ']));
        let value = value.split('/').next().unwrap_or(value);
        let (first, last) = value.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        (first <= last && last < u64::MAX).then_some(Self { first, last })
    }

    pub const fn length(self) -> u64 {
        self.last - self.first + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_a_range_are_served_and_clipped() {
        assert_eq!(select("bytes=500-1499", 2048), Selected::Part(500..1500));
        assert_eq!(select("bytes=500-", 2048), Selected::Part(500..2048));
        assert_eq!(select("bytes=-500", 2048), Selected::Part(1548..2048));
        assert_eq!(select("bytes=-5000", 2048), Selected::Part(0..2048));
        assert_eq!(select("bytes=2000-5000", 2048), Selected::Part(2000..2048));
    }

    #[test]
    fn ranges_outside_the_blob_are_unsatisfiable() {
        for value in [
            "bytes=500-0",
            "bytes=5000-10000",
            "bytes=2048-",
            "bytes=-0",
            "bytes=99999999999999999999999-",
        ] {
            assert_eq!(select(value, 2048), Selected::Unsatisfiable, "{value}");
        }
        assert_eq!(select("bytes=0-0", 0), Selected::Unsatisfiable);
    }

    #[test]
    fn what_is_no_single_range_is_ignored() {
        for value in [
            "",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "items=0-1",
            "bytes=0-0,1-1",
            "bytes=+1-2",
            "bytes=1",
        ] {
            assert_eq!(select(value, 2048), Selected::Whole, "{value}");
        }
    }

    #[test]
    fn chunk_ranges_have_no_unit() {
        assert_eq!(ChunkRange::parse("0-511"), Some(ChunkRange { first: 0, last: 511 }));
        assert_eq!(ChunkRange::parse("bytes 5-9/10"), Some(ChunkRange { first: 5, last: 9 }));
        for bad in ["", "5", "5-", "-5", "9-5", "a-b", "0-18446744073709551615", "1-2-3", "٣-٤"] {
            assert_eq!(ChunkRange::parse(bad), None, "{bad}");
        }
    }
}
