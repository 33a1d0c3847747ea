//! Every kind of change there is a word for. Where Docker Hub has one, it is Docker Hub's.

/// What a change is about; the first part of its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Organization,
    Repository,
    Account,
    Hub,
}

impl Group {
    pub const ALL: [Self; 4] = [Self::Organization, Self::Repository, Self::Account, Self::Hub];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Organization => "org",
            Self::Repository => "repo",
            Self::Account => "account",
            Self::Hub => "hub",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Organization => "Organization",
            Self::Repository => "Repository",
            Self::Account => "Account",
            Self::Hub => "Hub",
        }
    }
}

macro_rules! actions {
    ($($name:ident = $group:ident $word:literal, $label:literal;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action { $($name),+ }

        impl Action {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// As it stands in the log and in filters.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            pub const fn group(self) -> Group {
                match self { $(Self::$name => Group::$group),+ }
            }

            /// What happened, for people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }
        }
    };
}

actions! {
    OrgCreate = Organization "org.create", "Organization created";
    OrgUpdate = Organization "org.update", "Organization profile changed";
    OrgRename = Organization "org.rename", "Organization renamed";
    OrgDelete = Organization "org.delete", "Organization deleted";
    OrgMemberInvite = Organization "org.member.invite", "Somebody invited";
    OrgInviteResend = Organization "org.member.invite.resend", "Invitation sent again";
    OrgInviteCancel = Organization "org.member.invite.cancel", "Invitation withdrawn";
    OrgInviteAccept = Organization "org.member.invite.accept", "Invitation accepted";
    OrgInviteDecline = Organization "org.member.invite.decline", "Invitation declined";
    OrgMemberRole = Organization "org.member.role", "Role of a member changed";
    OrgMemberRemove = Organization "org.member.removed", "Member removed";
    TeamCreate = Organization "org.team.create", "Team created";
    TeamUpdate = Organization "org.team.update", "Team changed";
    TeamDelete = Organization "org.team.delete", "Team deleted";
    TeamMemberAdd = Organization "org.team.member.add", "Member added to a team";
    TeamMemberRemove = Organization "org.team.member.remove", "Member removed from a team";
    OrgTokenCreate = Organization "org.token.create", "Organization token created";
    OrgTokenUpdate = Organization "org.token.update", "Organization token changed";
    OrgTokenDelete = Organization "org.token.delete", "Organization token revoked";
    RepoCreate = Repository "repo.create", "Repository created";
    RepoUpdate = Repository "repo.update", "Description or settings changed";
    RepoPrivacy = Repository "repo.change_privacy", "Visibility changed";
    RepoCategories = Repository "repo.category.updated", "Categories or topics changed";
    RepoImmutableTags = Repository "repo.immutable.tags.updated", "Immutable tags changed";
    RepoRename = Repository "repo.rename", "Repository renamed";
    RepoTransfer = Repository "repo.transfer", "Repository transferred";
    RepoArchive = Repository "repo.archive", "Repository archived or brought back";
    RepoDelete = Repository "repo.delete", "Repository deleted";
    RepoRestore = Repository "repo.restore", "Repository restored from the trash";
    RepoPurge = Repository "repo.purge", "Repository deleted for good";
    RepoGrant = Repository "repo.team.grant", "Rights of a team changed";
    RepoRevoke = Repository "repo.team.revoke", "Rights of a team taken away";
    CollaboratorAdd = Repository "repo.collaborator.add", "Collaborator added";
    CollaboratorRemove = Repository "repo.collaborator.remove", "Collaborator removed";
    TagPush = Repository "repo.tag.push", "Tag pushed";
    TagDelete = Repository "repo.tag.delete", "Tag deleted";
    TagRestore = Repository "repo.tag.restore", "Tag moved back";
    ManifestDelete = Repository "repo.manifest.delete", "Manifest deleted";
    AccountCreate = Account "account.create", "Account created";
    AccountUpdate = Account "account.update", "Profile changed";
    AccountVerify = Account "account.verify", "E-mail address verified";
    AccountEmail = Account "account.email", "E-mail address changed";
    AccountPassword = Account "account.password", "Password changed";
    AccountAdmin = Account "account.admin", "Administrator made or dismissed";
    AccountDisable = Account "account.disable", "Account disabled";
    AccountEnable = Account "account.enable", "Account enabled";
    AccountRename = Account "account.rename", "Account renamed";
    AccountDelete = Account "account.delete", "Account deleted";
    AccountPlan = Account "account.plan", "Plan changed";
    TokenCreate = Account "account.token.create", "Access token created";
    TokenUpdate = Account "account.token.update", "Access token changed";
    TokenDelete = Account "account.token.delete", "Access token revoked";
    SecondFactorOn = Account "account.two-factor.on", "Second factor switched on";
    SecondFactorOff = Account "account.two-factor.off", "Second factor switched off";
    RecoveryCodes = Account "account.two-factor.codes", "New recovery codes made";
    SessionRevoke = Account "account.session.revoke", "Session ended by hand";
    HubSettings = Hub "hub.settings", "Settings of the hub changed";
    PlanChange = Hub "hub.plan", "Plan made, changed or removed";
    NameReserve = Hub "hub.name.reserve", "Name reserved or released";
    DigestBlock = Hub "hub.digest.block", "Digest taken down";
    DigestUnblock = Hub "hub.digest.unblock", "Digest allowed again";
    Announce = Hub "hub.announcement", "Announcement made or removed";
    OfficialMaintainer = Hub "hub.official.maintainer", "Official repository handed to a team";
    JobRetry = Hub "hub.job.retry", "Failed job started again";
    JobDelete = Hub "hub.job.delete", "Job forgotten or cancelled";
    AccessDenied = Hub "access.denied", "Administrative act denied";
}
