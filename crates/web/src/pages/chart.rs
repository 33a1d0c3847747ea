//! Pulls a day as a line, with the numbers in words for those who do not see it.

use std::collections::HashMap;
use std::fmt::Write as _;

use roadstead_types::Timestamp;

use crate::frame::Frame;
use crate::ui::Markup;
use crate::words::Value;

const DAY_US: i64 = 24 * 3600 * 1_000_000;

#[derive(Clone, Debug)]
pub struct Chart {
    /// Midnight of each day and its pulls, the last is today.
    pub days: Vec<(Timestamp, u64)>,
}

impl Chart {
    /// Fills the days without pulls in.
    pub fn of_days(told: &[(Timestamp, u64)], days: i64, now: Timestamp) -> Self {
        let counts: HashMap<i64, u64> =
            told.iter().map(|(day, count)| (day.unix_us().div_euclid(DAY_US), *count)).collect();
        let today = now.unix_us().div_euclid(DAY_US);
        let each = (today - days + 1)..=today;
        let midnight = |day: i64| Timestamp::from_unix_us(day.saturating_mul(DAY_US));
        Self {
            days: each.map(|day| (midnight(day), counts.get(&day).copied().unwrap_or(0))).collect(),
        }
    }

    pub fn today(&self) -> u64 {
        self.days.last().map_or(0, |(_, count)| *count)
    }

    pub fn first_day(&self, frame: &Frame) -> String {
        self.days.first().map_or_else(String::new, |(day, _)| frame.date(*day))
    }

    pub fn most(&self) -> u64 {
        self.days.iter().map(|(_, count)| *count).max().unwrap_or(0)
    }

    pub fn sum(&self) -> u64 {
        self.days.iter().map(|(_, count)| count).sum()
    }

    /// Beside the text of a repository.
    pub fn small(&self, frame: &Frame) -> Markup {
        self.drawn(frame, "spark", 64)
    }

    /// On a page of its own.
    pub fn large(&self, frame: &Frame) -> Markup {
        self.drawn(frame, "spark tall", 160)
    }

    fn drawn(&self, frame: &Frame, class: &str, height: u32) -> Markup {
        let line = self.line(height);
        let (first, last) = (self.days.first().map_or(0, |(_, count)| *count), self.today());
        let told: [(_, &dyn Value); 3] =
            [("days", &self.days.len()), ("first", &first), ("last", &last)];
        let label = frame.t3("insights-drawn", told);
        let base = f64::from(height) - 0.5;
        Markup::trusted(format!(
            r#"<svg class="{class}" viewBox="0 0 300 {height}" preserveAspectRatio="none" role="img" aria-label="{label}"><path class="area" d="{line}V{height}H0z"/><path class="base" d="M0 {base}H300"/><path class="line" d="{line}"/></svg>"#
        ))
    }

    /// The path of the line; the highest day reaches the top.
    #[allow(clippy::cast_precision_loss)]
    fn line(&self, height: u32) -> String {
        let (top, bottom) = (4.0, f64::from(height) - 4.0);
        let most = self.most().max(1) as f64;
        let step = 300.0 / (self.days.len().max(2) - 1) as f64;
        let mut path = String::new();
        for (at, (_, count)) in self.days.iter().enumerate() {
            let y = bottom - (*count as f64 / most) * (bottom - top);
            let _ =
                write!(path, "{}{:.1} {y:.1}", if at == 0 { "M" } else { "L" }, at as f64 * step);
        }
        path
    }
}

#[cfg(test)]
impl Chart {
    pub fn sample() -> Self {
        let now = Timestamp::parse("2026-11-20T13:16:00Z").unwrap();
        let day = |ago: i64| Timestamp::from_unix_us(now.unix_us() - ago * DAY_US);
        Self::of_days(&[(day(0), 6_412), (day(3), 12), (day(29), 3_100)], 30, now)
    }
}

#[cfg(test)]
mod tests {
    use super::{Chart, Frame};

    #[test]
    fn a_chart_has_every_day_and_says_its_ends() {
        let chart = Chart::sample();

        assert_eq!((chart.days.len(), chart.today(), chart.most()), (30, 6_412, 6_412));
        assert_eq!(chart.first_day(&Frame::sample("/", None)), "22 Oct 2026");
        let svg = chart.small(&Frame::sample("/", None)).to_string();
        assert!(svg.contains("from 3,100 to 6,412"), "{svg}");
        assert!(svg.contains("L300.0 4.0"), "{svg}");
    }
}
