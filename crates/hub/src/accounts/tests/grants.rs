//! What registry tokens grant.

use super::*;

#[tokio::test]
async fn a_token_grants_no_more_than_was_asked_nor_than_the_credential_reaches() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    hub.person("bob", false).await;
    let alice = hub.identity("alice").await;
    for (name, is_private) in [("alice/open", false), ("alice/closed", true)] {
        hub.create_repository(&alice, &name.parse().unwrap(), "", is_private).await.unwrap();
    }
    let mut people: Vec<Option<Identity>> = vec![None];
    for name in ["alice", "bob"] {
        let identity = hub.identity(name).await;
        for scope in CredentialScope::ALL {
            people.push(Some(Identity { scope, ..Identity::clone(&identity) }));
        }
        people.push(Some(Identity { is_verified: false, ..Identity::clone(&identity) }));
    }
    let sets = ["pull", "push", "delete", "pull,push", "push,pull,delete", "*", "pull,*,fly"];
    let names = ["alice/open", "alice/closed", "alice/unmade", "bob/unmade", "ubuntu", "a/b/c"];
    for who in &people {
        for (name, set) in names.iter().flat_map(|name| sets.map(|set| (name, set))) {
            let Scope::Repository { actions: asked, .. } =
                scopes(&format!("repository:{name}:{set}"))[0].clone()
            else {
                panic!()
            };
            let text = format!("repository:{name}:{set}");
            let got = granted(&hub, who.as_ref(), &text).await[0].1;
            let context = format!("{who:?} asked {text} and got {got}");
            assert!(asked.contains(got), "{context}");
            let writes = Actions::PUSH.union(Actions::DELETE);
            match who {
                None => assert!(*name == "alice/open" || got.is_empty(), "{context}"),
                Some(who) => {
                    let owns = name.starts_with(&format!("{}/", who.name));
                    assert!(owns || got.intersection(writes).is_empty(), "{context}");
                    assert!(owns || *name == "alice/open" || got.is_empty(), "{context}");
                    let reads_only = who.scope <= CredentialScope::Read || !who.is_verified;
                    assert!(!reads_only || got.intersection(writes).is_empty(), "{context}");
                    let full = who.scope == CredentialScope::Admin && who.is_verified;
                    assert!(!(owns && full) || got == asked, "{context}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_refused_grant_tells_nothing_of_what_exists() {
    let hub = Fixture::start().await;
    hub.person("alice", false).await;
    hub.person("bob", false).await;
    let (alice, bob) = (hub.identity("alice").await, hub.identity("bob").await);
    hub.create_repository(&alice, &"alice/closed".parse().unwrap(), "", true).await.unwrap();

    let asked = scopes("repository:alice/closed:pull,push repository:alice/missing:pull,push");
    let issued = hub.issue_token(Some(&bob), &asked).await.unwrap();
    let claims = hub.verify_token(issued.token.expose()).unwrap();

    for grant in &claims.grants {
        assert_eq!((grant.granted, grant.basis), (Actions::NONE, Basis::Nothing));
        assert_eq!(grant.requested, Actions::PULL.union(Actions::PUSH));
    }
    assert_eq!(issued.granted, "");
}
