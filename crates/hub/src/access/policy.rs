//! The decision: who may do what with a repository. Pure, and the only place that decides.

use roadstead_db::accounts::AccountKind;
use roadstead_db::repos::Visibility;
use roadstead_types::{AccountId, Actions, CredentialScope};

use super::caller::Identity;

/// What the decision needs to know of a repository, or of one that could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub namespace: AccountId,
    pub namespace_kind: AccountKind,
    pub is_private: bool,
    pub is_automated: bool,
}

/// What `who` may do there. Highest right wins; then the credential and an unverified address
/// cap it.
pub fn standing(who: Option<&Identity>, repository: &Standing) -> Actions {
    let public = if repository.is_private { Actions::NONE } else { Actions::PULL };
    let Some(identity) = who else { return public };
    let granted = granted(identity, repository);
    let cap = match identity.scope {
        CredentialScope::PublicRead => Actions::NONE,
        CredentialScope::Read => Actions::PULL,
        CredentialScope::Write => Actions::PULL.union(Actions::PUSH),
        CredentialScope::Admin => Actions::ALL,
    };
    let cap = if identity.is_verified { cap } else { cap.intersection(Actions::PULL) };
    public.union(granted.intersection(cap))
}

/// What lists and searches may show to `identity`. Must agree with [`standing`]: whatever is listed
/// can be pulled.
pub(crate) fn visibility(identity: &Identity) -> Visibility {
    match identity.scope {
        CredentialScope::PublicRead => Visibility::PUBLIC,
        CredentialScope::Read | CredentialScope::Write | CredentialScope::Admin => {
            Visibility::of(identity.account, identity.is_admin)
        }
    }
}

/// What the account itself holds, before any cap.
fn granted(identity: &Identity, repository: &Standing) -> Actions {
    let owns = match repository.namespace_kind {
        AccountKind::User => repository.namespace == identity.account,
        AccountKind::Library => identity.is_admin,
        // Organizations have no members yet, so nobody holds anything through one.
        AccountKind::Organization => false,
    };
    match (owns, repository.is_automated) {
        (false, _) => Actions::NONE,
        (true, false) => Actions::ALL,
        (true, true) => Actions::PULL.union(Actions::DELETE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::caller::Credential;
    use roadstead_types::ids::Id;

    fn identity(account: i64, scope: CredentialScope) -> Identity {
        Identity {
            account: AccountId::from_raw(account),
            name: "alice".parse().unwrap(),
            is_admin: false,
            is_verified: true,
            scope,
            credential: Credential::Password,
            credentials_epoch: 0,
        }
    }

    fn repository(is_private: bool) -> Standing {
        Standing {
            namespace: AccountId::from_raw(1),
            namespace_kind: AccountKind::User,
            is_private,
            is_automated: false,
        }
    }

    fn table() -> String {
        let mut people: Vec<(String, Option<Identity>)> = vec![("nobody".into(), None)];
        for (who, account) in [("owner", 1), ("stranger", 2)] {
            for scope in CredentialScope::ALL {
                people.push((format!("{who} {}", scope.word()), Some(identity(account, scope))));
            }
        }
        let unverified = Identity { is_verified: false, ..identity(1, CredentialScope::Admin) };
        people.push(("owner unverified".into(), Some(unverified)));
        let admin = Identity { is_admin: true, ..identity(9, CredentialScope::Admin) };
        people.push(("administrator".into(), Some(admin)));
        let library = Standing { namespace_kind: AccountKind::Library, ..repository(false) };
        let automated = Standing { is_automated: true, ..repository(false) };
        let mut text = String::new();
        for (name, who) in &people {
            let cell = |standing_of: &Standing| standing(who.as_ref(), standing_of).to_string();
            text += &format!(
                "{name:<26}| {:<16}| {:<16}| {:<16}| {}\n",
                cell(&repository(false)),
                cell(&repository(true)),
                cell(&library),
                cell(&automated)
            );
        }
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_role_table_is_what_we_mean() {
        // who                     | public          | private         | official        | automated
        insta::assert_snapshot!(table(), @r"
        nobody                    | pull            |                 | pull            | pull
        owner repo:public_read    | pull            |                 | pull            | pull
        owner repo:read           | pull            | pull            | pull            | pull
        owner repo:write          | pull,push       | pull,push       | pull            | pull
        owner repo:admin          | pull,push,delete| pull,push,delete| pull            | pull,delete
        stranger repo:public_read | pull            |                 | pull            | pull
        stranger repo:read        | pull            |                 | pull            | pull
        stranger repo:write       | pull            |                 | pull            | pull
        stranger repo:admin       | pull            |                 | pull            | pull
        owner unverified          | pull            | pull            | pull            | pull
        administrator             | pull            |                 | pull,push,delete| pull
        ");
    }
}
