//! What passed and what failed, summed over everything that ran.

use std::process::ExitCode;

/// Counts of single checks, the names of steps that failed, and of steps that could not run.
#[derive(Debug, Default)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    trouble: Vec<String>,
    not_run: Vec<String>,
}

impl Tally {
    /// Counts one step that either holds or not, and tells the reader at once.
    pub fn step(&mut self, name: &str, result: anyhow::Result<()>) {
        match result {
            Ok(()) => self.passed += 1,
            Err(error) => self.fail(1, format!("{name}: {error:#}")),
        }
    }

    pub fn fail(&mut self, count: u64, what: String) {
        eprintln!("xtask: failed: {what}");
        self.failed += count;
        self.trouble.push(what);
    }

    /// Something that could not be had here and is neither passed nor failed. Said again at the end.
    pub fn could_not_run(&mut self, what: String) {
        eprintln!("xtask: NOT RUN: {what}");
        self.not_run.push(what);
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.trouble.extend(other.trouble);
        self.not_run.extend(other.not_run);
    }

    /// Repeats what went wrong and ends with the one line that machines read.
    pub fn report(&self) -> ExitCode {
        self.trouble.iter().for_each(|what| println!("failed: {what}"));
        self.not_run.iter().for_each(|what| println!("NOT RUN: {what}"));
        if self.passed + self.failed > 0 {
            println!("{} passed, {} failed", self.passed, self.failed);
        }
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
