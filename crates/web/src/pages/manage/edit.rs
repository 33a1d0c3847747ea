//! `/{namespace}/{repository}/edit`: what the people of a repository say of it.

use std::borrow::Cow;

use askama::Template;
use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::access::Describe;
use roadstead_hub::repos::{CATEGORIES, EditError, RepositoryDetails, Subjects, Texts};

use super::{Refused, categories, opened};
use crate::form::Errors;
use crate::frame::Frame;
use crate::long_form::LongForm;
use crate::page::{Caching, Page};
use crate::pages::head::{Head, Tab};
use crate::seen::Seen;
use crate::ui::Markup;

/// What is typed, or what there is to begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Typed {
    description: String,
    readme: String,
    categories: Vec<String>,
    topics: Vec<String>,
}

#[derive(Template)]
#[template(path = "manage/edit.html", blocks = ["preview"])]
pub struct Edit {
    frame: Frame,
    head: Head,
    typed: Typed,
    /// The text as it would look, where that was asked for.
    preview: Option<Markup>,
    errors: Errors,
}

impl Page for Edit {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }

    fn region(&self) -> Option<askama::Result<String>> {
        self.preview.is_some().then(|| self.as_preview().render())
    }
}

pub async fn form(seen: Seen<Describe>) -> Response {
    let made = make(&seen, None, None, Errors::default()).await;
    seen.visit.answer(made)
}

pub async fn submit(seen: Seen<Describe>, body: Body) -> Response {
    let form = match LongForm::read(body).await {
        Ok(form) => form,
        Err(problem) => return seen.visit.refuse(&problem),
    };
    let typed = Typed::of(&form);
    if form.text("what") == "preview" {
        let preview = seen.visit.markdown(&typed.readme);
        let made = make(&seen, Some(typed), Some(preview), Errors::default()).await;
        return seen.visit.answer(made);
    }
    match save(&seen, &typed, &form).await {
        Ok(answer) | Err(Refused::Answer(answer)) => answer,
        Err(Refused::Problem(problem)) => seen.visit.refuse(&problem),
        Err(Refused::Form(errors)) => {
            let made = make(&seen, Some(typed), None, errors).await;
            seen.visit.answer(made)
        }
    }
}

async fn make(
    Seen { repo, visit, .. }: &Seen<Describe>,
    typed: Option<Typed>,
    preview: Option<Markup>,
    errors: Errors,
) -> Result<Edit, Problem> {
    let (details, head) = opened(&visit.frame, repo, Tab::Overview).await?;
    let typed = typed.unwrap_or_else(|| Typed::from(&details));
    Ok(Edit { frame: visit.frame.clone(), head, typed, preview, errors })
}

/// Changes what was changed, so that the log holds nothing else.
async fn save(
    Seen { repo, visit, .. }: &Seen<Describe>,
    typed: &Typed,
    form: &LongForm,
) -> Result<Response, Refused> {
    visit.sender(form.text("mark"))?;
    if form.text("what") != "save" {
        return Err(Errors::at("description", visit.frame.t("manage-choose")).into());
    }
    let (details, head) = opened(&visit.frame, repo, Tab::Overview).await?;
    let old = Typed::from(&details);
    let other = |new: &str, old: &str| (new != old).then(|| new.to_owned());
    let others = |new: &Vec<String>, old: &Vec<String>| (new != old).then(|| new.clone());
    let texts = Texts {
        description: other(&typed.description, &old.description),
        full_description: other(&typed.readme, &old.readme),
    };
    let subjects = Subjects {
        categories: others(&typed.categories, &old.categories),
        topics: others(&typed.topics, &old.topics),
    };
    repo.edit(texts, subjects).await.map_err(refuse)?;
    Ok(visit.done(&head.card.href, &visit.frame.t("manage-saved")))
}

fn refuse(error: EditError) -> Refused {
    use roadstead_hub::repos::SubjectError::{TooManyCategories, UnknownCategory};
    let field = match &error {
        EditError::DescriptionTooLong { .. } => "description",
        EditError::FullDescriptionTooLong { .. } => "readme",
        EditError::Subjects(TooManyCategories(_) | UnknownCategory(_)) => "categories",
        EditError::Subjects(_) => "topics",
        _ => return super::refuse_edit("description", error),
    };
    Errors::at(field, error.to_string()).into()
}

impl Typed {
    fn of(form: &LongForm) -> Self {
        let topics = form.text("topics").split([',', ' ']).map(str::trim);
        Self {
            description: form.text("description").trim().to_owned(),
            // Browsers send a line's end as two letters, which would be kept for ever.
            readme: form.text("readme").replace("\r\n", "\n"),
            categories: form.all("categories"),
            topics: topics.filter(|topic| !topic.is_empty()).map(str::to_owned).collect(),
        }
    }
}

impl From<&RepositoryDetails> for Typed {
    fn from(details: &RepositoryDetails) -> Self {
        Self {
            description: details.record.description.clone(),
            readme: details.particulars.readme.clone(),
            categories: details.record.categories.clone(),
            topics: details.record.topics.clone(),
        }
    }
}

impl Edit {
    /// Each category: its word, its name, and whether it is chosen.
    fn categories(&self) -> impl Iterator<Item = (&'static str, Cow<'static, str>, bool)> {
        let is_chosen = |slug: &str| self.typed.categories.iter().any(|chosen| chosen == slug);
        CATEGORIES.into_iter().map(move |category| {
            (category.slug, categories::name(&self.frame, category), is_chosen(category.slug))
        })
    }

    fn description_length(&self) -> usize {
        self.typed.description.chars().count()
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Edit> {
    let page = |preview, errors| Edit {
        frame: Frame::sample("/harborworks/tidewatch/edit", Some("alice")),
        head: Head::sample(Tab::Overview),
        typed: Typed {
            description: "Tide & weather <telemetry>".to_owned(),
            readme: "<script>alert(1)</script></textarea>".to_owned(),
            categories: vec!["security".to_owned()],
            topics: vec!["A=<b>".to_owned()],
        },
        preview,
        errors,
    };
    let preview = crate::markdown::render("# Tidewatch\n\n<script>alert(1)</script>\n");
    let errors = Errors::at("topics", "`A=<b>` is no topic");
    let fine = Errors::default;
    vec![page(None, fine()), page(Some(preview), fine()), page(None, errors)]
}
