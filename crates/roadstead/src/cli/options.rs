//! The settings as options of a command, made from the one list of settings.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};

use crate::config::settings::{Group, SETTINGS, Setting, Shape};
use crate::config::{Config, ConfigError, Options};

/// `--config` and the settings that tell where the data lie.
#[derive(Clone, Debug)]
pub struct DataOptions(Given);

/// `--config` and all settings.
#[derive(Clone, Debug)]
pub struct ServeOptions(Given);

#[derive(Clone, Debug, Default)]
struct Given {
    file: Option<PathBuf>,
    options: Options,
}

impl DataOptions {
    pub fn load(self) -> Result<Config, ConfigError> {
        Config::load(self.0.options, self.0.file)
    }
}

impl ServeOptions {
    pub fn load(self) -> Result<Config, ConfigError> {
        Config::load(self.0.options, self.0.file)
    }
}

fn add(command: Command, groups: &[Group]) -> Command {
    let file = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(value_parser!(PathBuf))
        .help(
            "File with settings [env: ROADSTEAD_CONFIG] [default: roadstead.toml, if it is there]",
        );
    let settings =
        SETTINGS.iter().filter(|s| s.shape != Shape::Hidden && groups.contains(&s.group));
    command.arg(file).args(settings.map(arg))
}

fn arg(setting: &'static Setting) -> Arg {
    let help =
        format!("{} [env: {}] [default: {}]", setting.help, setting.variable(), setting.default);
    let arg = Arg::new(setting.name).long(setting.name).value_name(setting.value).help(help);
    match setting.shape {
        Shape::Many => arg.action(ArgAction::Append),
        Shape::Switch => arg.num_args(0..=1).default_missing_value("on"),
        Shape::One | Shape::Hidden => arg,
    }
}

fn take(matches: &ArgMatches, groups: &[Group]) -> Given {
    let mut given =
        Given { file: matches.get_one::<PathBuf>("config").cloned(), ..Given::default() };
    for setting in SETTINGS {
        if setting.shape == Shape::Hidden || !groups.contains(&setting.group) {
            continue;
        }
        if let Some(values) = matches.get_many::<String>(setting.name) {
            given.options.insert(setting.name, values.cloned().collect());
        }
    }
    given
}

macro_rules! options {
    ($type:ident, $groups:expr) => {
        impl FromArgMatches for $type {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
                Ok(Self(take(matches, $groups)))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                self.0 = take(matches, $groups);
                Ok(())
            }
        }

        impl Args for $type {
            fn augment_args(command: Command) -> Command {
                add(command, $groups)
            }

            fn augment_args_for_update(command: Command) -> Command {
                add(command, $groups)
            }
        }
    };
}

options!(DataOptions, &[Group::Data]);
options!(ServeOptions, &[Group::Data, Group::Serve]);
