//! Small pieces of HTML that every page uses, and how numbers, sizes and times are written
//! (the design's table of formats).

use std::borrow::{Borrow, Cow};
use std::fmt::{self, Write as _};

use askama::filters::{Html, HtmlSafe, escape};
use roadstead_types::{Digest, Timestamp};

use crate::assets;
use crate::frame::Frame;

/// Text that is HTML already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup(String);

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

impl Markup {
    /// Whoever calls this has made sure that nothing in it came from outside unescaped.
    pub fn trusted(html: String) -> Self {
        Self(html)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

pub fn escaped(text: &str) -> String {
    escape(text, Html).map_or_else(|_| String::new(), |safe| safe.to_string())
}

/// A picture of the sprite. It never stands for a word.
pub fn icon(name: &str) -> Markup {
    let sprite = assets::path("icons.svg");
    Markup(format!(
        r##"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="{sprite}#i-{name}"/></svg>"##
    ))
}

/// A command and the button that copies it. Lines break at sensible places.
pub fn command(frame: &Frame, class: &str, text: &str) -> Markup {
    let safe = escaped(text);
    let shown = safe.replace('/', "/<wbr>").replace('@', "<wbr>@");
    Markup(format!(
        r#"<div class="{class}"><code>{shown}</code>{}</div>"#,
        copy_button(text, frame.t("ui-copy-command"))
    ))
}

pub fn copy_button(text: &str, label: impl AsRef<str>) -> Markup {
    Markup(format!(
        r#"<button class="icon-btn" type="button" data-copy="{}" aria-label="{}">{}</button>"#,
        escaped(text),
        escaped(label.as_ref()),
        icon("copy")
    ))
}

/// Exact below a thousand, then `2.3K`, `88.1K`, `391K`, `1.2M`.
pub fn short(count: impl Borrow<u64>) -> String {
    let count = *count.borrow();
    for (unit, letter) in [(1_000_000_000, 'B'), (1_000_000, 'M'), (1_000, 'K')] {
        if count >= unit {
            return format!("{}{letter}", tenths(count, unit));
        }
    }
    count.to_string()
}

/// In units, with one decimal below a hundred. Cut, not rounded: 999,950 is not yet a million.
fn tenths(amount: u64, unit: u64) -> String {
    let (whole, tenth) = (amount / unit, amount % unit / (unit / 10));
    if whole < 100 && tenth > 0 { format!("{whole}.{tenth}") } else { whole.to_string() }
}

/// `2,418`.
pub fn exact(count: impl Borrow<u64>) -> String {
    let digits = count.borrow().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Decimal units: `812 MB`, `38.4 MB`.
pub fn size(bytes: impl Borrow<u64>) -> String {
    let bytes = *bytes.borrow();
    let units =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (unit, name) in units {
        if bytes >= unit {
            return format!("{} {name}", tenths(bytes, unit));
        }
    }
    format!("{bytes} B")
}

/// The first twelve hex digits.
pub fn brief(digest: &Digest) -> String {
    let text = digest.to_string();
    text.split_once(':').map_or("", |(_, hex)| hex).chars().take(12).collect()
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How long ago that was, with the exact time behind it.
pub fn ago(frame: &Frame, time: Timestamp) -> Markup {
    let exact = time.to_string();
    let (day, clock) = (exact.get(..10).unwrap_or_default(), exact.get(11..16).unwrap_or_default());
    let words = words_of(frame, time);
    Markup(format!(r#"<time datetime="{day}T{clock}Z" title="{day} {clock} UTC">{words}</time>"#))
}

fn words_of(frame: &Frame, time: Timestamp) -> Cow<'static, str> {
    let secs = frame.now.since(time).as_secs();
    match secs {
        0..MINUTE => frame.t("ui-ago-now"),
        MINUTE..HOUR => frame.t1("ui-ago-minutes", "count", secs / MINUTE),
        HOUR..DAY => frame.t1("ui-ago-hours", "count", secs / HOUR),
        _ if secs < 2 * DAY => frame.t("ui-ago-yesterday"),
        _ if secs < 14 * DAY => frame.t1("ui-ago-days", "count", secs / DAY),
        _ if secs < 63 * DAY => frame.t1("ui-ago-weeks", "count", secs / (7 * DAY)),
        _ if secs < 365 * DAY => frame.t1("ui-ago-months", "count", secs / (30 * DAY)),
        _ => frame.t1("ui-ago-years", "count", secs / (365 * DAY)),
    }
}

/// `2026-11-20 13:16 UTC`, where it is exact that counts.
pub fn minute(time: Timestamp) -> String {
    let exact = time.to_string();
    let (day, clock) = (exact.get(..10).unwrap_or_default(), exact.get(11..16).unwrap_or_default());
    format!("{day} {clock} UTC")
}

/// `4 Mar 2025`.
pub fn date(frame: &Frame, time: Timestamp) -> String {
    let text = time.to_string();
    let part = |range| text.get(range).and_then(|part: &str| part.parse::<u64>().ok()).unwrap_or(1);
    // The year is no amount: it has no separator.
    let (day, month, year) = (part(8..10), part(5..7), part(0..4).to_string());
    frame.t3("ui-date", [("day", &day), ("month", &month), ("year", &year)]).into_owned()
}

/// `name=value&..`, for links that keep what was asked for.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        let coded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let _ = write!(text, "{}{name}={coded}", if text.is_empty() { "" } else { "&" });
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn counts_are_short_and_never_say_more_than_there_is() {
        let told =
            [0, 412, 1_000, 2_340, 88_199, 391_000, 999_999, 1_204_918, 512_000_000].map(short);

        assert_eq!(told, ["0", "412", "1K", "2.3K", "88.1K", "391K", "999K", "1.2M", "512M"]);
        assert_eq!([7, 2_418, 1_204_918].map(exact), ["7", "2,418", "1,204,918"]);
    }

    #[test]
    fn sizes_have_decimal_units() {
        let told = [0, 999, 38_400_000, 812_000_000, 1_600_000_000].map(size);

        assert_eq!(told, ["0 B", "999 B", "38.4 MB", "812 MB", "1.6 GB"]);
    }

    #[test]
    fn times_are_told_as_people_tell_them() {
        let now = Timestamp::parse("2026-11-20T13:00:00Z").unwrap();
        let frame = Frame { now, ..Frame::sample("/", None) };
        let hours = [0, 1, 23, 25, 49, 14 * 24, 70 * 24, 800 * 24];
        let told =
            hours.map(|hours| words_of(&frame, now.minus(Duration::from_secs(hours * HOUR))));

        let expected = [
            "just now",
            "1 hour ago",
            "23 hours ago",
            "yesterday",
            "2 days ago",
            "2 weeks ago",
            "2 months ago",
            "2 years ago",
        ];
        assert_eq!(told, expected);
        assert_eq!(date(&frame, now), "20 Nov 2026");
        let text = ago(&frame, now).to_string();
        assert_eq!(
            text,
            r#"<time datetime="2026-11-20T13:00Z" title="2026-11-20 13:00 UTC">just now</time>"#
        );
    }

    #[test]
    fn a_command_is_text_wherever_it_stands() {
        let frame = Frame::sample("/", None);
        let html = frame.command(r#"docker pull h/<b>"x"@y"#).to_string();

        assert!(!html.contains("<b>") && !html.contains("\"x\""), "{html}");
        assert!(html.contains("h/<wbr>"), "{html}");
    }
}
