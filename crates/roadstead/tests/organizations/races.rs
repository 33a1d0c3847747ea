//! What must hold while several people change an organization at once.

use futures_util::future::join_all;
use serde_json::json;

use crate::desk::{Acme, each};

#[tokio::test]
async fn owners_who_leave_at_once_leave_one_behind() {
    for _ in 0..4 {
        let acme = Acme::found().await;
        let mut owners = vec![acme.owner.clone()];
        for name in ["bob", "carl", "dora"] {
            owners.push(acme.member(name, "owner").await.1);
        }

        let leave = owners.iter().map(|owner| owner.post("/api/v1/orgs/acme/leave").into_future());
        let mut statuses: Vec<_> = join_all(leave).await.iter().map(|it| it.status()).collect();

        statuses.sort_unstable();
        assert_eq!(statuses, [204, 204, 204, 400]);
    }
}

#[tokio::test]
async fn owners_who_throw_each_other_out_do_not_empty_the_organization() {
    let acme = Acme::found().await;
    let (_, bob) = acme.member("bob", "owner").await;

    let (one, other) = tokio::join!(
        async { acme.owner.delete("/v2/orgs/acme/members/bob").await.status() },
        async {
            bob.put("/v2/orgs/acme/members/ann").json(&json!({"role": "member"})).await.status()
        },
    );

    assert!(matches!((one, other), (204, 403 | 409) | (403 | 409, 200)), "{one} {other}");
    let survivor = if one == 204 { &acme.owner } else { &bob };
    let owners = survivor.get("/v2/orgs/acme/members?role=owner").await.is(200).json();
    assert_eq!(each(&owners, "role"), ["Owner"]);
}

#[tokio::test]
async fn one_invitation_is_accepted_once_and_one_person_is_invited_once() {
    let acme = Acme::found().await;
    let bob = acme.hub.user("bob").await.signed_in().await;
    let form = json!({"org": "acme", "invitees": ["bob"]});
    let invite = (0..6).map(|_| acme.owner.post("/v2/invites/bulk").json(&form).into_future());
    for told in join_all(invite).await {
        assert_eq!(told.is(202).json()["invitees"][0]["status"], "invited");
    }
    let open = acme.owner.get("/v2/orgs/acme/invites").await.json()["data"].clone();
    assert_eq!(open.as_array().unwrap().len(), 1);
    let path = format!("/api/v1/invitations/{}/accept", open[0]["id"].as_str().unwrap());

    let accept = (0..6).map(|_| bob.post(&path).into_future());
    let mut statuses: Vec<_> = join_all(accept).await.iter().map(|it| it.status()).collect();

    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404, 404, 404, 404, 404]);
    let members = acme.owner.get("/v2/orgs/acme/members").await.json();
    assert_eq!(each(&members, "username"), ["ann", "bob"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_repository_is_made_in_an_organization_that_is_being_deleted() {
    let acme = Acme::found().await;
    let nobody = acme.hub.anonymous();
    for round in 0..8 {
        let org = format!("org-{round}");
        acme.owner.post("/v2/orgs").json(&json!({"orgname": org})).await.is(201);
        let made = (0..6).map(|number| {
            let form = json!({"namespace": org, "name": format!("app-{number}")});
            acme.owner.post("/v2/repositories/").json(&form).into_future()
        });
        let path = format!("/api/v1/orgs/{org}");
        let (made, deleted) = tokio::join!(join_all(made), acme.owner.delete(&path).into_future());

        let made: Vec<_> = made.iter().map(|answer| answer.status()).collect();
        match deleted.status() {
            204 => {
                assert_eq!(made, [403; 6], "none was there when it was deleted, none came after");
                for number in 0..6 {
                    nobody.get(&format!("/v2/repositories/{org}/app-{number}")).await.is(404);
                }
            }
            409 => assert!(made.contains(&201), "{made:?}"),
            _ => panic!("{}", deleted.story()),
        }
    }
}
