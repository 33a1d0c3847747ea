//! An organization to begin with.

use roadstead_testkit::{Client, Hub, User};
use serde_json::{Value, json};

/// `acme`, owned by Ann.
pub struct Acme {
    pub hub: Hub,
    pub ann: User,
    /// Ann, signed in to the API.
    pub owner: Client,
}

impl Acme {
    pub async fn found() -> Self {
        let hub = Hub::start().await;
        let ann = hub.user("ann").await;
        let owner = ann.signed_in().await;
        owner.post("/v2/orgs/").json(&json!({"orgname": "acme"})).await.is(201);
        Self { hub, ann, owner }
    }

    /// Makes an account and a member of it.
    pub async fn member(&self, name: &str, role: &str) -> (User, Client) {
        let user = self.hub.user(name).await;
        let client = user.signed_in().await;
        self.join(&client, &user, json!({"role": role})).await;
        (user, client)
    }

    /// Invites somebody, who accepts.
    pub async fn join(&self, client: &Client, user: &User, to: Value) {
        let invitation = self.invite(&user.name, to).await;
        accept(client, &invitation).await;
    }

    /// The id of an invitation.
    pub async fn invite(&self, invitee: &str, to: Value) -> String {
        let mut form = json!({"org": "acme", "invitees": [invitee]});
        form.as_object_mut().unwrap().extend(to.as_object().unwrap().clone());
        let told = self.owner.post("/v2/invites/bulk").json(&form).await.is(202).json();
        let invited = &told["invitees"][0];
        assert_eq!(invited["status"], "invited", "{told}");
        invited["invite"]["id"].as_str().unwrap().to_owned()
    }

    /// The id of a new team.
    pub async fn team(&self, name: &str) -> i64 {
        let made = self.owner.post("/v2/orgs/acme/groups/").json(&json!({"name": name})).await;
        made.is(201).json()["id"].as_i64().unwrap()
    }

    pub async fn add(&self, team: &str, user: &str) {
        let path = format!("/v2/orgs/acme/groups/{team}/members/");
        self.owner.post(&path).json(&json!({"member": user})).await.is(200);
    }

    /// A repository of the organization.
    pub async fn repository(&self, name: &str, is_private: bool) {
        let form = json!({"namespace": "acme", "name": name, "is_private": is_private});
        self.owner.post("/v2/repositories/").json(&form).await.is(201);
    }

    pub async fn grant(&self, repository: &str, team: i64, permission: &str) {
        let path = format!("/v2/repositories/{repository}/groups/");
        let form = json!({"group_id": team, "permission": permission});
        self.owner.post(&path).json(&form).await.is(200);
    }
}

pub async fn accept(client: &Client, invitation: &str) {
    client.post(&format!("/api/v1/invitations/{invitation}/accept")).await.is(200);
}

/// One member of each object of a page.
pub fn each(page: &Value, member: &str) -> Vec<String> {
    let results = page["results"].as_array().unwrap();
    results.iter().map(|it| it[member].as_str().unwrap().to_owned()).collect()
}
