//! The matrix: what each team may do with each repository, and the form that changes it.

use axum::Form;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_http::can::open;
use roadstead_hub::access::{Administer, Org, OrgRight, Owner};
use roadstead_hub::organizations::Team;
use roadstead_hub::repos::{RepositoryOrder, RepositoryQuery};
use roadstead_types::{Id, RepositoryName, Role};

use super::people::{Asked, People};
use super::{Entered, refused, sender};
use crate::card::Card;
use crate::frame::{Frame, Visit};
use crate::pager::Pager;

/// Repositories on a page.
const ROWS: u32 = 15;
/// Cells one form may hold: more than a page has.
const MOST_CELLS: usize = 500;

#[derive(Clone, Debug)]
pub struct Matrix {
    /// The teams that stand on top, owners aside.
    pub columns: Vec<Column>,
    pub rows: Vec<MatrixRow>,
    pub total: u64,
    pub may_change: bool,
    pub pager: Pager,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub is_owners: bool,
}

#[derive(Clone, Debug)]
pub struct MatrixRow {
    pub name: String,
    pub href: String,
    pub is_private: bool,
    pub cells: Vec<Cell>,
}

/// What one team may do with one repository.
#[derive(Clone, Debug)]
pub struct Cell {
    pub team: String,
    /// `read`, `write`, `admin` or `none`.
    pub level: &'static str,
    /// Names the cell in the form; nothing for owners, who may do everything.
    pub field: String,
}

impl Matrix {
    pub async fn of<R: OrgRight>(
        visit: &Visit,
        org: &Org<R>,
        teams: &[Team],
        asked: &Asked,
    ) -> Result<Self, Problem> {
        let number = crate::pager::number(&asked.rows);
        let query = RepositoryQuery {
            name_part: None,
            order: RepositoryOrder::Name,
            is_descending: false,
            offset: (number - 1) * u64::from(ROWS),
            limit: ROWS,
        };
        let found = visit.hub.list_namespace(&visit.caller, org.name(), &query).await?;
        let found = found.ok_or_else(Problem::not_found)?;
        let ids: Vec<_> = found.repositories.iter().map(|repository| repository.id).collect();
        let granted = org.grants_among(&ids, teams).await?;
        let level = |repository, team: &Team| {
            let cell = granted.iter().find(|it| it.repository == repository && it.team == team.id);
            match team.is_owners {
                true => Role::Admin.word(),
                false => cell.map_or("none", |cell| cell.role.word()),
            }
        };
        let rows = found.repositories.iter().map(|repository| {
            let card = Card::from(repository);
            let cells =
                teams.iter().map(|team| Cell::new(&card.name, team, level(repository.id, team)));
            MatrixRow {
                cells: cells.collect(),
                name: card.name.clone(),
                href: card.home(),
                is_private: card.is_private,
            }
        });
        let base = format!("/{}/people", org.name());
        Ok(Self {
            rows: rows.collect(),
            columns: teams.iter().map(Column::from).collect(),
            total: found.total,
            may_change: org.sees_all(),
            pager: Pager::new(&base, &asked.beside("rows"), number, found.total, ROWS).by("rows"),
        })
    }

    pub fn has_choices(&self) -> bool {
        self.may_change && self.columns.iter().any(|column| !column.is_owners)
    }
}

impl From<&Team> for Column {
    fn from(team: &Team) -> Self {
        Self { name: team.name.clone(), is_owners: team.is_owners }
    }
}

impl Cell {
    fn new(repository: &str, team: &Team, level: &'static str) -> Self {
        let field = match team.is_owners {
            true => String::new(),
            false => format!("level.{}.{repository}", team.id.raw()),
        };
        Self { team: team.name.clone(), level, field }
    }

    pub fn is(&self, level: &str) -> bool {
        self.level == level
    }

    pub fn text(&self, frame: &Frame) -> std::borrow::Cow<'static, str> {
        match self.level {
            "read" => frame.t("organization-level-read"),
            "write" => frame.t("organization-level-write"),
            "admin" => frame.t("organization-level-admin"),
            _ => frame.t("organization-level-none"),
        }
    }
}

/// A cell that was changed: `level.TEAM.REPOSITORY=was:now`. It says what it was, so that a page that is out of
/// date takes back nothing that somebody else has chosen since.
#[derive(Debug, PartialEq, Eq)]
struct Change<'a> {
    team: i64,
    repository: &'a str,
    role: Option<Role>,
}

impl<'a> Change<'a> {
    fn parse(name: &'a str, value: &str) -> Option<Self> {
        let (team, repository) = name.strip_prefix("level.")?.split_once('.')?;
        let (was, now) = value.split_once(':')?;
        let role = now.parse().ok();
        let is_level = role.is_some() || now == "none";
        (was != now && is_level).then_some(Self { team: team.parse().ok()?, repository, role })
    }
}

pub async fn submit(entered: Entered<Owner>, Form(typed): Form<Vec<(String, String)>>) -> Response {
    match change(&entered, &typed).await {
        Ok(()) if entered.visit.is_partial => {
            let made = People::matrix_alone(&entered, &typed).await;
            entered.visit.answer(made)
        }
        Ok(()) => {
            let said = entered.visit.frame.t("organization-matrix-saved");
            entered.visit.done(&format!("{}#mx", entered.at("/people")), &said)
        }
        Err(problem) => entered.visit.refuse(&problem),
    }
}

async fn change(entered: &Entered<Owner>, typed: &[(String, String)]) -> Result<(), Problem> {
    let mark = typed.iter().find(|(name, _)| name == "mark").map_or("", |(_, mark)| mark.as_str());
    sender(&entered.visit, mark)?;
    let changes = typed.iter().take(MOST_CELLS).filter_map(|(name, to)| Change::parse(name, to));
    for change in changes {
        apply(entered, change).await?;
    }
    Ok(())
}

async fn apply(entered: &Entered<Owner>, change: Change<'_>) -> Result<(), Problem> {
    let name = RepositoryName::new(entered.organization.name.as_str(), change.repository)
        .map_err(|_| Problem::not_found())?;
    let visit = &entered.visit;
    let repo = open::<Administer>(&visit.hub, &visit.caller, &name).await?;
    match change.role {
        Some(role) => repo.set_grant(change.team, role).await.map(|_| ()),
        None => repo.revoke_grant(change.team).await,
    }
    .map_err(refused)
}

#[cfg(test)]
impl Matrix {
    pub fn sample(may_change: bool) -> Self {
        let cell = |team: &str, level, field: &str| Cell {
            team: team.to_owned(),
            level,
            field: field.to_owned(),
        };
        let column = |name: &str, is_owners| Column { name: name.to_owned(), is_owners };
        Self {
            columns: vec![column("owners", true), column("backend", false)],
            rows: vec![MatrixRow {
                name: "tidewatch".to_owned(),
                href: "/harborworks/tidewatch".to_owned(),
                is_private: true,
                cells: vec![
                    cell("owners", "admin", ""),
                    cell("backend", "write", "level.7.tidewatch"),
                ],
            }],
            total: 1,
            may_change,
            pager: Pager::new("/harborworks/people", "", 1, 1, ROWS).by("rows"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_stayed_changes_nothing() {
        let changed = Change { team: 7, repository: "tide.watch", role: Some(Role::Write) };
        assert_eq!(Change::parse("level.7.tide.watch", "read:write"), Some(changed));
        let taken = Change { team: 7, repository: "web", role: None };
        assert_eq!(Change::parse("level.7.web", "read:none"), Some(taken));
        for (name, value) in [
            ("level.7.web", "read:read"),
            ("level.7.web", "read:owner"),
            ("level.x.web", "none:read"),
            ("level.7", "none:read"),
            ("mark", "a:b"),
        ] {
            assert_eq!(Change::parse(name, value), None, "{name}={value}");
        }
    }
}
