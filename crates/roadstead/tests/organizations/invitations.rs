//! Invitations: who can answer them, and for how long.

use serde_json::json;

use crate::desk::{Acme, accept, each};

#[tokio::test]
async fn many_are_invited_at_once_and_each_is_told_apart() {
    let acme = Acme::found().await;
    acme.hub.user("bob").await;
    let form = json!({"org": "acme", "role": "member", "team": "owners", "dry_run": true,
        "invitees": ["bob", "BOB", "ann", "ann@example.test", "new@example.test", "no-one", "a@b@c"]});
    let dry = acme.owner.post("/v2/invites/bulk").json(&form).await.is(202).json();
    let open = "/v2/orgs/acme/invites";
    assert_eq!(acme.owner.get(open).await.is(200).json(), json!({"data": []}));
    let form = json!({"org": "acme", "invitees": form["invitees"]});

    let told = acme.owner.post("/v2/invites/bulk").json(&form).await.is(202).json();

    let status = |told: &serde_json::Value| {
        let all = told["invitees"].as_array().unwrap().clone();
        all.iter().map(|it| format!("{} {}", it["invitee"], it["status"])).collect::<Vec<_>>()
    };
    let expected = [
        "\"a@b@c\" \"invalid_email_or_docker_id\"",
        "\"ann\" \"existing_org_member\"",
        "\"ann@example.test\" \"existing_org_member\"",
        "\"bob\" \"invited\"",
        "\"new@example.test\" \"invited\"",
        "\"no-one\" \"invalid_email_or_docker_id\"",
    ];
    assert_eq!(status(&told), expected);
    assert_eq!(status(&dry), expected);
    let data = acme.owner.get(open).await.is(200).json()["data"].clone();
    assert_eq!(data.as_array().unwrap().len(), 2);
    assert_eq!(data[1]["inviter_username"], "ann");
    for (form, says) in [
        (json!({"org": "acme", "invitees": []}), "1 to 100 people"),
        (json!({"org": "acme", "invitees": ["bob"], "role": "king"}), "owner, editor, member"),
    ] {
        acme.owner.post("/v2/invites/bulk").json(&form).await.is(400).says(says);
    }
    let many: Vec<_> = (0..101).map(|n| format!("p{n}@example.test")).collect();
    let many = json!({"org": "acme", "invitees": many});
    acme.owner.post("/v2/invites/bulk").json(&many).await.is(400);
    let bob = acme.hub.user("bert").await.signed_in().await;
    bob.post("/v2/invites/bulk").json(&form).await.is(403);
    let nowhere = json!({"org": "nowhere", "invitees": ["bob"]});
    bob.post("/v2/invites/bulk").json(&nowhere).await.is(404);
}

#[tokio::test]
async fn inviting_twice_leaves_one_invitation_to_what_was_said_last() {
    let acme = Acme::found().await;
    acme.team("crew").await;
    let bob = acme.hub.user("bob").await.signed_in().await;

    let first = acme.invite("bob", json!({"role": "owner"})).await;
    let second = acme.invite("bob", json!({"role": "Editor", "team": "crew"})).await;

    assert_eq!(first, second);
    let mine = bob.get("/api/v1/invitations/").await.is(200).json();
    assert_eq!(
        (each(&mine, "role"), each(&mine, "team")),
        (vec!["Editor".into()], vec!["crew".into()])
    );
    let resend = format!("/v2/invites/{first}/resend");
    let refused = acme.owner.patch(&resend).await.is(429).says("wait a minute");
    assert_eq!(refused.header("retry-after"), "60");
    bob.patch(&resend).await.is(404);
}

#[tokio::test]
async fn only_the_invited_can_answer_and_only_once() {
    let acme = Acme::found().await;
    let bob = acme.hub.user("bob").await.signed_in().await;
    let eve = acme.hub.user("eve").await.signed_in().await;
    let id = acme.invite("bob", json!({"role": "editor"})).await;
    let answer = |what: &str| format!("/api/v1/invitations/{id}/{what}");

    for outsider in [&eve, &acme.owner] {
        for path in [answer("accept"), answer("decline")] {
            let refused = outsider.post(&path).json(&json!({"code": "rsd_otc_guess"})).await;
            refused.is(404).says("no such invitation");
        }
    }
    assert_eq!(eve.get("/api/v1/invitations").await.is(200).json()["count"], 0);
    eve.delete(&format!("/v2/invites/{id}")).await.is(404);
    bob.delete(&format!("/v2/invites/{id}")).await.is(404);
    bob.post("/api/v1/invitations/not-an-id/accept").await.is(404);
    acme.hub.anonymous().post(&answer("accept")).await.is(401);

    accept(&bob, &id).await;

    bob.post(&answer("accept")).await.is(404);
    let again = json!({"org": "acme", "invitees": ["bob"]});
    let told = acme.owner.post("/v2/invites/bulk").json(&again).await.is(202).json();
    assert_eq!(told["invitees"][0]["status"], "existing_org_member");
    let mine = bob.get("/v2/user/orgs").await.is(200).json();
    assert_eq!(each(&mine, "user_role"), ["Editor"]);
}

#[tokio::test]
async fn an_invitation_to_an_address_is_for_whoever_has_verified_it() {
    let acme = Acme::found().await;
    let bob = acme.hub.user("bob").await.signed_in().await;
    let carol = acme.hub.unverified_user("carol").await.signed_in().await;
    let to_bob = acme.invite("Bob@Example.Test", json!({})).await;
    let to_carol = acme.invite("carol@example.test", json!({})).await;

    let of_carol = carol.get("/api/v1/invitations").await.is(200).json();
    assert_eq!(of_carol["count"], 0, "her address was never verified");
    carol.post(&format!("/api/v1/invitations/{to_carol}/accept")).await.is(404);
    assert_eq!(bob.get("/api/v1/invitations").await.json()["count"], 1);
    bob.post(&format!("/api/v1/invitations/{to_bob}/decline")).await.is(204);

    bob.post(&format!("/api/v1/invitations/{to_bob}/accept")).await.is(404);
    acme.hub.admin("user verify carol").run().await.succeeds();
    accept(&carol, &to_carol).await;
    carol.get("/v2/orgs/acme/members").await.is(200);
}

#[tokio::test]
async fn cancelled_and_teamless_invitations_are_gone() {
    let acme = Acme::found().await;
    acme.team("crew").await;
    let bob = acme.hub.user("bob").await.signed_in().await;
    let plain = acme.invite("bob", json!({})).await;
    acme.owner.delete(&format!("/v2/invites/{plain}/")).await.is(204);
    acme.owner.delete(&format!("/v2/invites/{plain}/")).await.is(404);
    bob.post(&format!("/api/v1/invitations/{plain}/accept")).await.is(404);

    let to_team = acme.invite("bob", json!({"team": "crew"})).await;
    acme.owner.delete("/v2/orgs/acme/groups/crew").await.is(204);

    bob.post(&format!("/api/v1/invitations/{to_team}/accept")).await.is(404);
}
