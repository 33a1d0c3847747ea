//! How texts and queries are cut into what is compared.

use std::collections::HashSet;

use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, SimpleTokenizer, TextAnalyzer};

/// Longest beginning of a word that is found by itself; longer ones are found by what they contain.
pub(crate) const MAX_PREFIX: usize = 20;
/// Length of the pieces that substrings are found by; shorter substrings are not found.
pub(crate) const GRAM: usize = 3;
/// Longer words of prose are no words: hashes, keys, links.
const MAX_WORD_BYTES: usize = 64;

/// Cuts at whatever is neither letter nor digit; small letters, no accents.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut analyzer = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build();
    let mut words = Vec::new();
    analyzer.token_stream(text).process(&mut |token| words.push(token.text.clone()));
    words
}

/// Letters and digits alone: `redis-cluster`, `redis_cluster` and `redis cluster` are one name.
pub(crate) fn squeezed(text: &str) -> String {
    words(text).concat()
}

/// The words of a name, and all of it in one.
pub(crate) fn name_words(name: &str) -> Vec<String> {
    let mut words = words(name);
    if words.len() > 1 {
        words.push(words.concat());
    }
    words
}

/// Cuts prose, leaving out words that were `seen` in a better place, and remembers the rest.
pub(crate) fn fresh_words(text: &str, seen: &mut HashSet<String>) -> Vec<String> {
    let mut words = words(text);
    words.retain(|word| word.len() <= MAX_WORD_BYTES && seen.insert(word.clone()));
    words
}

/// How words begin, each beginning once, up to the whole word.
pub(crate) fn prefixes(words: &[String]) -> HashSet<String> {
    let prefixes = |word: &String| -> Vec<String> {
        let ends = word.char_indices().map(|(start, character)| start + character.len_utf8());
        ends.take(MAX_PREFIX).map(|end| word[..end].to_owned()).collect()
    };
    words.iter().flat_map(prefixes).collect()
}

/// All pieces of [`GRAM`] characters.
pub(crate) fn grams(word: &str) -> HashSet<String> {
    let characters: Vec<char> = word.chars().collect();
    characters.windows(GRAM).map(|piece| piece.iter().collect()).collect()
}

/// As many pieces as cover the word. What has them all but not the word itself is rare, and a name
/// that has them in another order is no bad find.
pub(crate) fn covering_grams(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    let last = characters.len().saturating_sub(GRAM);
    let starts = (0..last).step_by(GRAM).chain([last]);
    starts.map(|start| characters[start..].iter().take(GRAM).collect()).collect()
}
