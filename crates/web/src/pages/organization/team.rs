//! Teams: making one, its people and description, deleting it. Members see the teams they are in.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::access::{Member, Org, OrgRight, Owner};
use roadstead_hub::organizations::{
    Added, Organization, OrganizationError, Outcome, Team, TeamChange,
};
use roadstead_types::TeamName;
use serde::Deserialize;

use super::confirm::Confirm;
use super::rows::{PersonRow, TeamRow};
use super::{Entered, Head, Tab, sender, told};
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui;

const SIZE: u32 = 25;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    page: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    mark: String,
    /// `describe`, `add` or `remove`.
    what: String,
    name: String,
    description: String,
    /// Whom to add or to take out.
    who: String,
    sure: String,
}

fn status(error: &Option<String>) -> StatusCode {
    match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    }
}

/// `/{organization}/people/new-team`.
#[derive(Template)]
#[template(path = "organization/new_team.html")]
pub struct NewTeam {
    frame: Frame,
    head: Head,
    name: String,
    description: String,
    error: Option<String>,
}

impl Page for NewTeam {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        status(&self.error)
    }
}

pub async fn new_form(entered: Entered<Owner>) -> Response {
    let made = new_page(&entered, Typed::default(), None).await;
    entered.visit.answer(made)
}

pub async fn create(entered: Entered<Owner>, Form(typed): Form<Typed>) -> Response {
    if let Err(problem) = sender(&entered.visit, &typed.mark) {
        return entered.visit.refuse(&problem);
    }
    match entered.org.create_team(&typed.name, &typed.description).await {
        Ok(team) => {
            let said = entered.visit.frame.t1("organization-team-made", "name", &team.name);
            let there = entered.at(&format!("/people/teams/{}", team.name));
            entered.visit.done(&there, &said)
        }
        Err(error) => {
            let made = match told(error) {
                Ok(error) => new_page(&entered, typed, Some(error)).await,
                Err(problem) => Err(problem),
            };
            entered.visit.answer(made)
        }
    }
}

async fn new_page(
    entered: &Entered<Owner>,
    typed: Typed,
    error: Option<String>,
) -> Result<NewTeam, Problem> {
    let Entered { org, organization, visit, .. } = entered;
    Ok(NewTeam {
        frame: visit.frame.clone(),
        head: Head::for_member(visit, organization, org, Tab::People).await?,
        name: typed.name,
        description: typed.description,
        error,
    })
}

/// `/{organization}/people/teams/{team}`.
#[derive(Template)]
#[template(path = "organization/team.html")]
pub struct TeamPage {
    frame: Frame,
    head: Head,
    team: TeamRow,
    may_change: bool,
    asked: Asked,
    people: Vec<PersonRow>,
    total: u64,
    pager: Pager,
    error: Option<String>,
}

impl Page for TeamPage {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        status(&self.error)
    }
}

pub async fn show(entered: Entered<Member>, Query(asked): Query<Asked>) -> Response {
    let Entered { org, organization, visit, .. } = &entered;
    let made = TeamPage::make(visit, organization, org, entered.named("team"), asked).await;
    entered.visit.answer(made)
}

/// Describes a team, adds somebody, takes somebody out.
pub async fn submit(entered: Entered<Owner>, Form(typed): Form<Typed>) -> Response {
    // Ownership gives everything away, by whichever door.
    let team = entered.named("team");
    if typed.what == "add" && team == TeamName::OWNERS {
        let here = entered.at(&format!("/people/teams/{team}"));
        if let Err(answer) = entered.visit.proved(&typed.mark, &here).await {
            return answer;
        }
    }
    match change(&entered, &typed).await {
        Ok(Ok((team, said))) => {
            entered.visit.done(&entered.at(&format!("/people/teams/{team}")), &said)
        }
        Ok(Err(error)) => {
            let Entered { org, organization, visit, .. } = &entered;
            let name = entered.named("team");
            let made = TeamPage::make(visit, organization, org, name, Asked::default()).await;
            entered.visit.answer(made.map(|page| TeamPage { error: Some(error), ..page }))
        }
        Err(problem) => entered.visit.refuse(&problem),
    }
}

/// The team's name of then and what to say, or what is in the way.
type Changed = Result<(String, String), String>;

async fn change(entered: &Entered<Owner>, typed: &Typed) -> Result<Changed, Problem> {
    sender(&entered.visit, &typed.mark)?;
    let (org, frame, team) = (&entered.org, &entered.visit.frame, entered.named("team"));
    let (who, here) = (typed.who.trim(), team.to_owned());
    let done = match typed.what.as_str() {
        "add" => org.add_to_team(team, who).await.map(|added| match added {
            Added::InTeam(person) => {
                let name = person.name.as_str();
                Ok((here, frame.t1("organization-team-added", "name", name).into_owned()))
            }
            Added::Invited(it) if it.outcome == Outcome::Unknown => {
                Err(frame.t1("organization-invite-unknown", "name", who).into_owned())
            }
            Added::Invited(_) => {
                Ok((here, frame.t1("organization-team-invited", "name", who).into_owned()))
            }
        }),
        "remove" => org
            .remove_from_team(team, who)
            .await
            .map(|()| Ok((here, frame.t1("organization-team-out", "name", who).into_owned()))),
        _ => describe(org, team, typed)
            .await
            .map(|team| Ok((team.name, frame.t("organization-team-saved").into_owned()))),
    };
    match done {
        Ok(changed) => Ok(changed),
        Err(error @ OrganizationError::NoSuchTeam(_)) => {
            told(error)?;
            Err(Problem::not_found())
        }
        Err(error) => Ok(Err(told(error)?)),
    }
}

/// The team of the owners keeps its name, so its form has none.
async fn describe(org: &Org<Owner>, team: &str, typed: &Typed) -> Result<Team, OrganizationError> {
    let name = (!typed.name.is_empty()).then(|| typed.name.trim().to_owned());
    let change = TeamChange { name, description: Some(typed.description.clone()) };
    org.change_team(team, change).await
}

impl TeamPage {
    async fn make<R: OrgRight>(
        visit: &Visit,
        organization: &Organization,
        org: &Org<R>,
        name: &str,
        asked: Asked,
    ) -> Result<Self, Problem> {
        let team = find(org, name).await?;
        let number = pager::number(&asked.page);
        let offset = (number - 1) * u64::from(SIZE);
        let (people, total) = org.team_members(&team, &asked.q, offset, SIZE).await?;
        let counts = org.count_grants(std::slice::from_ref(&team)).await?;
        let path = format!("/{}/people/teams/{}", organization.name, team.name);
        let asking = ui::query(&[("q", &asked.q)]);
        Ok(Self {
            head: Head::for_member(visit, organization, org, Tab::People).await?,
            team: TeamRow::new(&visit.frame, &team, &counts),
            may_change: org.sees_all(),
            people: people.iter().map(PersonRow::from).collect(),
            total,
            pager: Pager::new(&path, &asking, number, total, SIZE),
            frame: visit.frame.clone(),
            asked,
            error: None,
        })
    }
}

/// A team the visitor may see; others look missing.
async fn find<R: OrgRight>(org: &Org<R>, name: &str) -> Result<Team, Problem> {
    match org.team(name).await {
        Ok(team) => Ok(team),
        Err(OrganizationError::Store(error)) => Err(error.into()),
        Err(_) => Err(Problem::not_found()),
    }
}

pub async fn delete_form(entered: Entered<Owner>) -> Response {
    let made = ask(&entered, None).await;
    entered.visit.answer(made)
}

pub async fn delete(entered: Entered<Owner>, Form(typed): Form<Typed>) -> Response {
    let frame = &entered.visit.frame;
    let error = match sender(&entered.visit, &typed.mark) {
        Err(problem) => return entered.visit.refuse(&problem),
        Ok(_) if typed.sure.is_empty() => frame.t("organization-sure").into_owned(),
        Ok(_) => match entered.org.delete_team(entered.named("team")).await.map_err(told) {
            Ok(()) => {
                let said = frame.t1("organization-team-deleted", "name", entered.named("team"));
                return entered.visit.done(&entered.at("/people"), &said);
            }
            Err(Err(problem)) => return entered.visit.refuse(&problem),
            Err(Ok(error)) => error,
        },
    };
    let made = ask(&entered, Some(error)).await;
    entered.visit.answer(made)
}

async fn ask(entered: &Entered<Owner>, error: Option<String>) -> Result<Confirm, Problem> {
    let Entered { org, organization, visit, .. } = entered;
    let team = find(org, entered.named("team")).await?;
    let here = entered.at(&format!("/people/teams/{}", team.name));
    let frame = &visit.frame;
    Ok(Confirm {
        head: Head::for_member(visit, organization, org, Tab::People).await?,
        title: frame.t1("organization-team-delete-title", "name", &team.name).into_owned(),
        texts: vec![frame.t1("organization-team-delete-text", "count", team.members).into_owned()],
        action: format!("{here}/delete"),
        hidden: Vec::new(),
        word: None,
        button: frame.t("organization-team-delete").into_owned(),
        back: here,
        keep: frame.t("organization-team-keep").into_owned(),
        frame: frame.clone(),
        error,
    })
}

#[cfg(test)]
pub fn new_samples() -> Vec<NewTeam> {
    use roadstead_hub::organizations::Membership;

    vec![NewTeam {
        frame: Frame::sample("/harborworks/people/new-team", Some("alice")),
        head: Head::sample(Tab::People, Some(Membership::Owner)),
        name: "A=<b>".to_owned(),
        description: "Alice <b>".to_owned(),
        error: Some("Alice <b>".to_owned()),
    }]
}

#[cfg(test)]
pub fn samples() -> Vec<TeamPage> {
    use roadstead_hub::organizations::Membership;

    let page = |may_change: bool, people: Vec<PersonRow>, error: Option<&str>| TeamPage {
        frame: Frame::sample("/harborworks/people/teams/backend", Some("alice")),
        head: Head::sample(Tab::People, Some(Membership::Owner)),
        team: TeamRow::sample("backend", !may_change),
        may_change,
        asked: Asked::default(),
        total: people.len() as u64,
        people,
        pager: Pager::new("/harborworks/people/teams/backend", "", 1, 1, SIZE),
        error: error.map(str::to_owned),
    };
    let person = PersonRow { name: "tomas".to_owned(), full_name: "Alice <b>".to_owned() };
    vec![
        page(true, vec![person.clone()], Some("Alice <b>")),
        page(false, vec![person], None),
        page(true, Vec::new(), None),
    ]
}
