//! Who may do what, in random worlds: what the queries and the policy say must be what a model of ten
//! lines says, for single repositories and for lists, on both engines.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use roadstead_blobs::memory::MemoryStore;
use roadstead_db::accounts::{self, AccountKind, NewAccount};
use roadstead_db::members::{self, Membership};
use roadstead_db::repos::{self, NewRepository};
use roadstead_db::teams::{self, NewTeam};
use roadstead_db::{Db, DbError, Tx, both_databases, collaborators, grants};
use roadstead_types::{
    AccountId, Actions, CredentialScope, RepositoryId, RepositoryName, Role, TeamId, Timestamp,
};

use super::policy::visibility;
use super::tokens::Keys;
use super::{Credential, Identity};
use crate::{Clock, Hub, Parts, SealingKey, Settings};

const WORLDS: usize = 40;
const PEOPLE: usize = 4;
const ORGANIZATIONS: usize = 2;
const TEAMS: usize = 2;
const NOW: Timestamp = Timestamp::from_unix_us(1_780_000_000_000_000);

#[derive(Clone, Debug)]
struct Person {
    is_verified: bool,
    is_admin: bool,
}

#[derive(Clone, Debug)]
struct Organization {
    members: Vec<Option<Membership>>,
    /// Who is in each team.
    teams: Vec<Vec<bool>>,
}

#[derive(Clone, Copy, Debug)]
enum Namespace {
    Person(usize),
    Organization(usize),
    Library,
}

#[derive(Clone, Debug)]
struct Repository {
    namespace: Namespace,
    is_private: bool,
    is_automated: bool,
    /// By organization and team.
    grants: Vec<Vec<Option<Role>>>,
    collaborators: Vec<bool>,
}

#[derive(Clone, Debug)]
struct World {
    people: Vec<Person>,
    organizations: Vec<Organization>,
    repositories: Vec<Repository>,
}

/// The model.
fn may(world: &World, who: usize, repository: &Repository, scope: CredentialScope) -> Actions {
    let person = &world.people[who];
    let mut role = match repository.namespace {
        Namespace::Person(owner) => (owner == who).then_some(Role::Owner),
        Namespace::Library => person.is_admin.then_some(Role::Owner),
        Namespace::Organization(it) => match world.organizations[it].members[who] {
            Some(Membership::Owner) => Some(Role::Owner),
            Some(Membership::Editor) => Some(Role::Admin),
            Some(Membership::Member) | None => None,
        },
    };
    for (organization, granted) in world.organizations.iter().zip(&repository.grants) {
        for (team, given) in organization.teams.iter().zip(granted) {
            role = role.max(given.filter(|_| team[who]));
        }
    }
    role = role.max(repository.collaborators[who].then_some(Role::Write));
    let mut actions = role.map_or(Actions::NONE, Role::actions);
    actions = if repository.is_automated { actions.without(Actions::PUSH) } else { actions };
    actions = actions.intersection(match scope {
        CredentialScope::PublicRead => Actions::NONE,
        CredentialScope::Read => Actions::PULL,
        CredentialScope::Write => Actions::PULL.union(Actions::PUSH),
        CredentialScope::Admin => Actions::ALL,
    });
    actions = if person.is_verified { actions } else { actions.intersection(Actions::PULL) };
    if repository.is_private { actions } else { actions.union(Actions::PULL) }
}

fn worlds() -> impl Strategy<Value = World> {
    let person = (any::<bool>(), any::<bool>())
        .prop_map(|(is_verified, is_admin)| Person { is_verified, is_admin });
    let membership = prop_oneof![
        Just(None),
        Just(Some(Membership::Member)),
        Just(Some(Membership::Editor)),
        Just(Some(Membership::Owner)),
    ];
    let organization = (vec(membership, PEOPLE), vec(vec(any::<bool>(), PEOPLE), TEAMS))
        .prop_map(|(members, teams)| Organization { members, teams });
    let namespaces = [
        Namespace::Person(0),
        Namespace::Person(1),
        Namespace::Organization(0),
        Namespace::Organization(0),
        Namespace::Organization(1),
        Namespace::Library,
    ];
    let repositories = namespaces.map(repositories_in).to_vec();
    (vec(person, PEOPLE), vec(organization, ORGANIZATIONS), repositories).prop_map(
        |(people, organizations, repositories)| World { people, organizations, repositories },
    )
}

fn repositories_in(namespace: Namespace) -> BoxedStrategy<Repository> {
    let grant = prop_oneof![
        2 => Just(None),
        1 => Just(Some(Role::Read)),
        1 => Just(Some(Role::Write)),
        1 => Just(Some(Role::Admin)),
    ];
    let grants = vec(vec(grant, TEAMS), ORGANIZATIONS);
    (any::<bool>(), any::<bool>(), grants, vec(any::<bool>(), PEOPLE))
        .prop_map(move |(is_private, is_automated, grants, collaborators)| Repository {
            namespace,
            is_private,
            is_automated,
            grants: of_the_same_house(namespace, grants),
            collaborators: of_a_user(namespace, collaborators),
        })
        .boxed()
}

/// Teams have rights in their own organization, and on official repositories.
fn of_the_same_house(
    namespace: Namespace,
    mut grants: Vec<Vec<Option<Role>>>,
) -> Vec<Vec<Option<Role>>> {
    for (number, granted) in grants.iter_mut().enumerate() {
        let fits = match namespace {
            Namespace::Person(_) => false,
            Namespace::Organization(own) => own == number,
            Namespace::Library => true,
        };
        if !fits {
            granted.fill(None);
        }
    }
    grants
}

fn of_a_user(namespace: Namespace, mut collaborators: Vec<bool>) -> Vec<bool> {
    match namespace {
        Namespace::Person(owner) => collaborators[owner] = false,
        Namespace::Organization(_) | Namespace::Library => collaborators.fill(false),
    }
    collaborators
}

/// A world in rows.
struct Rows {
    people: Vec<AccountId>,
    repositories: Vec<RepositoryName>,
}

impl Hub {
    async fn settle(&self, number: usize, world: &World) -> Rows {
        self.db.write(async |tx| self.settle_in(tx, number, world).await).await.unwrap()
    }

    async fn settle_in(
        &self,
        tx: &mut Tx<'_>,
        number: usize,
        world: &World,
    ) -> Result<Rows, DbError> {
        let mut people = Vec::new();
        for (place, person) in world.people.iter().enumerate() {
            let mut new = self.account(format!("p{number}-{place}"), AccountKind::User);
            new.is_admin = person.is_admin;
            new.email_verified_at = person.is_verified.then_some(NOW);
            accounts::insert(tx, &new).await?.unwrap();
            people.push(new.id);
        }
        let mut organizations = Vec::new();
        for (place, organization) in world.organizations.iter().enumerate() {
            let name = format!("o{number}-{place}");
            organizations.push(self.settle_organization(tx, name, organization, &people).await?);
        }
        let mut repositories = Vec::new();
        for (place, repository) in world.repositories.iter().enumerate() {
            let (namespace_id, namespace) = match repository.namespace {
                Namespace::Person(it) => (people[it], format!("p{number}-{it}")),
                Namespace::Organization(it) => (organizations[it].0, format!("o{number}-{it}")),
                Namespace::Library => (self.library, "library".to_owned()),
            };
            let path: RepositoryName = format!("{namespace}/w{number}-{place}").parse().unwrap();
            let id = self.settle_repository(tx, namespace_id, &path, repository).await?;
            for ((_, teams), granted) in organizations.iter().zip(&repository.grants) {
                for (team, role) in teams.iter().zip(granted) {
                    if let Some(role) = role {
                        grants::set(tx, id, *team, *role, NOW).await?;
                    }
                }
            }
            for (person, is_in) in people.iter().zip(&repository.collaborators) {
                if *is_in {
                    collaborators::add(tx, id, *person, Role::Write, NOW).await?;
                }
            }
            repositories.push(path);
        }
        Ok(Rows { people, repositories })
    }

    async fn settle_organization(
        &self,
        tx: &mut Tx<'_>,
        name: String,
        organization: &Organization,
        people: &[AccountId],
    ) -> Result<(AccountId, Vec<TeamId>), DbError> {
        let new = self.account(name, AccountKind::Organization);
        accounts::insert(tx, &new).await?.unwrap();
        let owners = self.team(tx, new.id, "owners").await?;
        for (person, membership) in people.iter().zip(&organization.members) {
            if let Some(membership) = membership {
                let is_editor = *membership == Membership::Editor;
                members::set(tx, new.id, *person, is_editor, NOW).await?;
            }
            if *membership == Some(Membership::Owner) {
                teams::add_member(tx, owners, *person, NOW).await?;
            }
        }
        let mut made = Vec::new();
        for (place, is_in) in organization.teams.iter().enumerate() {
            let team = self.team(tx, new.id, &format!("t{place}")).await?;
            for (person, _) in people.iter().zip(is_in).filter(|(_, is_in)| **is_in) {
                teams::add_member(tx, team, *person, NOW).await?;
            }
            made.push(team);
        }
        Ok((new.id, made))
    }

    async fn team(
        &self,
        tx: &mut Tx<'_>,
        organization_id: AccountId,
        name: &str,
    ) -> Result<TeamId, DbError> {
        let new = NewTeam {
            id: self.new_id(),
            uuid: uuid::Uuid::new_v4().simple().to_string(),
            organization_id,
            name: name.to_owned(),
            description: String::new(),
            is_owners: name == "owners",
            created_at: NOW,
        };
        teams::insert(tx, &new).await?;
        Ok(new.id)
    }

    async fn settle_repository(
        &self,
        tx: &mut Tx<'_>,
        namespace_id: AccountId,
        path: &RepositoryName,
        repository: &Repository,
    ) -> Result<RepositoryId, DbError> {
        let new = NewRepository {
            id: self.new_id(),
            namespace_id,
            path: path.clone(),
            is_private: repository.is_private,
            is_automated: repository.is_automated,
            is_official: false,
            description: String::new(),
            created_at: NOW,
        };
        assert!(repos::insert(tx, &new).await?);
        Ok(new.id)
    }

    fn account(&self, name: String, kind: AccountKind) -> NewAccount {
        NewAccount {
            id: self.new_id(),
            uuid: uuid::Uuid::new_v4().simple().to_string(),
            name: name.parse().unwrap(),
            kind,
            full_name: String::new(),
            email: None,
            email_key: None,
            email_verified_at: None,
            password_hash: None,
            is_admin: false,
            default_private: false,
            created_at: NOW,
        }
    }

    async fn agrees(&self, world: &World, rows: &Rows, who: usize, scope: CredentialScope) {
        let identity = self.find_identity(rows.people[who], Credential::Password, 1).await;
        let identity = Identity { scope, ..identity.unwrap().unwrap() };
        let mut pulled = Vec::new();
        for (path, repository) in rows.repositories.iter().zip(&world.repositories) {
            let facts = self.lookups.repository(path).await.unwrap();
            let found = self.standing_of(&identity, path, facts.as_ref()).await.unwrap();
            let expected = may(world, who, repository, scope);
            assert_eq!(found, expected, "person {who}, {scope:?}, {path}: {world:#?}");
            if expected.contains(Actions::PULL) {
                pulled.push(path.clone());
            }
        }
        let eyes = visibility(&identity);
        let listed =
            self.db.read(async |tx| repos::list_visible(tx, &eyes, None, 9999).await).await;
        let mut listed = listed.unwrap();
        listed.retain(|path| rows.repositories.contains(path));
        pulled.sort();
        listed.sort();
        assert_eq!(listed, pulled, "person {who}, {scope:?}: {world:#?}");
    }
}

async fn hub(db: Db) -> Hub {
    let parts = Parts {
        db,
        blobs: Arc::new(MemoryStore::default()),
        clock: Clock::new(|| NOW),
        settings: Settings::default(),
        node: "test".to_owned(),
        keys: Keys::generate().unwrap(),
        sealing: SealingKey::generate(),
    };
    Hub::start(parts).await.unwrap()
}

both_databases! {
    async fn rights_and_lists_are_what_the_model_says(db: Db) {
        let hub = hub(db).await;
        let mut runner = TestRunner::deterministic();
        let mut pushes = 0;
        for number in 0..WORLDS {
            let world = worlds().new_tree(&mut runner).unwrap().current();
            let rows = hub.settle(number, &world).await;
            for who in 0..PEOPLE {
                for scope in CredentialScope::ALL {
                    hub.agrees(&world, &rows, who, scope).await;
                }
                let may_push = |it| may(&world, who, it, CredentialScope::Admin).contains(Actions::PUSH);
                pushes += world.repositories.iter().filter(|it| may_push(it)).count();
            }
        }
        assert!((100..900).contains(&pushes), "the worlds say too little: {pushes}");
    }
}
