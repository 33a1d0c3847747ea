//! The program: reads its command line and does what it says.

use std::process::ExitCode;

fn main() -> ExitCode {
    roadstead::cli::run()
}
