//! Limits as people type them: a number, an amount with its unit, or nothing for no limit.

/// From the largest; the binary ones are understood and never written.
const UNITS: [(&str, u64); 9] = [
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("B", 1),
];

/// Nothing for an empty field, which is no limit.
pub fn count(text: &str) -> Option<Option<u64>> {
    match text.trim() {
        "" => Some(None),
        digits => digits.replace(',', "").parse().ok().map(Some),
    }
}

/// `200 GB`, `1.5 TB`, `500`.
pub fn bytes(text: &str) -> Option<Option<u64>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    let at = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let is_meant = |(name, _): &&(&str, u64)| name.eq_ignore_ascii_case(unit);
    let factor = if unit.is_empty() { 1 } else { UNITS.iter().find(is_meant)?.1 };
    thousandths(number.trim())?.checked_mul(factor).map(|amount| Some(amount / 1000))
}

/// `1.5` is 1500; at most three decimals.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u64 = whole.replace(',', "").parse().ok()?;
    let decimals: u64 = format!("{decimals:0<3}").parse().ok()?;
    whole.checked_mul(1000)?.checked_add(decimals)
}

/// The amount as it can be typed again, to the byte.
pub fn exact(bytes: u64) -> String {
    let fits = |(name, factor): &&(&str, u64)| !name.contains('i') && bytes.is_multiple_of(*factor);
    match UNITS.iter().find(fits) {
        Some((name, factor)) if bytes > 0 => format!("{} {name}", bytes / factor),
        _ => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let read = [
            ("", Some(None)),
            ("200 GB", Some(Some(200_000_000_000))),
            ("1.5TB", Some(Some(1_500_000_000_000))),
            ("10 gib", Some(Some(10 << 30))),
            ("512", Some(Some(512))),
            ("1,024 B", Some(Some(1024))),
            ("many", None),
            ("1 XB", None),
            ("-1 GB", None),
            ("1.2345 GB", None),
            ("99999999999 TB", None),
        ];
        for (text, expected) in read {
            assert_eq!(bytes(text), expected, "{text}");
        }
        assert_eq!((count(" 5 "), count(""), count("five")), (Some(Some(5)), Some(None), None));
    }

    #[test]
    fn what_is_shown_can_be_typed_again() {
        for amount in [0, 1, 1_000, 5_000_000, 1_500_000_000, 10 << 30, u64::MAX / 1001] {
            assert_eq!(bytes(&exact(amount)), Some(Some(amount)));
        }
        assert_eq!(exact(200_000_000_000), "200 GB");
    }
}
