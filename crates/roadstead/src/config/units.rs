//! Sizes, durations and switches as people write them: `64 MiB`, `1h30m`, `on`.

use std::time::Duration;

/// Units of size; the decimal ones are powers of 1000, the binary ones of 1024.
const SIZES: [(&str, u64); 13] = [
    ("", 1),
    ("b", 1),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("k", 1 << 10),
    ("m", 1 << 20),
    ("g", 1 << 30),
];

const DURATIONS: [(&str, u64); 5] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// Reads `64 MiB`, `10GB`, `4096`.
pub fn parse_size(text: &str) -> Result<u64, String> {
    const RULE: &str = "write a size like `64 MiB`, `10 GB` or a number of bytes";
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| RULE.to_owned())?;
    let unit = unit.trim().to_ascii_lowercase();
    let (_, factor) = SIZES.iter().find(|(name, _)| *name == unit).ok_or(RULE)?;
    number.checked_mul(*factor).ok_or_else(|| "this size is too large".to_owned())
}

/// Reads `24h`, `1h30m`, `500ms`, `90d`.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    const RULE: &str = "write a duration like `30s`, `24h`, `1h30m` or `90d`";
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(RULE.to_owned());
    }
    let mut total_ms = 0_u64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or(RULE)?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let number: u64 = number.parse().map_err(|_| RULE.to_owned())?;
        let (_, ms) = DURATIONS.iter().find(|(name, _)| *name == unit).ok_or(RULE)?;
        total_ms = number
            .checked_mul(*ms)
            .and_then(|ms| total_ms.checked_add(ms))
            .ok_or("this duration is too long")?;
        rest = tail.trim_start();
    }
    Ok(Duration::from_millis(total_ms))
}

/// Reads a switch.
pub fn parse_switch(text: &str) -> Result<bool, String> {
    match text.trim() {
        "on" | "true" | "yes" | "1" => Ok(true),
        "off" | "false" | "no" | "0" => Ok(false),
        _ => Err("write `on` or `off`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        assert_eq!(parse_size("64 MiB"), Ok(64 << 20));
        assert_eq!(parse_size("10GB"), Ok(10_000_000_000));
        assert_eq!(parse_size("4096"), Ok(4096));
        for bad in ["", "MiB", "-1", "1.5 GB", "1 parsec", "99999999999 TiB"] {
            assert!(parse_size(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        assert_eq!(parse_duration("24h"), Ok(Duration::from_secs(86_400)));
        assert_eq!(parse_duration("1h30m"), Ok(Duration::from_secs(5_400)));
        assert_eq!(parse_duration("2d 500ms"), Ok(Duration::from_millis(172_800_500)));
        for bad in ["", "24", "h", "1w", "-1h", "1h-", "99999999999999999999d"] {
            assert!(parse_duration(bad).is_err(), "{bad:?}");
        }
    }
}
