//! Forms that were sent: what is wrong with one, said beside its fields.

use http::StatusCode;

use crate::failure::sentence;
use crate::ui::{self, Markup};

/// The refusals of a form, by the names of its fields; under no name what is about the form as a whole.
#[derive(Clone, Debug)]
pub struct Errors {
    pub status: StatusCode,
    texts: Vec<(&'static str, String)>,
}

impl Default for Errors {
    fn default() -> Self {
        Self { status: StatusCode::OK, texts: Vec::new() }
    }
}

impl Errors {
    pub fn at(field: &'static str, text: impl Into<String>) -> Self {
        Self::default().and(field, text)
    }

    pub fn of_form(text: impl Into<String>) -> Self {
        Self::at("", text)
    }

    #[must_use]
    pub fn and(mut self, field: &'static str, text: impl Into<String>) -> Self {
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        self.texts.push((field, text.into()));
        self
    }

    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub fn get(&self, field: &str) -> Option<&str> {
        self.texts.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str())
    }

    /// Where there is no form to say more at.
    pub fn first(&self) -> Option<&str> {
        self.texts.first().map(|(_, text)| text.as_str())
    }

    /// What stands below a field.
    pub fn text(&self, field: &str) -> Markup {
        let Some(text) = self.get(field) else { return Markup::default() };
        let (icon, text) = (ui::icon("warn"), ui::escaped(&sentence(text)));
        Markup::trusted(format!(r#"<p class="error-text" id="{field}-error">{icon}{text}</p>"#))
    }

    /// Attributes of a field: that it is wrong, and what describes it. `hint` is the id of what always does.
    pub fn marks(&self, field: &str, hint: &str) -> Markup {
        let is_wrong = self.get(field).is_some();
        let error = if is_wrong { format!("{field}-error") } else { String::new() };
        let ids: Vec<&str> =
            [hint, error.as_str()].into_iter().filter(|id| !id.is_empty()).collect();
        let described = match ids.is_empty() {
            true => String::new(),
            false => format!(r#" aria-describedby="{}""#, ids.join(" ")),
        };
        let invalid = if is_wrong { r#" aria-invalid="true""# } else { "" };
        Markup::trusted(format!("{described}{invalid}"))
    }

    /// What stands above the form.
    pub fn note(&self) -> Markup {
        let Some(text) = self.get("") else { return Markup::default() };
        let (icon, text) = (ui::icon("warn"), ui::escaped(&sentence(text)));
        Markup::trusted(format!(r#"<div class="note bad" role="alert">{icon}<p>{text}</p></div>"#))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_stands_beside_its_field_and_is_text() {
        let errors = Errors::at("name", "`<b>` is no name").and("", "try again");

        assert_eq!(errors.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (text, note) = (errors.text("name").to_string(), errors.note().to_string());
        assert!(text.contains("id=\"name-error\"") && !text.contains("<b>"), "{text}");
        assert!(note.contains("Try again."), "{note}");
        let marks = errors.marks("name", "name-hint").to_string();
        assert_eq!(marks, r#" aria-describedby="name-hint name-error" aria-invalid="true""#);
        assert!(errors.text("email").is_empty() && errors.marks("email", "").is_empty());
    }
}
