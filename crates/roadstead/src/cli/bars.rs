//! How a transfer looks: a bar for each part on a terminal, else a line when a part is done.

use std::io::IsTerminal;
use std::sync::Arc;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use roadstead_client::{Meter, NoProgress, Outcome, Progress};
use roadstead_types::Digest;

use super::output::size;

/// The word for a part that arrived.
pub type Verb = &'static str;

pub fn progress(quiet: bool, verb: Verb) -> Arc<dyn Progress> {
    match (quiet, std::io::stderr().is_terminal()) {
        (true, _) => Arc::new(NoProgress),
        (false, true) => Arc::new(Bars { all: MultiProgress::new(), verb }),
        (false, false) => Arc::new(Lines { verb }),
    }
}

fn told(outcome: &Outcome, verb: Verb) -> String {
    match outcome {
        Outcome::Copied => verb.to_owned(),
        Outcome::Compressed => "Compressed".to_owned(),
        Outcome::Exists => "Already exists".to_owned(),
        Outcome::Mounted(from) => format!("Mounted from {from}"),
    }
}

/// As docker shortens them.
fn short(digest: &Digest) -> String {
    digest.hex().chars().take(12).collect()
}

struct Bars {
    all: MultiProgress,
    verb: Verb,
}

struct Bar {
    bar: ProgressBar,
    verb: Verb,
    size: u64,
}

impl Progress for Bars {
    fn part(&self, digest: &Digest, size: u64) -> Box<dyn Meter> {
        let bar = self.all.add(ProgressBar::new(size));
        bar.set_prefix(short(digest));
        bar.set_style(style(
            "{prefix}: [{bar:30}] {binary_bytes:>10} of {binary_total_bytes} {wide_msg}",
        ));
        bar.tick();
        Box::new(Bar { bar, verb: self.verb, size })
    }

    fn note(&self, text: &str) {
        // Nothing is lost when the terminal cannot be written: the next line fails the same way.
        let _ = self.all.println(text);
    }
}

impl Meter for Bar {
    fn at(&self, position: u64) {
        self.bar.set_position(position);
        if position >= self.size {
            self.bar.set_message("finishing");
        }
    }

    fn done(&self, outcome: &Outcome) {
        self.bar.set_style(style("{prefix}: {msg}"));
        self.bar.finish_with_message(format!("{} ({})", told(outcome, self.verb), size(self.size)));
    }
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template);
    style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ")
}

struct Lines {
    verb: Verb,
}

struct Line {
    prefix: String,
    verb: Verb,
}

impl Progress for Lines {
    fn part(&self, digest: &Digest, _: u64) -> Box<dyn Meter> {
        Box::new(Line { prefix: short(digest), verb: self.verb })
    }

    fn note(&self, text: &str) {
        eprintln!("{text}");
    }
}

impl Meter for Line {
    fn at(&self, _: u64) {}

    fn done(&self, outcome: &Outcome) {
        eprintln!("{}: {}", self.prefix, told(outcome, self.verb));
    }
}
