//! What is in the way of a change, each in a sentence for whoever asked for it.

use roadstead_db::DbError;
use roadstead_types::{AccountName, NameError, RepositoryName};

use crate::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum OrganizationError {
    #[error("{0}")]
    Name(#[from] NameError),
    #[error("{text}")]
    Field { field: &'static str, text: String },
    #[error("the name `{0}` is taken; choose another")]
    Taken(String),
    #[error(
        "`{0}` still leads to another repository; give that redirect up or rename the other first"
    )]
    PathTaken(RepositoryName),
    #[error("verify your e-mail address first; until then you can only look on")]
    Unverified,
    #[error(
        "this credential cannot do this; sign in with your password, or use one with the scope repo:admin"
    )]
    SmallCredential,
    #[error("you belong to {0} organizations already; leave one first")]
    TooMany(u64),
    #[error("what you are in `{0}` has just changed; look again")]
    Moved(AccountName),
    #[error(
        "`{name}` is the last owner of `{organization}`; make somebody else an owner first, or delete the organization"
    )]
    LastOwner { name: AccountName, organization: AccountName },
    #[error("the team `owners` stays as it is: it can be neither renamed nor deleted")]
    OwnersTeam,
    #[error("`{organization}` still has {count} repositories; delete or transfer them first")]
    HasRepositories { organization: AccountName, count: u64 },
    #[error("there is no organization `{0}`")]
    NoSuchOrganization(String),
    #[error("there is no user `{0}`")]
    NoSuchUser(String),
    #[error("`{name}` is no member of `{organization}`")]
    NotMember { name: String, organization: AccountName },
    #[error("`{name}` is not in the team `{team}`")]
    NotInTeam { name: String, team: String },
    #[error("there is no team `{0}`")]
    NoSuchTeam(String),
    #[error("there is a team `{0}` already")]
    TeamTaken(String),
    #[error("an organization has at most {0} teams")]
    TooManyTeams(u64),
    #[error("the plan of `{organization}` has room for {limit} members, open invitations included")]
    PlanFull { organization: AccountName, limit: u64 },
    #[error("`{organization}` has {most} open invitations; wait for answers, or cancel some")]
    TooManyInvitations { organization: AccountName, most: u64 },
    #[error("there is no such invitation; it may have been accepted, declined or cancelled")]
    NoSuchInvitation,
    #[error("this invitation has run out; ask `{0}` to send it again")]
    InvitationExpired(AccountName),
    #[error("this invitation was sent a moment ago; wait a minute before sending it again")]
    ResentTooSoon,
    #[error("this team has no right on `{0}`")]
    NoGrant(RepositoryName),
    #[error("the team is none of the organization that `{0}` belongs to")]
    ForeignTeam(RepositoryName),
    #[error("`{0}` belongs to a user, who chooses collaborators; teams are for organizations")]
    NotAnOrganizations(RepositoryName),
    #[error("`{0}` belongs to an organization; give a team a right on it instead")]
    NotAUsers(RepositoryName),
    #[error("official repositories are handed to teams by the hub's administrators")]
    OfficialGrant,
    #[error("`{0}` owns this repository")]
    OwnsIt(AccountName),
    #[error("`{0}` is no collaborator here")]
    NotCollaborator(String),
    #[error("a repository has at most {0} collaborators")]
    TooManyCollaborators(u64),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for OrganizationError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}
