//! What the sweep saw, written down for review.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use roadstead_http::{Access, RouteEntry};

use crate::cast::Person;
use crate::model::{self, Door, State};

#[derive(Default)]
pub struct Report {
    /// The rights that routes ask for, each through a door.
    rights: BTreeSet<(Door, &'static str)>,
    routes: String,
}

impl Report {
    pub fn repository_route(
        &mut self,
        entry: &RouteEntry,
        has_twin: bool,
        right: &'static str,
        door: Door,
        let_in: &BTreeSet<u16>,
    ) {
        self.rights.insert((door, right));
        let statuses: Vec<_> = let_in.iter().map(u16::to_string).collect();
        let note = format!("{right}, {}", word(door));
        self.row(entry, has_twin, &note, &format!("in: {}", statuses.join(" ")));
    }

    pub fn other_route(
        &mut self,
        entry: &RouteEntry,
        has_twin: bool,
        answers: &BTreeMap<u16, Vec<&'static str>>,
    ) {
        let note = match entry.access {
            Access::Place(place) => place,
            Access::SignedIn => "signed in",
            Access::Administrator => "administrator",
            Access::Right(_) | Access::Public(_) => "public",
        };
        let most = answers.iter().max_by_key(|(_, people)| people.len()).map(|(status, _)| *status);
        let groups: Vec<_> = answers
            .iter()
            .map(|(status, people)| match Some(*status) == most {
                true if answers.len() == 1 => format!("{status} all"),
                true => format!("{status} others"),
                false => format!("{status} {}", people.join(", ")),
            })
            .collect();
        self.row(entry, has_twin, note, &groups.join("; "));
    }

    fn row(&mut self, entry: &RouteEntry, has_twin: bool, note: &str, answers: &str) {
        let slash = if has_twin { "[/]" } else { "" };
        let start = format!("{:<6} {}{slash}", entry.method.as_str(), entry.pattern);
        writeln!(self.routes, "{start}\n       {note}: {answers}").expect("a text grows");
    }

    /// First what each right means for everybody, by the model; then each route with the right it asks for
    /// and what it answers those who have it.
    pub fn text(&self, people: &[Person]) -> String {
        let mut text = String::new();
        for (door, right) in &self.rights {
            text += &table(people, right, *door);
        }
        text + &self.routes
    }
}

fn table(people: &[Person], right: &str, door: Door) -> String {
    let mut text = format!("{:<32}", format!("{right}, {}", word(door)));
    for state in State::ALL {
        text += &format!("{:<9}", format!("{state:?}").to_lowercase());
    }
    let mut text = format!("{}\n", text.trim_end());
    for person in people {
        for namespace in person.namespaces {
            let verdicts = State::ALL
                .map(|state| model::on_repository(&person.facts, right, namespace, state, door));
            let words = verdicts.map(|verdict| format!("{:<9}", verdict.word())).concat();
            text += &format!("  {:<16}{namespace:<14}{}\n", person.name, words.trim_end());
        }
    }
    text + "\n"
}

fn word(door: Door) -> &'static str {
    match door {
        Door::Api => "API",
        Door::Basic => "registry, basic",
        Door::Bearer => "registry, bearer",
    }
}
