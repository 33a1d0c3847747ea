//! What an administrator does to an account at one click, and how the site says so.

use roadstead_hub::accounts::AdminError;
use roadstead_hub::organizations::OrganizationError;

use super::Desk;
use super::people::Kind;
use super::refused::Refused;
use crate::frame::Frame;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Verify,
    SignOut,
    NewPassword,
    RemoveTwoFactor,
    Promote,
    Dismiss,
    Disable,
    Enable,
    Delete,
}

impl Act {
    const ALL: [Self; 9] = [
        Self::Verify,
        Self::SignOut,
        Self::NewPassword,
        Self::RemoveTwoFactor,
        Self::Promote,
        Self::Dismiss,
        Self::Disable,
        Self::Enable,
        Self::Delete,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::SignOut => "sign-out",
            Self::NewPassword => "new-password",
            Self::RemoveTwoFactor => "remove-two-factor",
            Self::Promote => "promote",
            Self::Dismiss => "dismiss",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Delete => "delete",
        }
    }

    pub fn find(kind: Kind, word: &str) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|act| act.word() == word)?;
        (kind.is_person() || found.fits_organizations()).then_some(found)
    }

    const fn fits_organizations(self) -> bool {
        matches!(self, Self::Disable | Self::Enable | Self::Delete)
    }

    /// Whether somebody will feel it, so that it is asked about first and wants a fresh proof of who asks.
    pub const fn is_grave(self) -> bool {
        !matches!(self, Self::Verify | Self::Enable)
    }

    /// Whether the name is typed to show that it is meant.
    pub fn is_final(self) -> bool {
        self == Self::Delete
    }

    pub async fn carry_out(self, desk: &Desk, kind: Kind, name: &str) -> Result<(), Refused> {
        match kind {
            Kind::Person => Ok(self.on_person(desk, name).await?),
            Kind::Organization => Ok(self.on_organization(desk, name).await?),
        }
    }

    async fn on_person(self, desk: &Desk, name: &str) -> Result<(), AdminError> {
        let (hub, key) = (desk.hub(), &desk.key);
        match self {
            Self::Verify => hub.verify_user(key, name).await?,
            Self::SignOut => hub.sign_user_out(key, name).await?,
            Self::NewPassword => hub.force_new_password(key, name).await?,
            Self::RemoveTwoFactor => hub.remove_second_factor_of(key, name).await?,
            Self::Promote => hub.set_administrator(key, name, true).await?,
            Self::Dismiss => hub.set_administrator(key, name, false).await?,
            Self::Disable => hub.disable_user(key, name).await?,
            Self::Enable => hub.enable_user(key, name).await?,
            Self::Delete => return hub.delete_user(key, name).await,
        };
        Ok(())
    }

    async fn on_organization(self, desk: &Desk, name: &str) -> Result<(), OrganizationError> {
        let (hub, key) = (desk.hub(), &desk.key);
        match self {
            Self::Disable => hub.disable_organization(key, name).await,
            Self::Enable => hub.enable_organization(key, name).await,
            Self::Delete => hub.delete_organization(key, name).await,
            _ => Ok(()),
        }
    }

    /// What the button says.
    pub fn label(self, frame: &Frame) -> String {
        match self {
            Self::Verify => frame.t("admin-act-verify"),
            Self::SignOut => frame.t("admin-act-sign-out"),
            Self::NewPassword => frame.t("admin-act-new-password"),
            Self::RemoveTwoFactor => frame.t("admin-act-remove-two-factor"),
            Self::Promote => frame.t("admin-act-promote"),
            Self::Dismiss => frame.t("admin-act-dismiss"),
            Self::Disable => frame.t("admin-act-disable"),
            Self::Enable => frame.t("admin-act-enable"),
            Self::Delete => frame.t("admin-act-delete"),
        }
        .into_owned()
    }

    /// What will happen.
    pub fn text(self, frame: &Frame, kind: Kind) -> String {
        match (self, kind) {
            (Self::Verify, _) => frame.t("admin-act-verify-text"),
            (Self::SignOut, _) => frame.t("admin-act-sign-out-text"),
            (Self::NewPassword, _) => frame.t("admin-act-new-password-text"),
            (Self::RemoveTwoFactor, _) => frame.t("admin-act-remove-two-factor-text"),
            (Self::Promote, _) => frame.t("admin-act-promote-text"),
            (Self::Dismiss, _) => frame.t("admin-act-dismiss-text"),
            (Self::Disable, Kind::Person) => frame.t("admin-act-disable-text"),
            (Self::Disable, Kind::Organization) => frame.t("admin-act-disable-org-text"),
            (Self::Enable, _) => frame.t("admin-act-enable-text"),
            (Self::Delete, Kind::Person) => frame.t("admin-act-delete-text"),
            (Self::Delete, Kind::Organization) => frame.t("admin-act-delete-org-text"),
        }
        .into_owned()
    }

    /// The question above it.
    pub fn question(self, frame: &Frame, name: &str) -> String {
        frame.t2("admin-act-question", "act", self.label(frame), "name", name).into_owned()
    }
}
