//! `roadstead completion`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Failure};

/// Print a script that completes commands in your shell
#[derive(Args)]
#[command(after_help = "For bash: `source <(roadstead completion bash)` in ~/.bashrc.")]
pub struct Completion {
    shell: Shell,
}

impl Completion {
    pub fn run(self) -> Result<(), Failure> {
        let mut out = std::io::stdout();
        clap_complete::generate(self.shell, &mut Cli::command(), "roadstead", &mut out);
        Ok(())
    }
}
