//! What a benchmark prints: samples per server, medians, paired ratios, and whether a target is met.
//!
//! It knows nothing of servers or load. A sample is one round of one server; sample `i` of two
//! servers was taken in the same round, which is why ratios are formed round by round.

use std::fmt::Write as _;

use serde::Serialize;

#[derive(Serialize)]
pub struct Table {
    pub title: String,
    pub rows: Vec<Row>,
    pub checks: Vec<Check>,
    pub notes: Vec<String>,
}

#[derive(Serialize)]
pub struct Row {
    pub server: String,
    pub metrics: Vec<Metric>,
}

#[derive(Serialize)]
pub struct Metric {
    pub name: &'static str,
    pub samples: Vec<f64>,
}

/// A target: one server's figure, alone or divided by another row's, against a bound.
#[derive(Serialize)]
pub struct Check {
    pub metric: &'static str,
    pub server: String,
    pub against: Option<String>,
    pub bound: Bound,
    /// Filled by [`Table::settle`]; `None` when a side was not measured.
    pub seen: Option<Spread>,
    pub reached: Option<bool>,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

#[derive(Clone, Copy, Serialize)]
pub struct Spread {
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

impl Spread {
    pub fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        };
        Some(Self { median, min, max })
    }
}

impl Table {
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), rows: Vec::new(), checks: Vec::new(), notes: Vec::new() }
    }

    pub fn record(&mut self, server: &str, figures: &[(&'static str, f64)]) {
        let at = match self.rows.iter().position(|row| row.server == server) {
            Some(at) => at,
            None => {
                self.rows.push(Row { server: server.to_owned(), metrics: Vec::new() });
                self.rows.len() - 1
            }
        };
        for &(name, value) in figures {
            self.rows[at].push(name, value);
        }
    }

    pub fn target(&mut self, server: &str, metric: &'static str, bound: Bound) {
        self.check(server, metric, None, bound);
    }

    pub fn ratio(&mut self, server: &str, metric: &'static str, against: &str, bound: Bound) {
        self.check(server, metric, Some(against.to_owned()), bound);
    }

    fn check(&mut self, server: &str, metric: &'static str, against: Option<String>, bound: Bound) {
        self.checks.push(Check {
            metric,
            server: server.to_owned(),
            against,
            bound,
            seen: None,
            reached: None,
        });
    }

    fn samples(&self, server: &str, metric: &str) -> Option<&[f64]> {
        let row = self.rows.iter().find(|row| row.server == server)?;
        let metric = row.metrics.iter().find(|found| found.name == metric)?;
        Some(&metric.samples)
    }

    pub fn median(&self, server: &str, metric: &str) -> Option<f64> {
        Some(Spread::of(self.samples(server, metric)?)?.median)
    }

    /// Works out every check from the samples taken.
    pub fn settle(&mut self) {
        let seen: Vec<_> = self.checks.iter().map(|check| self.seen(check)).collect();
        for (check, seen) in self.checks.iter_mut().zip(seen) {
            check.reached = seen.map(|spread| check.bound.holds(spread.median));
            check.seen = seen;
        }
    }

    fn seen(&self, check: &Check) -> Option<Spread> {
        let own = self.samples(&check.server, check.metric)?;
        let Some(against) = &check.against else {
            return Spread::of(own);
        };
        let other = self.samples(against, check.metric)?;
        let ratios: Vec<f64> = own.iter().zip(other).map(|(a, b)| a / b).collect();
        Spread::of(&ratios)
    }

    pub fn render(&self) -> String {
        let mut out = format!("\n## {}\n\n", self.title);
        let names = self.metric_names();
        let mut grid = vec![header(&names)];
        grid.extend(self.rows.iter().map(|row| row.cells(&names)));
        write_grid(&mut out, &grid);
        if !self.checks.is_empty() {
            let mut grid = vec![["target", "seen", "reached"].map(str::to_owned).to_vec()];
            grid.extend(self.checks.iter().map(Check::cells));
            out.push('\n');
            write_grid(&mut out, &grid);
        }
        for note in &self.notes {
            let _ = writeln!(out, "\n{note}");
        }
        out
    }

    fn metric_names(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for metric in self.rows.iter().flat_map(|row| &row.metrics) {
            if !names.contains(&metric.name) {
                names.push(metric.name);
            }
        }
        names
    }
}

impl Row {
    fn push(&mut self, name: &'static str, value: f64) {
        match self.metrics.iter_mut().find(|metric| metric.name == name) {
            Some(metric) => metric.samples.push(value),
            None => self.metrics.push(Metric { name, samples: vec![value] }),
        }
    }

    fn cells(&self, names: &[&str]) -> Vec<String> {
        let mut cells = vec![self.server.clone()];
        for name in names {
            let metric = self.metrics.iter().find(|metric| metric.name == *name);
            let spread = metric.and_then(|metric| Spread::of(&metric.samples));
            cells.push(spread.map_or_else(|| "-".to_owned(), show));
        }
        cells
    }
}

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(limit) => value >= limit,
            Self::AtMost(limit) => value <= limit,
        }
    }
}

impl Check {
    fn cells(&self) -> Vec<String> {
        let (sign, limit) = match self.bound {
            Bound::AtLeast(limit) => (">=", limit),
            Bound::AtMost(limit) => ("<=", limit),
        };
        let what = match &self.against {
            Some(against) => {
                format!("{} of {} {sign} {limit} x {against}", self.metric, self.server)
            }
            None => format!("{} of {} {sign} {limit}", self.metric, self.server),
        };
        let reached = match self.reached {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "not measured",
        };
        let seen = self.seen.map_or_else(|| "-".to_owned(), show);
        vec![what, seen, reached.to_owned()]
    }
}

fn header(names: &[&str]) -> Vec<String> {
    let mut cells = vec!["server".to_owned()];
    cells.extend(names.iter().map(|name| (*name).to_owned()));
    cells
}

fn show(spread: Spread) -> String {
    let Spread { median, min, max } = spread;
    if min == max {
        return number(median);
    }
    format!("{} ({}-{})", number(median), number(min), number(max))
}

fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn write_grid(out: &mut String, grid: &[Vec<String>]) {
    let columns = grid.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            grid.iter().filter_map(|row| row.get(at)).map(|cell| cell.len()).max().unwrap_or(0)
        })
        .collect();
    for (at, row) in grid.iter().enumerate() {
        write_line(out, row, &widths);
        if at == 0 {
            let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            write_line(out, &rule, &widths);
        }
    }
}

fn write_line(out: &mut String, row: &[String], widths: &[usize]) {
    for (cell, width) in row.iter().zip(widths) {
        let _ = write!(out, "| {cell:width$} ");
    }
    out.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_the_median_of_the_ratios_of_each_round() {
        let mut table = Table::new("t");
        // The machine was slow in round two for both; dividing medians would hide that.
        for (ours, theirs) in [(10.0, 5.0), (3.0, 1.0), (40.0, 10.0)] {
            table.record("a", &[("x", ours)]);
            table.record("b", &[("x", theirs)]);
        }
        table.ratio("a", "x", "b", Bound::AtLeast(3.0));
        table.ratio("a", "x", "missing", Bound::AtLeast(3.0));
        table.settle();
        assert_eq!(table.checks[0].seen.map(|seen| seen.median), Some(3.0));
        assert_eq!(table.checks[0].reached, Some(true));
        assert_eq!(table.checks[1].reached, None);
    }
}
