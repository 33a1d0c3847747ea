//! Repositories: whose they are, what they are called, what is in them.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use roadstead_types::Tag;
use roadstead_types::version::order_key;

use crate::content::{Content, IMAGES, blob_ids};
use crate::dice::{Dice, Subject};
use crate::people::{BEGINNING, account_name, team_id, teams};
use crate::rows::{Batch, Table, row};
use crate::sizes::{GREATEST, LIBRARY, Sizes};
use crate::words::{made_up, name, product, prose, ranked};

/// Three years in microseconds, over which the repositories were made.
const GROWING: u64 = 3 * 365 * 86_400_000_000;
const MINUTE: u64 = 60_000_000;

/// Stars and pulls of the most popular repository.
const MOST_STARS: u64 = 20_000;
const MOST_PULLS: u64 = 1_000_000_000;

const REPOSITORIES: Table = Table {
    name: "repositories",
    columns: &[
        "id",
        "namespace_id",
        "path",
        "is_private",
        "is_automated",
        "is_official",
        "description",
        "topics",
        "generation",
        "created_at",
        "updated_at",
        "pushed_at",
        "pushed_by",
    ],
};
const PATHS: Table = Table {
    name: "repository_paths",
    columns: &["path", "repository_id", "is_current", "created_at"],
};
const COUNTS: Table = Table {
    name: "repository_counts",
    columns: &["repository_id", "namespace_id", "stars", "pulls", "pulled_at"],
};
const READMES: Table = Table { name: "readmes", columns: &["repository_id", "updated_at", "text"] };
const LINKS: Table =
    Table { name: "repository_blobs", columns: &["repository_id", "blob_id", "linked_at"] };
const MANIFESTS: Table = Table {
    name: "manifests",
    columns: &[
        "id",
        "repository_id",
        "digest",
        "media_type",
        "size_bytes",
        "pushed_at",
        "pushed_by",
        "body",
    ],
};
const REFERENCES: Table = Table {
    name: "manifest_references",
    columns: &[
        "manifest_id",
        "position",
        "repository_id",
        "kind",
        "digest",
        "size_bytes",
        "media_type",
        "platform",
    ],
};
const TAGS: Table = Table {
    name: "tags",
    columns: &["repository_id", "name", "manifest_id", "moved_at", "moved_by", "version_key"],
};
const STARS: Table =
    Table { name: "stars", columns: &["repository_id", "account_id", "starred_at"] };
const GRANTS: Table =
    Table { name: "team_grants", columns: &["repository_id", "team_id", "level", "granted_at"] };
const COLLABORATORS: Table =
    Table { name: "collaborators", columns: &["repository_id", "account_id", "level", "added_at"] };

/// Most manifests of a repository: an index and two images.
const MANIFEST_IDS: u64 = 4;

/// All repositories of a hub, in the order in which they were made.
pub struct Repositories {
    sizes: Sizes,
    /// Hashes of the paths so far.
    paths: HashSet<u64>,
    next: u64,
    tags_left: u64,
}

pub struct Repository {
    id: u64,
    owner: u64,
    path: String,
    is_private: bool,
    created_at: u64,
    pub tags: u64,
    dice: Dice,
}

impl Repositories {
    pub fn new(sizes: Sizes) -> Self {
        Self { sizes, paths: HashSet::new(), next: 1, tags_left: sizes.tags }
    }

    fn owner(&self, id: u64, dice: &mut Dice) -> u64 {
        match id % 10_000 {
            1 => LIBRARY,
            other if other.is_multiple_of(10) => GREATEST,
            _ => GREATEST + 1 + dice.skewed(self.sizes.accounts - GREATEST),
        }
    }

    /// A name that the namespace does not have yet.
    fn path(&mut self, id: u64, owner: u64, dice: &mut Dice) -> String {
        let name = if owner == LIBRARY { ranked(id / 10_000) } else { name(dice) };
        let mut path = format!("{}/{name}", account_name(owner));
        // Also a name with one word more may be somebody's already.
        while !self.paths.insert(hash(&path)) {
            path = format!("{path}-{}", made_up(id));
        }
        path
    }

    /// A few, and for the last repository all that are left.
    fn tags(&mut self, id: u64, dice: &mut Dice) -> u64 {
        let following = self.sizes.repositories - id;
        let share = dice.skewed(self.sizes.tags * 5 / 2 / self.sizes.repositories);
        let tags = match following {
            0 => self.tags_left,
            _ => (1 + share).min(self.tags_left - following),
        };
        self.tags_left -= tags;
        tags
    }
}

fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

impl Iterator for Repositories {
    type Item = Repository;

    fn next(&mut self) -> Option<Repository> {
        let id = self.next;
        if id > self.sizes.repositories {
            return None;
        }
        self.next += 1;
        let mut dice = Dice::of(Subject::Repository, id);
        let owner = self.owner(id, &mut dice);
        let path = self.path(id, owner, &mut dice);
        let is_private = dice.one_in(10) && owner != LIBRARY;
        let tags = self.tags(id, &mut dice);
        let created_at = BEGINNING + GROWING / self.sizes.repositories * id;
        Some(Repository { id, owner, path, is_private, created_at, tags, dice })
    }
}

impl Repository {
    pub fn add(mut self, batch: &mut Batch, sizes: &Sizes, content: &Content) {
        let pusher = sizes.users().contains(&self.owner).then_some(self.owner);
        self.add_description(batch, pusher);
        self.add_counts(batch, sizes);
        self.add_content(batch, content, pusher);
        self.add_rights(batch, sizes);
    }

    fn updated_at(&self) -> u64 {
        self.created_at + self.tags * MINUTE
    }

    fn add_description(&mut self, batch: &mut Batch, pusher: Option<u64>) {
        let name = self.path.split_once('/').map_or("", |(_, name)| name).to_owned();
        let about = name.split('-').next().unwrap_or_default();
        let topics: Vec<_> = (0..self.dice.below(3)).map(|_| product(&mut self.dice)).collect();
        let description = prose(&mut self.dice, 10, about);
        batch.add(
            &REPOSITORIES,
            row![
                self.id,
                self.owner,
                self.path.as_str(),
                self.is_private,
                self.dice.one_in(20),
                self.owner == LIBRARY,
                description,
                serde_json::Value::from(topics).to_string(),
                1_u64,
                self.created_at,
                self.updated_at(),
                self.updated_at(),
                pusher,
            ],
        );
        batch.add(&PATHS, row![self.path.as_str(), self.id, true, self.created_at]);
        let mut dice = Dice::of(Subject::Readme, self.id);
        if dice.one_in(2) {
            let text = prose(&mut dice, 60, about);
            batch.add(&READMES, row![self.id, self.created_at, text]);
        }
    }

    fn add_counts(&mut self, batch: &mut Batch, sizes: &Sizes) {
        let users = sizes.users();
        let most = MOST_STARS.min((users.end - users.start) / 2);
        let stars = self.dice.popularity(most, sizes.repositories);
        let pulls = self.dice.popularity(MOST_PULLS, sizes.repositories);
        batch.add(&COUNTS, row![self.id, self.owner, stars, pulls, self.updated_at()]);
        let first = self.dice.below(sizes.accounts);
        for place in 0..stars {
            batch.add(&STARS, row![self.id, sizes.user(first + place), self.updated_at()]);
        }
    }

    /// One image, or an index of two; all tags point at it.
    fn add_content(&mut self, batch: &mut Batch, content: &Content, pusher: Option<u64>) {
        let first = self.dice.below(IMAGES / 2) * 2;
        let images = if self.dice.one_in(8) { first..first + 2 } else { first..first + 1 };
        let mut manifests: Vec<_> =
            images.clone().map(|image| &content.images[image as usize]).collect();
        if manifests.len() > 1 {
            manifests.push(&content.indexes[(first / 2) as usize]);
        }
        for blob in images.flat_map(blob_ids) {
            batch.add(&LINKS, row![self.id, blob, self.created_at]);
        }
        let mut id = self.id * MANIFEST_IDS;
        for manifest in manifests {
            id += 1;
            let (digest, bytes) = (&manifest.digest[..], manifest.body.len() as u64);
            let body = &manifest.body[..];
            let kind = manifest.media_type;
            batch.add(
                &MANIFESTS,
                row![id, self.id, digest, kind, bytes, self.created_at, pusher, body],
            );
            for (place, part) in manifest.parts.iter().enumerate() {
                let (digest, platform) = (&part.digest[..], part.platform);
                batch.add(
                    &REFERENCES,
                    row![
                        id,
                        place as u64,
                        self.id,
                        part.kind,
                        digest,
                        part.bytes,
                        part.media_type,
                        platform
                    ],
                );
            }
        }
        for number in 0..self.tags {
            let moved_at = self.created_at + number * MINUTE;
            let tag = tag(number);
            let key = order_key(&tag);
            batch.add(&TAGS, row![self.id, tag.as_str(), id, moved_at, pusher, key]);
        }
    }

    /// Private repositories are let to a team or a person; of the public ones of organizations, some.
    fn add_rights(&self, batch: &mut Batch, sizes: &Sizes) {
        let mut dice = Dice::of(Subject::Grants, self.id);
        let level = 1 + dice.below(3);
        if sizes.organizations().contains(&self.owner) {
            if self.is_private || dice.one_in(20) {
                let team = team_id(self.owner, 1 + dice.below(teams(self.owner) - 1));
                batch.add(&GRANTS, row![self.id, team, level, self.created_at]);
            }
        } else if self.is_private && self.owner != LIBRARY {
            let person = sizes.user(dice.below(sizes.accounts));
            if person != self.owner {
                batch.add(&COLLABORATORS, row![self.id, person, level.min(2), self.created_at]);
            }
        }
    }
}

fn tag(number: u64) -> Tag {
    let text = match number {
        0 => "latest".to_owned(),
        _ => format!("{}.{}.{}", number / 100, number / 10 % 10, number % 10),
    };
    text.parse().expect("made of digits and dots")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: Sizes = Sizes { accounts: 200, repositories: 5_000, tags: 40_000 };

    #[test]
    fn there_are_as_many_tags_as_asked_for_and_no_path_twice() {
        let all: Vec<_> = Repositories::new(SIZES).collect();
        let paths: HashSet<_> = all.iter().map(|repository| &repository.path).collect();

        assert_eq!((all.len(), paths.len()), (5_000, 5_000));
        assert_eq!(all.iter().map(|repository| repository.tags).sum::<u64>(), SIZES.tags);
        assert!(all.iter().all(|repository| repository.tags > 0));
    }

    #[test]
    fn names_are_those_that_the_hub_accepts_and_owners_exist() {
        for repository in Repositories::new(SIZES) {
            let name = repository.path.parse::<roadstead_types::RepositoryName>();
            assert!(name.is_ok(), "{}", repository.path);
            assert!((LIBRARY..=SIZES.accounts).contains(&repository.owner));
        }
    }
}
