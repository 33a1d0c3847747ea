//! Where a value comes from: option before environment before file before default.

use std::collections::BTreeMap;
use std::fmt;

use super::Problem;
use super::file::{FileValues, unknown};
use super::settings::SETTINGS;

/// Options given on the command line, by name.
pub type Options = BTreeMap<&'static str, Vec<String>>;

/// Where a value was found, as a person would look for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Option(&'static str),
    Variable(String),
    File { path: String, key: String },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(name) => write!(f, "--{name}"),
            Self::Variable(name) => f.write_str(name),
            Self::File { path, key } => write!(f, "{path}: `{key}`"),
        }
    }
}

/// The winning texts of every setting, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Values {
    found: BTreeMap<&'static str, (Source, Vec<String>)>,
    pub problems: Vec<Problem>,
    /// Variables that look like settings and are none. They may be meant for something else, so
    /// they keep nothing from running.
    pub warnings: Vec<Problem>,
}

impl Values {
    pub fn merge(
        options: Options,
        environment: &BTreeMap<String, String>,
        file: Option<(String, FileValues)>,
    ) -> Self {
        let mut merged = Self::default();
        if let Some((path, file)) = file {
            merged.problems.extend(file.problems);
            for value in file.values {
                let source = Source::File { path: path.clone(), key: value.key };
                merged.found.insert(value.name, (source, value.values));
            }
        }
        merged.take_environment(environment);
        for (name, values) in options {
            merged.found.insert(name, (Source::Option(name), values));
        }
        merged
    }

    /// An empty variable counts as unset, because compose files cannot leave one out.
    fn take_environment(&mut self, environment: &BTreeMap<String, String>) {
        for setting in SETTINGS {
            let variable = setting.variable();
            match environment.get(&variable).map(|text| text.trim()) {
                Some("") | None => {}
                Some(text) => {
                    self.found
                        .insert(setting.name, (Source::Variable(variable), vec![text.to_owned()]));
                }
            }
        }
        for name in environment.keys() {
            let Some(rest) = name.strip_prefix("ROADSTEAD_") else { continue };
            let known = rest == "CONFIG" || SETTINGS.iter().any(|s| s.variable() == *name);
            if !known {
                let setting = rest.replace('_', "-").to_ascii_lowercase();
                self.warnings.push(Problem::new(name, unknown(&setting)));
            }
        }
    }

    pub fn source(&self, name: &str) -> Option<&Source> {
        self.found.get(name).map(|(source, _)| source)
    }

    /// The text of a setting that takes one.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        debug_assert!(SETTINGS.iter().any(|s| s.name == name), "`{name}` is in the list");
        let (source, values) = self.found.get(name)?;
        match values.as_slice() {
            [one] => Some(one.clone()),
            _ => {
                self.problems.push(Problem::new(source, "takes one value"));
                None
            }
        }
    }

    /// The parsed value, or `None` when it is unset or wrong (which becomes a problem).
    pub fn parsed<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(name)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(rule) => {
                self.refuse(name, format!("`{text}`: {rule}"));
                None
            }
        }
    }

    /// All values of a setting that may have many.
    pub fn many<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let Some((_, values)) = self.found.get(name) else { return Vec::new() };
        let texts: Vec<String> = values
            .iter()
            .flat_map(|value| value.split(','))
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect();
        let mut parsed = Vec::with_capacity(texts.len());
        for text in texts {
            match parse(&text) {
                Ok(value) => parsed.push(value),
                Err(rule) => self.refuse(name, format!("`{text}`: {rule}")),
            }
        }
        parsed
    }

    /// Notes that the value of `name` will not do.
    pub fn refuse(&mut self, name: &'static str, why: impl fmt::Display) {
        let problem = match self.source(name) {
            Some(source) => Problem::new(source, why),
            None => Problem::new(format!("--{name}"), why),
        };
        self.problems.push(problem);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file::FileValue;

    fn file(name: &'static str, value: &str) -> Option<(String, FileValues)> {
        let value = FileValue { name, key: name.into(), values: vec![value.into()] };
        Some(("f".into(), FileValues { values: vec![value], problems: Vec::new() }))
    }

    #[test]
    fn an_option_beats_a_variable_and_a_variable_beats_the_file() {
        let environment = BTreeMap::from([("ROADSTEAD_LISTEN".into(), "env".into())]);
        let options = Options::from([("listen", vec!["option".to_owned()])]);
        let nothing = BTreeMap::new();

        let mut all = Values::merge(options, &environment, file("listen", "file"));
        let mut two = Values::merge(Options::new(), &environment, file("listen", "file"));
        let mut one = Values::merge(Options::new(), &nothing, file("listen", "file"));

        assert_eq!(all.text("listen").as_deref(), Some("option"));
        assert_eq!(two.text("listen").as_deref(), Some("env"));
        assert_eq!(one.text("listen").as_deref(), Some("file"));
    }

    #[test]
    fn an_unknown_variable_is_a_warning_and_an_empty_one_is_not_there() {
        let environment = BTreeMap::from([
            ("ROADSTEAD_LISTN".into(), "x".into()),
            ("ROADSTEAD_LOG".into(), " ".into()),
        ]);

        let mut values = Values::merge(Options::new(), &environment, None);

        assert_eq!(values.text("log"), None);
        let problem = values.warnings[0].to_string();
        assert_eq!(problem, "ROADSTEAD_LISTN: is not a setting; did you mean `listen`?");
    }
}
