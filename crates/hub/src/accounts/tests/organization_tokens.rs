//! Access tokens of organizations.

use super::*;

/// An organization whose only owner is `owner`.
async fn organization(hub: &Fixture, name: &str, owner: &Identity) -> AccountId {
    let id: AccountId = hub.new_id();
    let new = NewAccount {
        id,
        uuid: uuid::Uuid::new_v4().simple().to_string(),
        name: name.parse().unwrap(),
        kind: AccountKind::Organization,
        full_name: String::new(),
        email: None,
        email_key: None,
        email_verified_at: None,
        password_hash: None,
        is_admin: false,
        default_private: false,
        created_at: hub.now(),
    };
    let team = NewTeam {
        id: hub.new_id(),
        uuid: uuid::Uuid::new_v4().simple().to_string(),
        organization_id: id,
        name: "owners".to_owned(),
        description: String::new(),
        is_owners: true,
        created_at: hub.now(),
    };
    hub.db
        .write(async |tx| {
            accounts::insert(tx, &new).await?.unwrap();
            teams::insert(tx, &team).await?;
            members::set(tx, id, owner.account, false, hub.now()).await?;
            teams::add_member(tx, team.id, owner.account, hub.now()).await?;
            Ok::<_, DbError>(())
        })
        .await
        .unwrap();
    id
}

#[tokio::test]
async fn an_organizations_token_acts_as_the_organization_where_it_says() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    hub.person("bob", false).await;
    let (alice, bob) = (hub.identity("alice").await, hub.identity("bob").await);
    let acme = organization(&hub, "acme", &alice).await;
    let new = |pattern: &str| {
        let places = [(pattern.to_owned(), Some(vec!["push".to_owned()]))];
        let limits = Limits::default().to_repositories(places).unwrap();
        let (label, description) = ("ci".to_owned(), String::new());
        NewOrganizationToken { label, description, limits, expires_at: None }
    };
    let by = || MadeBy { address: None, agent: String::new() };

    let (token, secret) =
        hub.create_organization_token(&alice, "acme", new("acme/web-*"), by()).await.unwrap();

    let machine = hub.sign_in("acme", &secret, HOME).await.unwrap();
    assert_eq!((machine.account, machine.name.as_str()), (acme, "acme"));
    let may =
        async |name: &str| hub.standing_of(&machine, &name.parse().unwrap(), None).await.unwrap();
    assert_eq!(may("acme/web-1").await, Actions::PULL.union(Actions::PUSH));
    assert!(may("acme/app").await.is_empty() && may("alice/app").await.is_empty());
    assert!(hub.sign_in("alice", &secret, HOME).await.is_err(), "it is nobody else's");
    for who in [&*bob, &*machine] {
        let refused = hub.create_organization_token(who, "acme", new("acme/*"), by()).await;
        assert!(matches!(refused, Err(OrganizationTokenError::NotOwner(_))));
    }
    let foreign = hub.create_organization_token(&alice, "acme", new("alice/*"), by()).await;
    assert!(matches!(foreign, Err(OrganizationTokenError::Foreign(_))));
    let by_token = hub.access_token("alice", CredentialScope::Admin).await.1;
    let by_token = hub.sign_in("alice", &by_token, HOME).await.unwrap();
    assert!(hub.list_organization_tokens(&by_token, "acme", 0, 9).await.is_err());

    let off = OrganizationTokenChange { is_active: Some(false), ..Default::default() };
    let uuid = token.token.uuid;
    hub.change_organization_token(&alice, "acme", uuid, off).await.unwrap();
    assert!(hub.sign_in("acme", &secret, HOME).await.is_err());
    let on = OrganizationTokenChange { is_active: Some(true), ..Default::default() };
    let shown = hub.change_organization_token(&alice, "acme", uuid, on).await.unwrap();
    assert_eq!(shown.created_by.unwrap().as_str(), "alice");
    assert_eq!(shown.token.limits.repositories(), Some(vec!["acme/web-*"]));
    assert!(hub.sign_in("acme", &secret, HOME).await.is_ok());
    hub.delete_organization_token(&alice, "acme", uuid).await.unwrap();
    assert!(hub.sign_in("acme", &secret, HOME).await.is_err());
    assert_eq!(hub.list_organization_tokens(&alice, "acme", 0, 9).await.unwrap().1, 0);
}
