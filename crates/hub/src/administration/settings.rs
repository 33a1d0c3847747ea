//! Settings that administrators change while the hub runs. What they leave alone is as the configuration
//! says, or as it is everywhere.

use std::collections::BTreeMap;

use roadstead_db::hub_settings;
use serde_json::{Map, Value};

use super::AdministrationError;
use crate::Hub;
use crate::accounts::SystemKey;
use crate::audit::{Action, Event};
use crate::settings::SignUp;

/// A setting that takes one of a few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HubSetting {
    /// Who may make an account.
    SignUp,
    /// How repositories begin that the first push makes, in namespaces made from now on.
    DefaultVisibility,
    /// Whether announcements are shown.
    Announcements,
}

impl HubSetting {
    pub const ALL: [Self; 3] = [Self::SignUp, Self::DefaultVisibility, Self::Announcements];

    pub const fn word(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::DefaultVisibility => "default_visibility",
            Self::Announcements => "announcements",
        }
    }

    pub const fn values(self) -> &'static [&'static str] {
        match self {
            Self::SignUp => &["open", "invite", "closed"],
            Self::DefaultVisibility => &["public", "private"],
            Self::Announcements => &["on", "off"],
        }
    }

    /// By its word; `-` is as good as `_`.
    fn find(word: &str) -> Result<Self, AdministrationError> {
        let spelled = word.replace('-', "_");
        Self::ALL.into_iter().find(|it| it.word() == spelled).ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(|it| it.word()).collect();
            let rule = format!("no such setting; there are: {}", words.join(", "));
            AdministrationError::field("setting", rule)
        })
    }

    /// A value that it takes.
    pub(crate) fn known(self, value: &str) -> Option<&'static str> {
        self.values().iter().find(|it| **it == value).copied()
    }

    fn check(self, value: &str) -> Result<&'static str, AdministrationError> {
        self.known(value).ok_or_else(|| {
            let rule = format!("{} is one of: {}", self.word(), self.values().join(", "));
            AdministrationError::field(self.word(), rule)
        })
    }
}

/// A setting as it is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingView {
    pub setting: HubSetting,
    pub value: &'static str,
    /// What is in force where no administrator decided.
    pub default: &'static str,
    pub is_decided: bool,
}

impl Hub {
    fn view(&self, setting: HubSetting) -> SettingView {
        let decisions = self.live.decisions();
        let decided = decisions.settings.get(setting.word());
        // A word of another release counts as none.
        let decided = decided.and_then(|value| setting.check(value).ok());
        let default = self.default_of(setting);
        let value = decided.unwrap_or(default);
        SettingView { setting, value, default, is_decided: decided.is_some() }
    }

    fn default_of(&self, setting: HubSetting) -> &'static str {
        match setting {
            HubSetting::SignUp => match self.settings.sign_up {
                SignUp::Open => "open",
                SignUp::Invite => "invite",
                SignUp::Closed => "closed",
            },
            HubSetting::DefaultVisibility => "public",
            HubSetting::Announcements => "on",
        }
    }

    /// Who may make an account now.
    pub fn sign_up_policy(&self) -> SignUp {
        match self.view(HubSetting::SignUp).value {
            "open" => SignUp::Open,
            "invite" => SignUp::Invite,
            _ => SignUp::Closed,
        }
    }

    /// Whether repositories that a push makes in a new namespace start private.
    pub(crate) fn starts_private(&self) -> bool {
        self.view(HubSetting::DefaultVisibility).value == "private"
    }

    pub(super) fn shows_announcements(&self) -> bool {
        self.view(HubSetting::Announcements).value == "on"
    }

    /// All settings as this node applies them.
    pub fn hub_settings(&self, _key: &SystemKey) -> Vec<SettingView> {
        HubSetting::ALL.map(|setting| self.view(setting)).to_vec()
    }

    /// Decides settings, all or none; without a value, one is left to the configuration again.
    pub async fn decide_settings(
        &self,
        key: &SystemKey,
        changes: &BTreeMap<String, Option<String>>,
    ) -> Result<Vec<SettingView>, AdministrationError> {
        let mut checked = Vec::new();
        for (word, value) in changes {
            let setting = HubSetting::find(word)?;
            let value = value.as_deref().map(|value| setting.check(value)).transpose()?;
            checked.push((setting, value));
        }
        let (mut before, mut after) = (Map::new(), Map::new());
        for (setting, value) in &checked {
            let (word, view) = (setting.word().to_owned(), self.view(*setting));
            before.insert(word.clone(), view.value.into());
            after.insert(word, value.unwrap_or(view.default).into());
        }
        if checked.is_empty() {
            return Ok(self.hub_settings(key));
        }
        self.db
            .write(async |tx| {
                hub_settings::advance(tx).await?;
                for (setting, value) in &checked {
                    hub_settings::set(tx, setting.word(), *value).await?;
                }
                let event = Event::of(Action::HubSettings, "hub").before(Value::Object(before));
                self.record(tx, key, event.after(Value::Object(after))).await
            })
            .await?;
        self.follow_own_decision().await;
        Ok(self.hub_settings(key))
    }
}
