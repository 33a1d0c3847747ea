//! `roadstead admin settings`.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use roadstead_hub::administration::SettingView;
use serde::Serialize;

use super::{Common, Desk, Plain};
use crate::cli::Failure;
use crate::cli::output::{print, table};

#[derive(Subcommand)]
pub enum Settings {
    /// Show the settings, and what each is by default
    Get(Plain),
    /// Change one; `default` leaves it to the configuration again
    Set(Set),
}

#[derive(Args)]
pub struct Set {
    /// sign-up, default-visibility or announcements
    setting: String,
    value: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct SettingRow {
    setting: &'static str,
    value: &'static str,
    default: &'static str,
    is_decided: bool,
}

impl From<SettingView> for SettingRow {
    fn from(view: SettingView) -> Self {
        let SettingView { setting, value, default, is_decided } = view;
        Self { setting: setting.word(), value, default, is_decided }
    }
}

impl Settings {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Get(Plain { common }) => common.run(async |desk| {
                show(desk, desk.hub.hub_settings(&desk.key));
                Ok(())
            }),
            Self::Set(Set { setting, value, common }) => common.run(async |desk| {
                let value = (value != "default").then_some(value);
                let changes = BTreeMap::from([(setting, value)]);
                show(desk, desk.hub.decide_settings(&desk.key, &changes).await?);
                Ok(())
            }),
        }
    }
}

fn show(desk: &Desk<'_>, views: Vec<SettingView>) {
    let rows: Vec<_> = views.into_iter().map(SettingRow::from).collect();
    print(desk.format, &rows, |rows| {
        let cells = |row: &SettingRow| {
            vec![row.setting.replace('_', "-"), row.value.to_owned(), row.default.to_owned()]
        };
        table(&["SETTING", "VALUE", "DEFAULT"], &rows.iter().map(cells).collect::<Vec<_>>())
    });
}
