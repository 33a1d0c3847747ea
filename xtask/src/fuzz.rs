//! Every fuzz target for a minute: long enough to catch a parser that panics on the obvious.

use anyhow::{Context as _, Result, ensure};

use crate::install;
use crate::run::{command, quietly, root, visibly};
use crate::tally::Tally;

const SECONDS: u32 = 60;

/// `cargo xtask fuzz`.
pub fn run() -> Result<Tally> {
    install::for_fuzzing()?;
    let mut tally = Tally::default();
    for target in targets()? {
        let line = format!("+nightly fuzz run {target} -- -max_total_time={SECONDS} -verbosity=0");
        tally.step(&format!("fuzz {target}"), fuzz(&line));
    }
    Ok(tally)
}

fn fuzz(line: &str) -> Result<()> {
    // rustup's cargo, because the one that runs this program is of the pinned toolchain.
    let mut fuzz = command("cargo", line);
    visibly(fuzz.current_dir(root()).env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO"))
}

fn targets() -> Result<Vec<String>> {
    ensure!(root().join("fuzz/Cargo.toml").is_file(), "there is no folder of fuzz targets");
    let mut list = command("cargo", "+nightly fuzz list");
    list.current_dir(root()).env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    let names: Vec<_> = quietly(&mut list)?.lines().map(str::to_owned).collect();
    names.first().context("the folder of fuzz targets is empty")?;
    Ok(names)
}
