//! The decision: who may do what with a repository. Pure, and the only place that decides.

use roadstead_db::accounts::AccountKind;
use roadstead_db::members::Membership;
use roadstead_db::repos::Visibility;
use roadstead_types::{AccountId, Actions, CredentialScope, RepositoryName, Role};

use super::caller::Identity;

/// What the decision needs to know of a repository, or of one that could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'p> {
    /// The present one, which limits of a credential speak of.
    pub path: &'p RepositoryName,
    pub namespace: AccountId,
    pub namespace_kind: AccountKind,
    pub is_private: bool,
    pub is_automated: bool,
    pub is_archived: bool,
}

/// What `who` may do there, who was `given` a role by others. Highest right wins; then caps are laid
/// over it, and none of them adds anything.
pub fn standing(who: Option<&Identity>, repository: &Standing<'_>, given: Option<Role>) -> Actions {
    let public = if repository.is_private { Actions::NONE } else { Actions::PULL };
    let Some(identity) = who else { return public };
    let role = if owns(identity, repository) { Some(Role::Owner) } else { given };
    let granted = role.map_or(Actions::NONE, Role::actions).without(withheld(repository));
    public.union(granted.intersection(cap(identity, repository.path)))
}

/// What nobody may do with it, whoever they are.
fn withheld(repository: &Standing<'_>) -> Actions {
    let mut withheld = Actions::NONE;
    if repository.is_automated {
        withheld = withheld.union(Actions::PUSH);
    }
    if repository.is_archived {
        withheld = withheld.union(Actions::PUSH).union(Actions::DELETE).union(Actions::DESCRIBE);
    }
    withheld
}

/// How far the credential reaches.
fn cap(identity: &Identity, path: &RepositoryName) -> Actions {
    let scope = match identity.scope {
        CredentialScope::PublicRead => Actions::NONE,
        CredentialScope::Read => Actions::PULL,
        CredentialScope::Write => Actions::PULL.union(Actions::PUSH),
        CredentialScope::Admin => Actions::ALL,
    };
    let cap = scope.intersection(identity.limits.on(path));
    if identity.is_verified { cap } else { cap.intersection(Actions::PULL) }
}

/// What lists and searches may show to `identity`. Must agree with [`standing`]: whatever is listed
/// can be pulled.
pub(crate) fn visibility(identity: &Identity) -> Visibility {
    // Which repositories a limited credential reaches is not asked of the database.
    if !identity.limits.is_unlimited() {
        return Visibility::PUBLIC;
    }
    match identity.scope {
        CredentialScope::PublicRead => Visibility::PUBLIC,
        CredentialScope::Read | CredentialScope::Write | CredentialScope::Admin => {
            Visibility::of(identity.account, identity.is_admin)
        }
    }
}

/// What `identity` counts as in an organization it `holds` a place in. As on repositories, an unverified
/// address and a credential of small or limited reach leave no more than looking on.
pub(crate) fn membership(identity: &Identity, holds: Option<Membership>) -> Option<Membership> {
    let cap = match identity.scope {
        CredentialScope::PublicRead => return None,
        CredentialScope::Read | CredentialScope::Write => Membership::Member,
        CredentialScope::Admin if identity.is_verified && identity.limits.is_unlimited() => {
            Membership::Owner
        }
        CredentialScope::Admin => Membership::Member,
    };
    holds.map(|held| held.min(cap))
}

/// Whether the namespace is the account's own. What others gave it is asked of the database.
pub(crate) fn owns(identity: &Identity, repository: &Standing<'_>) -> bool {
    match repository.namespace_kind {
        AccountKind::User | AccountKind::Organization => repository.namespace == identity.account,
        AccountKind::Library => identity.is_admin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::caller::Credential;
    use crate::access::limits::Limits;
    use std::sync::LazyLock;

    use roadstead_types::ids::Id;

    fn identity(account: i64, scope: CredentialScope) -> Identity {
        Identity {
            account: AccountId::from_raw(account),
            name: "alice".parse().unwrap(),
            is_admin: false,
            is_verified: true,
            scope,
            limits: Limits::default(),
            credential: Credential::Password,
            credentials_epoch: 0,
            address: None,
        }
    }

    static PATH: LazyLock<RepositoryName> = LazyLock::new(|| "alice/app".parse().unwrap());

    fn repository(is_private: bool) -> Standing<'static> {
        Standing {
            path: &PATH,
            namespace: AccountId::from_raw(1),
            namespace_kind: AccountKind::User,
            is_private,
            is_automated: false,
            is_archived: false,
        }
    }

    /// Who asks, and what others gave them there.
    fn people() -> Vec<(String, Option<Identity>, Option<Role>)> {
        let mut people = vec![("nobody".into(), None, None)];
        for (who, account, given) in [
            ("owner", 1, None),
            ("stranger", 2, None),
            ("reader", 2, Some(Role::Read)),
            ("writer", 2, Some(Role::Write)),
            ("team admin", 2, Some(Role::Admin)),
            ("org owner", 2, Some(Role::Owner)),
        ] {
            for scope in CredentialScope::ALL {
                people.push((
                    format!("{who} {}", scope.word()),
                    Some(identity(account, scope)),
                    given,
                ));
            }
            let unverified =
                Identity { is_verified: false, ..identity(account, CredentialScope::Admin) };
            people.push((format!("{who} unverified"), Some(unverified), given));
        }
        let elsewhere = Limits::default().to_repositories([("alice/other".into(), None)]).unwrap();
        let limited = Identity { limits: elsewhere, ..identity(1, CredentialScope::Admin) };
        people.push(("owner, limited elsewhere".into(), Some(limited), None));
        let pulls = Limits::default().to_actions(&["pull".into()]).unwrap();
        let limited = Identity { limits: pulls, ..identity(1, CredentialScope::Admin) };
        people.push(("owner, limited to pull".into(), Some(limited), None));
        let admin = Identity { is_admin: true, ..identity(9, CredentialScope::Admin) };
        people.push(("administrator".into(), Some(admin), None));
        people
    }

    fn table() -> String {
        let library = Standing { namespace_kind: AccountKind::Library, ..repository(false) };
        let automated = Standing { is_automated: true, ..repository(true) };
        let archived = Standing { is_archived: true, ..repository(true) };
        let mut text = String::new();
        for (name, who, given) in &people() {
            let cell =
                |standing_of: &Standing<'_>| letters(standing(who.as_ref(), standing_of, *given));
            text += &format!(
                "{name:<28}| {:<7}| {:<8}| {:<9}| {:<10}| {}\n",
                cell(&repository(false)),
                cell(&repository(true)),
                cell(&library),
                cell(&automated),
                cell(&archived)
            );
        }
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    /// One letter an action: `r`ead, `w`rite, `d`elete, `t`exts, `a`dminister, `o`wn.
    fn letters(actions: Actions) -> String {
        let letter = |word: &str| match word {
            "pull" => 'r',
            "push" => 'w',
            "describe" => 't',
            other => other.chars().next().expect("words are not empty"),
        };
        actions.words().into_iter().map(letter).collect()
    }

    #[test]
    fn the_role_table_is_what_we_mean() {
        // who                       | public | private | official | automated | archived
        insta::assert_snapshot!(table());
    }

    #[test]
    fn who_holds_a_place_in_an_organization_acts_as_far_as_the_credential_reaches() {
        let whole = identity(2, CredentialScope::Admin);
        let pulls = Limits::default().to_actions(&["pull".into()]).unwrap();
        let as_owner = |who: &Identity| membership(who, Some(Membership::Owner));

        assert_eq!(as_owner(&whole), Some(Membership::Owner));
        assert_eq!(membership(&whole, None), None);
        for less in [
            Identity { is_verified: false, ..whole.clone() },
            Identity { limits: pulls, ..whole.clone() },
            identity(2, CredentialScope::Write),
        ] {
            assert_eq!(as_owner(&less), Some(Membership::Member));
        }
        assert_eq!(as_owner(&identity(2, CredentialScope::PublicRead)), None);
    }
}
