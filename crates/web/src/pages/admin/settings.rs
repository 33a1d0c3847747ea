//! Settings that are changed while the hub runs, and those that the configuration holds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use roadstead_hub::administration::{HubSetting, SettingView};
use roadstead_hub::plans::Plan;
use serde::Deserialize;

use super::refused::told;
use super::{Desk, Sent};
use crate::form::Errors;
use crate::frame::Frame;
use crate::page::{Caching, Page};

const PATH: &str = "/admin/settings";

/// The empty word leaves a setting to the configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    sign_up: String,
    default_visibility: String,
    announcements: String,
}

#[derive(Template)]
#[template(path = "admin/settings.html")]
pub struct SettingsPage {
    frame: Frame,
    views: Vec<SettingView>,
    plan: Plan,
    anonymous_pulls: Option<u64>,
    api_requests: Option<u64>,
    blob_bytes: u64,
    manifest_bytes: u64,
    audit_days: u64,
    errors: Errors,
}

impl Page for SettingsPage {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(desk: Desk) -> Response {
    let page = make(&desk, Errors::default());
    desk.visit.answer(Ok(page))
}

fn make(desk: &Desk, errors: Errors) -> SettingsPage {
    let (hub, settings) = (desk.hub(), desk.hub().settings());
    SettingsPage {
        frame: desk.frame().clone(),
        views: hub.hub_settings(&desk.key),
        plan: hub.default_plan(),
        anonymous_pulls: settings.pulls.anonymous,
        api_requests: settings.limits.api_requests,
        blob_bytes: settings.limits.blob_bytes,
        manifest_bytes: settings.limits.manifest_bytes as u64,
        audit_days: settings.audit_retention.as_secs() / 86_400,
        errors,
    }
}

pub async fn save(Sent { desk, typed }: Sent<Typed>) -> Response {
    let decided = |word: String| (!word.is_empty()).then_some(word);
    let changes = BTreeMap::from([
        (HubSetting::SignUp.word().to_owned(), decided(typed.sign_up)),
        (HubSetting::DefaultVisibility.word().to_owned(), decided(typed.default_visibility)),
        (HubSetting::Announcements.word().to_owned(), decided(typed.announcements)),
    ]);
    match desk.hub().decide_settings(&desk.key, &changes).await {
        Ok(_) => desk.visit.done(PATH, &desk.frame().t("admin-settings-saved")),
        Err(error) => {
            let made = told(error).map(|errors| make(&desk, errors));
            desk.visit.answer(made)
        }
    }
}

impl SettingsPage {
    /// What a setting is called.
    fn label(&self, setting: &HubSetting) -> Cow<'static, str> {
        match setting {
            HubSetting::SignUp => self.frame.t("admin-settings-sign-up"),
            HubSetting::DefaultVisibility => self.frame.t("admin-settings-visibility"),
            HubSetting::Announcements => self.frame.t("admin-settings-announcements"),
        }
    }

    fn hint(&self, setting: &HubSetting) -> Cow<'static, str> {
        match setting {
            HubSetting::SignUp => self.frame.t("admin-settings-sign-up-hint"),
            HubSetting::DefaultVisibility => self.frame.t("admin-settings-visibility-hint"),
            HubSetting::Announcements => self.frame.t("admin-settings-announcements-hint"),
        }
    }

    /// A value as people call it.
    fn value(&self, word: &str) -> Cow<'static, str> {
        match word {
            "open" => self.frame.t("admin-settings-open"),
            "invite" => self.frame.t("admin-settings-invite"),
            "closed" => self.frame.t("admin-settings-closed"),
            "public" => self.frame.t("admin-settings-public"),
            "private" => self.frame.t("admin-settings-private"),
            "on" => self.frame.t("admin-settings-on"),
            _ => self.frame.t("admin-settings-off"),
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<SettingsPage> {
    let view = |setting: HubSetting, is_decided| SettingView {
        setting,
        value: setting.values()[1],
        default: setting.values()[0],
        is_decided,
    };
    let page = |limit: Option<u64>, errors| SettingsPage {
        frame: Frame::sample(PATH, Some("keeper")),
        views: HubSetting::ALL.map(|setting| view(setting, limit.is_some())).to_vec(),
        plan: Plan {
            name: "default".to_owned(),
            private_repositories: limit,
            storage_bytes: limit,
            members: None,
            pulls: limit,
        },
        anonymous_pulls: limit,
        api_requests: limit,
        blob_bytes: 64 << 30,
        manifest_bytes: 4 << 20,
        audit_days: 400,
        errors,
    };
    let refused = Errors::at("sign_up", "sign_up is one of: open, <telemetry>");
    vec![page(Some(200), Errors::default()), page(None, refused)]
}
