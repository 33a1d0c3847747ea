//! The languages of the site, and which one a visit is answered in.

use http::HeaderValue;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use unic_langid::LanguageIdentifier;

use crate::cookie;

/// A language that every page can be read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

/// Languages of an `Accept-Language` line that are looked at.
const LOOKED_AT: usize = 16;
const MAX_AGE_SECS: u32 = 365 * 24 * 3600;

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];
    /// The cookie that a choice is kept in.
    const COOKIE: &str = "language";

    /// As it stands in `lang`, in the cookie and with an account.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// What it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        self.code().parse().unwrap_or_default()
    }

    /// What the person chose here, else what the browser would rather read.
    pub fn of(parts: &Parts) -> Self {
        let chosen = cookie::of(parts, Self::COOKIE).and_then(Self::parse);
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|line| line.to_str().ok());
        chosen.or_else(|| header.and_then(Self::preferred)).unwrap_or(Self::English)
    }

    /// Has the browser keep the choice, or forget it.
    pub fn keep(scheme: &str, chosen: Option<Self>) -> Option<HeaderValue> {
        let (code, age) = chosen.map_or(("", 0), |language| (language.code(), MAX_AGE_SECS));
        cookie::set(scheme, Self::COOKIE, code, age)
    }

    /// The first by weight that the site has (RFC 9110, 12.5.4).
    fn preferred(line: &str) -> Option<Self> {
        let mut ranges: Vec<(&str, f32)> = line.split(',').take(LOOKED_AT).map(weighted).collect();
        ranges.retain(|(_, weight)| *weight > 0.0);
        ranges.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        ranges.into_iter().find_map(|(range, _)| Self::matching(range))
    }

    /// Traditional Chinese is written otherwise; whoever reads that alone reads English here.
    fn matching(range: &str) -> Option<Self> {
        let asked: LanguageIdentifier = range.parse().ok()?;
        let is_traditional = asked.script.is_some_and(|script| script.as_str() == "Hant")
            || asked.region.is_some_and(|region| matches!(region.as_str(), "TW" | "HK" | "MO"));
        match asked.language.as_str() {
            "en" => Some(Self::English),
            "zh" if !is_traditional => Some(Self::Chinese),
            _ => None,
        }
    }
}

fn weighted(part: &str) -> (&str, f32) {
    let (range, parameter) = part.split_once(';').unwrap_or((part, ""));
    let weight = parameter.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse);
    (range.trim(), weight.unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_says_what_it_would_rather_read() {
        let told = |line| Language::preferred(line);

        assert_eq!(told("zh-CN,zh;q=0.9,en;q=0.8"), Some(Language::Chinese));
        assert_eq!(told("de-DE,de;q=0.9,en;q=0.8,zh;q=0.1"), Some(Language::English));
        assert_eq!(told("en;q=0.1, zh-Hans;q=0.2"), Some(Language::Chinese));
        assert_eq!(told("zh-TW,zh-Hant;q=0.9"), None);
        assert_eq!(told("fr, zh;q=0, *;q=0.5, \u{fffd};q=x"), None);
    }
}
