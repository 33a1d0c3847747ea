//! What made-up things are called.

use crate::dice::Dice;

/// The commonest of the words that names are made of; the others are made up.
const PRODUCTS: &[&str] = &[
    "docker",
    "nginx",
    "redis",
    "postgres",
    "mysql",
    "node",
    "python",
    "golang",
    "app",
    "web",
    "api",
    "server",
    "proxy",
    "jenkins",
    "kafka",
    "zookeeper",
    "elasticsearch",
    "grafana",
    "prometheus",
    "wordpress",
    "php",
    "tomcat",
    "java",
    "react",
    "frontend",
    "backend",
    "worker",
    "backup",
    "mongodb",
    "rabbitmq",
    "cluster",
    "exporter",
    "operator",
    "agent",
    "client",
    "builder",
];
const WORDS_OF_NAMES: u64 = 20_000;
const WORDS_OF_PROSE: u64 = 5_000;
/// No one begins another, so that different numbers give different words.
const SYLLABLES: [&str; 16] = [
    "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "xa", "zen", "dra", "plo", "gri", "stu",
    "wex",
];

/// A word of its own for each number.
pub fn made_up(mut number: u64) -> String {
    let mut word = String::new();
    while number > 0 {
        word += SYLLABLES[(number % 16) as usize];
        number /= 16;
    }
    word
}

/// The word of this rank: the lower, the commoner.
pub fn ranked(rank: u64) -> String {
    let known = usize::try_from(rank).ok().and_then(|rank| PRODUCTS.get(rank));
    known.map_or_else(|| made_up(rank * 7 + 3), |word| (*word).to_owned())
}

pub fn product(dice: &mut Dice) -> String {
    ranked(dice.skewed(WORDS_OF_NAMES))
}

/// One to three words.
pub fn name(dice: &mut Dice) -> String {
    let words: Vec<_> = (0..=dice.below(3)).map(|_| product(dice)).collect();
    words.join("-")
}

/// Up to `most` words that are in no name, what it is about, and another product.
pub fn prose(dice: &mut Dice, most: u64, about: &str) -> String {
    let mut words = Vec::new();
    for _ in 0..dice.below(most) {
        words.push(made_up(dice.skewed(WORDS_OF_PROSE) + 16) + "y");
    }
    words.extend([about.to_owned(), product(dice)]);
    words.join(" ")
}
