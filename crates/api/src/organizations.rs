//! Organizations: make, show, change, rename, delete; those of the caller (hub-api, sections 3 and 8).

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, InOrg, Problem, Routes, SignedIn};
use roadstead_hub::access::{Member, Owner};
use roadstead_hub::organizations::{
    Membership, NewOrganization, Organization, OrganizationError, Profile, ProfileChange,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, bad_fields, no_content};
use crate::both;
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    const PAGE: Access = Access::Public("what an organization shows of itself");
    let routes = both!(routes, GET "/v2/user/orgs", Access::SignedIn, list_mine);
    let routes = both!(routes, GET "/v2/repositories/namespaces", Access::SignedIn, namespaces);
    let routes = both!(routes, POST "/v2/orgs", Access::SignedIn, create);
    let routes = both!(routes, GET "/v2/orgs/{org}", PAGE, show);
    let routes = both!(routes, GET "/api/v1/orgs/{org}", PAGE, show)
        .tell("What an organization shows of itself.");
    let routes = both!(routes, PATCH "/api/v1/orgs/{org}", Access::of::<Owner>(), change)
        .tell_taking::<Change>("Change the profile. What is absent or null stays as it is.");
    let routes = both!(routes, DELETE "/api/v1/orgs/{org}", Access::of::<Owner>(), delete)
        .tell("Delete an organization that has no repositories. Its names stay reserved.");
    let routes = both!(routes, POST "/api/v1/orgs/{org}/rename", Access::of::<Owner>(), rename)
        .tell_taking::<Rename>(
        "Rename. Old names of repositories can be pulled but not pushed.",
    );
    both!(routes, POST "/api/v1/orgs/{org}/leave", Access::of::<Member>(), leave)
        .tell("Leave the organization and all its teams.")
}

#[derive(Deserialize)]
struct Create {
    #[serde(default)]
    orgname: String,
    #[serde(default)]
    full_name: Option<String>,
    #[serde(default)]
    company: Option<String>,
    #[serde(default)]
    location: Option<String>,
    #[serde(default)]
    profile_url: Option<String>,
}

/// What is absent or null stays as it is.
#[derive(Deserialize, JsonSchema)]
struct Change {
    #[serde(default)]
    full_name: Option<String>,
    #[serde(default)]
    company: Option<String>,
    #[serde(default)]
    location: Option<String>,
    #[serde(default)]
    profile_url: Option<String>,
    #[serde(default)]
    default_private: Option<bool>,
}

#[derive(Deserialize, JsonSchema)]
struct Rename {
    #[serde(default)]
    orgname: String,
}

async fn list_mine(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    page: Page,
) -> Result<Response, Problem> {
    let (mine, total) = app.hub.list_organizations_of(&who, page.offset(), page.size).await?;
    let results = mine.iter().map(|(belonging, teams)| {
        let mut object = organization_json(&belonging.organization);
        object["user_role"] = role_word(belonging.membership).into();
        object["user_groups"] = teams.clone().into();
        object
    });
    Ok(answer(StatusCode::OK, &page.render(total, results.collect())?))
}

async fn namespaces(State(app): State<App>, SignedIn(who): SignedIn) -> Result<Response, Problem> {
    let names = app.hub.list_namespaces_of(&who).await?;
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    Ok(answer(StatusCode::OK, &json!({ "namespaces": names })))
}

async fn create(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Incoming(form): Incoming<Create>,
) -> Result<Response, Problem> {
    let profile = Profile {
        full_name: form.full_name.unwrap_or_default(),
        location: form.location.unwrap_or_default(),
        company: form.company.unwrap_or_default(),
        profile_url: form.profile_url.unwrap_or_default(),
        default_private: false,
    };
    let new = NewOrganization { name: form.orgname, profile };
    let made = app.hub.create_organization(&who, new).await.map_err(refuse)?;
    let mut object = organization_json(&made);
    object["user_role"] = role_word(Membership::Owner).into();
    object["user_groups"] = json!(["owners"]);
    Ok(answer(StatusCode::CREATED, &object))
}

async fn show(State(app): State<App>, Path(org): Path<String>) -> Result<Response, Problem> {
    let found = app.hub.find_organization(&org).await?.ok_or_else(Problem::not_found)?;
    Ok(answer(StatusCode::OK, &organization_json(&found)))
}

async fn change(
    InOrg(org): InOrg<Owner>,
    Incoming(form): Incoming<Change>,
) -> Result<Response, Problem> {
    let change = ProfileChange {
        full_name: form.full_name,
        location: form.location,
        company: form.company,
        profile_url: form.profile_url,
        default_private: form.default_private,
    };
    let changed = org.change_profile(change).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &organization_json(&changed)))
}

async fn rename(
    InOrg(org): InOrg<Owner>,
    Incoming(form): Incoming<Rename>,
) -> Result<Response, Problem> {
    let renamed = org.rename(&form.orgname).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &organization_json(&renamed)))
}

async fn delete(InOrg(org): InOrg<Owner>) -> Result<Response, Problem> {
    org.delete().await.map_err(refuse)?;
    Ok(no_content())
}

async fn leave(InOrg(org): InOrg<Member>) -> Result<Response, Problem> {
    org.leave().await.map_err(refuse)?;
    Ok(no_content())
}

/// The organization object. Text members are empty rather than absent.
fn organization_json(organization: &Organization) -> Value {
    json!({
        "id": organization.uuid,
        "uuid": organization.uuid,
        "orgname": organization.name.as_str(),
        "full_name": organization.full_name,
        "location": organization.location,
        "company": organization.company,
        "profile_url": organization.profile_url,
        "date_joined": organization.created_at.to_string(),
        "gravatar_email": "",
        "gravatar_url": "",
        "type": "Organization",
        "badge": "",
        "is_active": true,
        "user_role": "",
        "user_groups": [],
        "org_groups_count": organization.teams,
        "default_private": organization.default_private,
        "plan_name": organization.plan,
        "parent_name": null,
    })
}

/// Written with a capital, read without.
pub fn role_word(membership: Membership) -> &'static str {
    match membership {
        Membership::Member => "Member",
        Membership::Editor => "Editor",
        Membership::Owner => "Owner",
    }
}

pub fn parse_role(text: &str) -> Result<Membership, Problem> {
    [Membership::Member, Membership::Editor, Membership::Owner]
        .into_iter()
        .find(|role| role.word() == text)
        .ok_or_else(|| bad_fields([("role", "a role is one of owner, editor, member".to_owned())]))
}

/// What stands in the way of a change, with the status that fits.
pub fn refuse(error: OrganizationError) -> Problem {
    use OrganizationError as E;
    let text = error.to_string();
    match error {
        E::Name(_) => bad_fields([("orgname", text)]),
        E::Field { field, .. } => bad_fields([(field, text)]),
        E::Taken(_) => Problem { status: StatusCode::CONFLICT, ..bad_fields([("orgname", text)]) },
        E::TeamTaken(_) => Problem { status: StatusCode::CONFLICT, ..bad_fields([("name", text)]) },
        E::PathTaken(_) | E::HasRepositories { .. } | E::Moved(_) => {
            Problem::new(StatusCode::CONFLICT, text)
        }
        E::TooMany(_)
        | E::TooManyTeams(_)
        | E::TooManyInvitations { .. }
        | E::TooManyCollaborators(_)
        | E::LastOwner { .. }
        | E::OwnersTeam
        | E::ForeignTeam(_)
        | E::NotAnOrganizations(_)
        | E::NotAUsers(_)
        | E::OwnsIt(_) => Problem::new(StatusCode::BAD_REQUEST, text),
        E::Unverified | E::SmallCredential | E::PlanFull { .. } | E::OfficialGrant => {
            Problem::forbidden(text)
        }
        E::NoSuchUser(_)
        | E::NoSuchOrganization(_)
        | E::NotMember { .. }
        | E::NotInTeam { .. }
        | E::NoSuchTeam(_)
        | E::NoSuchInvitation
        | E::NoGrant(_)
        | E::NotCollaborator(_) => Problem::new(StatusCode::NOT_FOUND, text),
        E::InvitationExpired(_) => Problem::new(StatusCode::GONE, text),
        E::ResentTooSoon => Problem::new(StatusCode::TOO_MANY_REQUESTS, text).retry_after(60),
        E::Store(error) => error.into(),
    }
}
