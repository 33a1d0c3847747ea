//! Other programs: found, run with a deadline, and their output kept.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// A command about to be run.
#[derive(Debug)]
pub struct Tool {
    line: String,
    command: Command,
    input: Option<Vec<u8>>,
    deadline: Duration,
}

impl Tool {
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let line = program.to_string_lossy().into_owned();
        let mut command = Command::new(program);
        command.kill_on_drop(true).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in own_settings() {
            command.env_remove(name);
        }
        Self { line, command, input: None, deadline: Duration::from_secs(120) }
    }

    /// Like `new`, for a program that must be installed; fails with how to get it.
    #[track_caller]
    pub fn installed(program: &str) -> Self {
        assert!(
            Tools::find(program).is_some(),
            "`{program}` is not installed; `cargo xtask test` installs what the tests need"
        );
        Self::new(program)
    }

    /// The program under test, for what needs no server's data.
    pub fn roadstead() -> Self {
        Self::new(Self::roadstead_path())
    }

    /// Where the program under test is, for another program to run.
    pub fn roadstead_path() -> std::path::PathBuf {
        crate::backend::program()
    }

    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        for arg in args {
            self.line.push(' ');
            self.line.push_str(&arg.as_ref().to_string_lossy());
            self.command.arg(arg);
        }
        self
    }

    /// Arguments written as a shell would show them, separated by blanks.
    pub fn line(self, line: &str) -> Self {
        self.args(line.split_whitespace())
    }

    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Some(bytes.into());
        self.command.stdin(Stdio::piped());
        self
    }

    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Runs it to its end; fails when it cannot be started or is not done in time.
    pub async fn run(mut self) -> Output {
        let started = std::time::Instant::now();
        let mut child =
            self.command.spawn().unwrap_or_else(|error| panic!("`{}`: {error}", self.line));
        if let (Some(input), Some(mut pipe)) = (self.input.take(), child.stdin.take()) {
            // A program that stops reading early tells why on its own standard error.
            let _ = pipe.write_all(&input).await;
        }
        let waited = tokio::time::timeout(self.deadline, child.wait_with_output()).await;
        let Ok(ended) = waited else { panic!("`{}` ran over {:?}", self.line, self.deadline) };
        let ended = ended.unwrap_or_else(|error| panic!("`{}`: {error}", self.line));
        Output {
            line: self.line,
            code: ended.status.code(),
            stdout: String::from_utf8_lossy(&ended.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&ended.stderr).into_owned(),
            took: started.elapsed(),
        }
    }
}

/// Variables meant for the tests or the developer; a program under test gets only what the test
/// says, because `roadstead` refuses variables of its own prefix that it does not know.
pub(crate) fn own_settings() -> impl Iterator<Item = std::ffi::OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    names.filter(|name| name.to_string_lossy().starts_with("ROADSTEAD_"))
}

/// How a program ended.
#[derive(Clone, Debug)]
pub struct Output {
    line: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub took: Duration,
}

impl Output {
    #[track_caller]
    pub fn succeeds(self) -> Self {
        assert!(self.code == Some(0), "expected success, but {}", self.story());
        self
    }

    #[track_caller]
    pub fn fails(self) -> Self {
        assert!(self.code != Some(0), "expected failure, but {}", self.story());
        self
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert!(self.code == Some(code), "expected exit status {code}, but {}", self.story());
        self
    }

    /// Fails unless standard output or standard error holds `part`.
    #[track_caller]
    pub fn says(self, part: &str) -> Self {
        let said = self.stdout.contains(part) || self.stderr.contains(part);
        assert!(said, "expected the words `{part}`, but {}", self.story());
        self
    }

    /// Fails when standard output or standard error holds `part`.
    #[track_caller]
    pub fn never_says(self, part: &str) -> Self {
        let said = self.stdout.contains(part) || self.stderr.contains(part);
        assert!(!said, "expected no word of `{part}`, but {}", self.story());
        self
    }

    pub fn story(&self) -> String {
        format!(
            "`{}` ended with {:?} after {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.line, self.code, self.took, self.stdout, self.stderr
        )
    }
}

/// Programs on this machine.
pub struct Tools;

impl Tools {
    /// The path of `program` in PATH.
    pub fn find(program: &str) -> Option<std::path::PathBuf> {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| is_file(file))
    }
}

fn is_file(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.is_file())
}
