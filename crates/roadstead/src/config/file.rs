//! Reads `roadstead.toml`. A key is the name of a setting; a table's name is the front part of the
//! names in it, so `[s3] endpoint = ".."` is `s3-endpoint = ".."`.

use std::path::Path;

use toml::{Table, Value};

use super::Problem;
use super::settings::{SETTINGS, find};

/// One key and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileValue {
    pub name: &'static str,
    /// The key as it stands in the file.
    pub key: String,
    pub values: Vec<String>,
}

/// Everything a file sets, and everything wrong with its form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileValues {
    pub values: Vec<FileValue>,
    pub problems: Vec<Problem>,
}

/// Reads the file; a file that cannot be read is one problem.
pub fn read(path: &Path) -> FileValues {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&path.display().to_string(), &text),
        Err(error) => FileValues {
            values: Vec::new(),
            problems: vec![Problem::new(path.display(), format!("cannot be read: {error}"))],
        },
    }
}

fn parse(path: &str, text: &str) -> FileValues {
    let mut found = FileValues::default();
    match text.parse::<Table>() {
        Ok(table) => flatten(path, "", &table, &mut found),
        Err(error) => found.problems.push(Problem::new(path, error.to_string().trim_end())),
    }
    found
}

fn flatten(path: &str, prefix: &str, table: &Table, found: &mut FileValues) {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            Value::Table(inner) => flatten(path, &format!("{key}."), inner, found),
            value => take(path, key, value, found),
        }
    }
}

fn take(path: &str, key: String, value: &Value, found: &mut FileValues) {
    let name = key.replace(['.', '_'], "-");
    let place = format!("{path}: `{key}`");
    let Some(setting) = find(&name) else {
        found.problems.push(Problem::new(place, unknown(&name)));
        return;
    };
    match texts(value) {
        Some(_) if found.values.iter().any(|other| other.name == setting.name) => {
            found.problems.push(Problem::new(place, "is set twice"));
        }
        Some(values) => found.values.push(FileValue { name: setting.name, key, values }),
        None => {
            found.problems.push(Problem::new(place, "takes a text, a number or true and false"))
        }
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        value => Some(vec![text(value)?]),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(on) => Some(on.to_string()),
        Value::Float(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_) => None,
    }
}

/// "unknown setting", with the name that was probably meant.
pub fn unknown(name: &str) -> String {
    let nearest = SETTINGS
        .iter()
        .map(|setting| (distance(name, setting.name), setting.name))
        .min()
        .filter(|(distance, known)| *distance <= known.len().max(name.len()) / 2);
    match nearest {
        Some((_, known)) => format!("is not a setting; did you mean `{known}`?"),
        None => "is not a setting".to_owned(),
    }
}

/// How many letters must be added, removed or changed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_underscores_spell_the_same_names() {
        let flat = parse("f", "s3-endpoint = 'http://a'\ntrusted_proxy = ['10.0.0.0/8', '::1']");
        let nested =
            parse("f", "trusted-proxy = ['10.0.0.0/8', '::1']\n[s3]\nendpoint = 'http://a'");

        let names = |found: &FileValues| {
            let mut all: Vec<_> = found.values.iter().map(|v| (v.name, v.values.clone())).collect();
            all.sort();
            all
        };
        assert!(flat.problems.is_empty() && nested.problems.is_empty());
        assert_eq!(names(&flat), names(&nested));
        assert_eq!(flat.values.len(), 2);
    }

    #[test]
    fn every_unknown_key_is_reported_with_the_nearest_name() {
        let found =
            parse("roadstead.toml", "lisen = ':5000'\nzzz = 1\n[s3]\nendpont = 'x'\nlog = 1.5");

        let texts: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
        assert!(
            texts.contains(
                &"roadstead.toml: `lisen`: is not a setting; did you mean `listen`?".into()
            ),
            "{texts:?}"
        );
        assert!(texts.contains(&"roadstead.toml: `zzz`: is not a setting".into()), "{texts:?}");
        assert!(
            texts.iter().any(|t| t.contains("`s3.endpont`") && t.contains("`s3-endpoint`")),
            "{texts:?}"
        );
    }

    #[test]
    fn a_file_that_is_not_toml_names_the_line() {
        let found = parse("roadstead.toml", "listen = 'a'\nlisten 5");

        assert!(found.problems[0].to_string().contains("line 2"), "{:?}", found.problems);
    }
}
