//! Members of an organization (hub-api, section 8).

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use http::{HeaderName, StatusCode};
use roadstead_http::{Access, App, InOrg, Problem, Routes};
use roadstead_hub::access::{self, Owner};
use roadstead_hub::organizations::{Invitation, Member, MemberFilter, Person};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, no_content};
use crate::both;
use crate::organizations::{parse_role, refuse, role_word};
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    let routes = both!(routes, GET "/v2/orgs/{org}/members", Access::of::<access::Member>(), list);
    let routes = both!(routes, GET "/v2/orgs/{org}/members/export", Access::of::<Owner>(), export);
    let routes =
        both!(routes, PUT "/v2/orgs/{org}/members/{member}", Access::of::<Owner>(), set_role);
    both!(routes, DELETE "/v2/orgs/{org}/members/{member}", Access::of::<Owner>(), remove)
}

#[derive(Deserialize)]
struct Narrow {
    #[serde(default)]
    search: Option<String>,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    invites: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Role {
    #[serde(default)]
    role: String,
}

/// Members; for owners that ask, those who are invited instead or behind them.
async fn list(
    InOrg(org): InOrg<access::Member>,
    Query(narrow): Query<Narrow>,
    page: Page,
) -> Result<Response, Problem> {
    let invites = matches!(narrow.invites.as_deref(), Some("true" | "1"));
    let kind = narrow.kind.as_deref().unwrap_or(if invites { "all" } else { "member" });
    let membership = narrow.role.filter(|role| !role.is_empty());
    let membership = membership.as_deref().map(parse_role).transpose()?;
    let filter = MemberFilter { search: narrow.search.unwrap_or_default(), membership };
    let (rows, members) = match kind {
        "invitee" => (Vec::new(), 0),
        _ => org.members(&filter, page.offset(), page.size).await?,
    };
    let mut results: Vec<Value> = rows.iter().map(member_json).collect();
    let mut total = members;
    if matches!(kind, "all" | "invitee") {
        let offset = page.offset().saturating_sub(members);
        let room = page.size - u32::try_from(results.len()).unwrap_or(page.size).min(page.size);
        let (invited, count) = org.invitations(offset, room).await?;
        results.extend(invited.iter().map(invitee_json));
        total += count;
    }
    Ok(answer(StatusCode::OK, &page.render(total, results)?))
}

async fn set_role(
    InOrg(org): InOrg<Owner>,
    Path((_, member)): Path<(String, String)>,
    Incoming(form): Incoming<Role>,
) -> Result<Response, Problem> {
    let changed = org.set_role(&member, parse_role(&form.role)?).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &member_json(&changed)))
}

async fn remove(
    InOrg(org): InOrg<Owner>,
    Path((_, member)): Path<(String, String)>,
) -> Result<Response, Problem> {
    org.remove_member(&member).await.map_err(refuse)?;
    Ok(no_content())
}

async fn export(State(app): State<App>, InOrg(org): InOrg<Owner>) -> Result<Response, Problem> {
    let mut text = String::from("Name,Username,Email,Type,Permission,Teams,Date Joined\r\n");
    for member in org.all_members().await? {
        let person = &member.person;
        let fields = [
            person.full_name.as_str(),
            person.name.as_str(),
            person.email.as_deref().unwrap_or_default(),
            "User",
            role_word(member.membership),
            &member.teams.join(", "),
            &member.joined_at.to_string(),
        ];
        text.push_str(&fields.map(csv_field).join(","));
        text.push_str("\r\n");
    }
    let name =
        format!("attachment;filename=\"{}-members-{}.csv\"", org.name(), app.hub.now().unix_secs());
    let headers: [(HeaderName, HeaderValue); 3] = [
        (CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (CONTENT_DISPOSITION, name.parse().map_err(|_| Problem::not_found())?),
    ];
    Ok((headers, text).into_response())
}

/// In quotes where it must be. What a spreadsheet would take for a formula gets an apostrophe.
fn csv_field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

/// The user object of lists of people.
pub fn person_json(person: &Person) -> Value {
    json!({
        "id": person.uuid,
        "uuid": person.uuid,
        "username": person.name.as_str(),
        "full_name": person.full_name,
        "location": person.location,
        "company": person.company,
        "profile_url": person.profile_url,
        "date_joined": person.created_at.to_string(),
        "gravatar_url": "",
        "gravatar_email": "",
        "type": "User",
        "is_active": person.disabled_at.is_none(),
        "email": person.email.as_deref().unwrap_or_default(),
    })
}

fn member_json(member: &Member) -> Value {
    let mut object = person_json(&member.person);
    object["primary_email"] = object["email"].clone();
    object["role"] = role_word(member.membership).into();
    object["groups"] = member.teams.clone().into();
    object["is_guest"] = false.into();
    object
}

fn invitee_json(invitation: &Invitation) -> Value {
    let email = invitation.email.as_deref().unwrap_or_default();
    json!({
        "id": "",
        "username": invitation.account.as_ref().map_or("", |name| name.as_str()),
        "full_name": "",
        "location": "",
        "company": "",
        "profile_url": "",
        "date_joined": invitation.created_at.to_string(),
        "gravatar_url": "",
        "gravatar_email": "",
        "type": "User",
        "email": email,
        "primary_email": email,
        "role": "Invitee",
        "groups": invitation.team.iter().collect::<Vec<_>>(),
        "is_guest": false,
    })
}

#[cfg(test)]
mod tests {
    use super::csv_field;

    #[test]
    fn what_people_call_themselves_stays_one_field_and_no_formula() {
        assert_eq!(csv_field("Ann"), "Ann");
        assert_eq!(csv_field("Ann \"A\", Ltd"), "\"Ann \"\"A\"\", Ltd\"");
        assert_eq!(csv_field("=1+1"), "'=1+1");
    }
}
