//! What differs between two images: how they run, and the layers they are made of.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use roadstead_hub::content::{ConfigView, ImageDetails, LayerView};
use roadstead_types::Digest;

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Entrypoint,
    Command,
    User,
    WorkingFolder,
    Port,
    Volume,
    Variable,
    Label,
}

/// A value that one side has and the other has not, or has otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub about: About,
    /// Of a variable or a label.
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// How the layers of one lie to those of the other.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    pub shared: u64,
    pub shared_bytes: u64,
    pub removed: Vec<LayerView>,
    pub added: Vec<LayerView>,
}

pub fn changes(from: &ConfigView, to: &ConfigView) -> Vec<Change> {
    let one = |about, before: String, after: String| Change {
        about,
        name: String::new(),
        before: Some(before).filter(|text| !text.is_empty()),
        after: Some(after).filter(|text| !text.is_empty()),
    };
    let mut all = vec![
        one(About::Entrypoint, from.entrypoint.join(" "), to.entrypoint.join(" ")),
        one(About::Command, from.command.join(" "), to.command.join(" ")),
        one(About::User, from.user.clone(), to.user.clone()),
        one(About::WorkingFolder, from.working_dir.clone(), to.working_dir.clone()),
    ];
    all.extend(keyed(About::Port, &of_list(&from.ports), &of_list(&to.ports)));
    all.extend(keyed(About::Volume, &of_list(&from.volumes), &of_list(&to.volumes)));
    all.extend(keyed(About::Variable, &of_pairs(&from.env), &of_pairs(&to.env)));
    all.extend(keyed(About::Label, &from.labels, &to.labels));
    all.retain(|change| change.before != change.after);
    all
}

fn keyed(
    about: About,
    from: &BTreeMap<String, String>,
    to: &BTreeMap<String, String>,
) -> Vec<Change> {
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let change = |name: &String| Change {
        about,
        name: name.clone(),
        before: from.get(name).cloned(),
        after: to.get(name).cloned(),
    };
    names.into_iter().map(change).collect()
}

/// What has no value has itself for one.
fn of_list(list: &[String]) -> BTreeMap<String, String> {
    list.iter().map(|item| (item.clone(), item.clone())).collect()
}

fn of_pairs(pairs: &[String]) -> BTreeMap<String, String> {
    let split = |pair: &String| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), value.to_owned())
    };
    pairs.iter().map(split).collect()
}

pub fn layers(from: &ImageDetails, to: &ImageDetails) -> Layers {
    let (before, after) = (digests(&from.layers), digests(&to.layers));
    let shared: Vec<_> = with_files(&to.layers).filter(|(it, _)| before.contains(it)).collect();
    let missing = |layers: &[LayerView], there: &HashSet<Digest>| {
        let missing = with_files(layers).filter(|(it, _)| !there.contains(it));
        missing.map(|(_, layer)| layer.clone()).collect()
    };
    Layers {
        shared: shared.len() as u64,
        shared_bytes: shared.iter().map(|(_, layer)| layer.size).sum(),
        removed: missing(&from.layers, &after),
        added: missing(&to.layers, &before),
    }
}

fn digests(layers: &[LayerView]) -> HashSet<Digest> {
    with_files(layers).map(|(digest, _)| digest).collect()
}

fn with_files(layers: &[LayerView]) -> impl Iterator<Item = (Digest, &LayerView)> {
    layers.iter().filter_map(|layer| layer.digest.map(|digest| (digest, layer)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(number: u8) -> LayerView {
        let digest = format!("sha256:{}", format!("{number:02x}").repeat(32)).parse().unwrap();
        LayerView { digest: Some(digest), size: number.into(), instruction: String::new() }
    }

    fn config(env: &[&str], user: &str) -> ConfigView {
        let env = env.iter().map(ToString::to_string).collect();
        ConfigView { env, user: user.to_owned(), ..ConfigView::default() }
    }

    #[test]
    fn only_what_differs_is_told() {
        let from = config(&["A=1", "B=2", "C=3"], "");
        let to = config(&["A=1", "B=x", "D="], "app");

        let told = changes(&from, &to);
        let told: Vec<_> = told
            .iter()
            .map(|it| (it.about, &*it.name, it.before.as_deref(), it.after.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                (About::User, "", None, Some("app")),
                (About::Variable, "B", Some("2"), Some("x")),
                (About::Variable, "C", Some("3"), None),
                (About::Variable, "D", None, Some("")),
            ]
        );
        assert_eq!(changes(&from, &from), []);
    }

    #[test]
    fn layers_are_the_same_by_digest() {
        let empty = LayerView { digest: None, ..layer(9) };
        let image = |layers: Vec<LayerView>| ImageDetails { config: None, layers };
        let found = layers(
            &image(vec![layer(1), layer(2), empty.clone(), layer(3)]),
            &image(vec![layer(1), empty, layer(3), layer(4)]),
        );

        assert_eq!((found.shared, found.shared_bytes), (2, 4));
        assert_eq!(found.removed.iter().map(|it| it.size).collect::<Vec<_>>(), [2]);
        assert_eq!(found.added.iter().map(|it| it.size).collect::<Vec<_>>(), [4]);
    }
}
