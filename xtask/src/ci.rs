//! Everything that must hold before a change is merged, the cheapest first.

use anyhow::Result;

use crate::run::{cargo, visibly};
use crate::tally::Tally;
use crate::{api, browser, conformance, deps, fuzz, hub_clients, install, suites};

/// Checks that need no server, in the order of their cost.
const CHECKS: &[&str] = &[
    "fmt --all --check",
    "deny --log-level warn check bans licenses sources",
    "clippy --workspace --all-targets --all-features --quiet -- -D warnings",
];

pub fn run() -> Result<Tally> {
    install::for_ci()?;
    let mut tally = Tally::default();
    tally.step("deps", deps::check());
    for line in CHECKS {
        tally.step(line, visibly(&mut cargo(line)));
    }
    let mut doc = cargo("doc --workspace --no-deps --quiet");
    tally.step("doc", visibly(doc.env("RUSTDOCFLAGS", "-D warnings")));
    part(&mut tally, "tests", suites::everything(&[]));
    part(&mut tally, "hub clients", hub_clients::run());
    part(&mut tally, "browser", browser::test(None));
    part(&mut tally, "api", api::run());
    match install::conformance_program() {
        Ok(_) => part(&mut tally, "conformance", conformance::run(None)),
        Err(error) => tally.could_not_run(format!(
            "the OCI conformance matrix, because its program cannot be had here: {error:#}"
        )),
    }
    part(&mut tally, "fuzz", fuzz::run());
    Ok(tally)
}

/// A part that cannot even start is one failure, and the other parts still run.
fn part(tally: &mut Tally, name: &str, result: Result<Tally>) {
    match result {
        Ok(counts) => tally.add(counts),
        Err(error) => tally.fail(1, format!("{name}: {error:#}")),
    }
}
