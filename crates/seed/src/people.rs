//! Accounts, organizations and their teams.

use crate::dice::{Dice, Subject};
use crate::rows::{Batch, Table, row};
use crate::sizes::{GREATEST, LIBRARY, Sizes};
use crate::words::{made_up, prose};

/// Everybody's password.
pub const PASSWORD: &str = "everybody has the same password here";
/// Its hash as the hub makes it, made once: each takes longer than a thousand rows.
const PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$ldK5hdAj5m3BEPmWjtduCw$oeoHKA7X2foh2AgKseUootT8XDodtsMJl4GCXaFVc2E";

/// 2023-01-01 in microseconds: the hub's first day.
pub const BEGINNING: u64 = 1_672_531_200_000_000;

const ACCOUNTS: Table = Table {
    name: "accounts",
    columns: &[
        "id",
        "uuid",
        "name",
        "kind",
        "full_name",
        "email",
        "email_key",
        "email_verified_at",
        "password_hash",
        "credentials_epoch",
        "is_admin",
        "default_private",
        "created_at",
    ],
};
const ACCOUNT_NAMES: Table =
    Table { name: "account_names", columns: &["name", "account_id", "created_at"] };
const MEMBERS: Table = Table {
    name: "members",
    columns: &["organization_id", "account_id", "is_editor", "joined_at"],
};
const TEAMS: Table = Table {
    name: "teams",
    columns: &["id", "uuid", "organization_id", "name", "description", "is_owners", "created_at"],
};
const TEAM_MEMBERS: Table =
    Table { name: "team_members", columns: &["team_id", "account_id", "joined_at"] };

const TEAM_NAMES: [&str; 4] = ["owners", "developers", "operators", "readers"];
const OWNERS: u64 = 0;

/// Most people of a team.
const TEAM_SIZE: u64 = 8;

pub fn account_name(number: u64) -> String {
    match number {
        LIBRARY => "library".to_owned(),
        // Two syllables at least: shorter names are refused.
        _ => made_up(number + 16),
    }
}

/// How many teams an organization has, its owners included.
pub const fn teams(organization: u64) -> u64 {
    match organization {
        GREATEST => TEAM_NAMES.len() as u64,
        _ => 2 + Dice::of(Subject::Teams, organization).below(TEAM_NAMES.len() as u64 - 1),
    }
}

pub const fn team_id(organization: u64, team: u64) -> u64 {
    organization * TEAM_NAMES.len() as u64 + team
}

pub fn add_account(batch: &mut Batch, sizes: &Sizes, number: u64) {
    let name = account_name(number);
    let is_user = sizes.users().contains(&number);
    let kind = match number {
        LIBRARY => "library",
        _ if is_user => "user",
        _ => "organization",
    };
    let email = is_user.then(|| format!("{name}@example.test"));
    batch.add(
        &ACCOUNTS,
        row![
            number,
            format!("{number:032x}"),
            name.as_str(),
            kind,
            "",
            email.as_deref(),
            email.as_deref(),
            is_user.then_some(BEGINNING),
            is_user.then_some(PASSWORD_HASH),
            1_u64,
            false,
            false,
            BEGINNING,
        ],
    );
    batch.add(&ACCOUNT_NAMES, row![name, number, BEGINNING]);
    if kind == "organization" {
        add_teams(batch, sizes, number);
    }
}

fn add_teams(batch: &mut Batch, sizes: &Sizes, organization: u64) {
    let mut dice = Dice::of(Subject::Teams, organization);
    let mut members = Vec::new();
    for team in 0..teams(organization) {
        let id = team_id(organization, team);
        let name = TEAM_NAMES[team as usize];
        let description = if team == OWNERS { String::new() } else { prose(&mut dice, 6, name) };
        let uuid = format!("{:032x}", u128::from(id) | 1 << 64);
        batch.add(
            &TEAMS,
            row![id, uuid, organization, name, description, team == OWNERS, BEGINNING],
        );
        let first = dice.below(sizes.accounts);
        for place in 0..=dice.below(TEAM_SIZE) {
            let person = sizes.user(first + place);
            batch.add(&TEAM_MEMBERS, row![id, person, BEGINNING]);
            members.push(person);
        }
    }
    members.sort_unstable();
    members.dedup();
    for person in members {
        batch.add(&MEMBERS, row![organization, person, false, BEGINNING]);
    }
}
