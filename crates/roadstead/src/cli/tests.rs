//! The command line as a whole.

use std::collections::BTreeSet;

use clap::CommandFactory;

use super::Cli;
use crate::config::settings::{SETTINGS, Shape};

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

/// The reference is written for people, by people; this keeps it true.
#[test]
fn every_setting_is_in_the_reference_and_nothing_else_is() {
    let reference = include_str!("../../../../docs/reference/configuration.md");
    let described: BTreeSet<&str> = reference
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .collect();
    let known: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(described, known);

    let serve = Cli::command();
    let serve = serve.find_subcommand("serve").unwrap();
    let options: BTreeSet<&str> = serve
        .get_arguments()
        .filter_map(|arg| arg.get_long())
        .filter(|name| *name != "config")
        .collect();
    let expected: BTreeSet<&str> =
        SETTINGS.iter().filter(|s| s.shape != Shape::Hidden).map(|s| s.name).collect();
    assert_eq!(options, expected);

    for setting in SETTINGS {
        let section = reference.split(&format!("### `{}`", setting.name)).nth(1).unwrap();
        let section = section.split("\n### ").next().unwrap();
        assert!(section.contains(&setting.variable()), "`{}` names its variable", setting.name);
        assert!(section.contains("Default:"), "`{}` tells its default", setting.name);
    }
}
