//! The catalogue of texts: every word that a page says, in each language of the site.
//!
//! Messages are in `words/LANGUAGE/AREA.ftl`, in the syntax of Project Fluent. `Frame` has the short names that
//! pages use. The tests in `tests.rs` read the sources and hold both languages complete.

mod language;
#[cfg(test)]
mod literals;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::frame::Frame;
use crate::ui::{self, Markup};

pub use language::Language;
pub use values::Value;

/// The files of a language, by area.
macro_rules! files {
    ($language:literal: $($area:literal)*) => {
        [$(include_str!(concat!("../../words/", $language, "/", $area, ".ftl"))),*]
    };
}

const ENGLISH: [&str; 8] =
    files!("en": "frame" "explore" "repository" "manage" "account" "organization" "admin" "errors");
const CHINESE: [&str; 8] = files!("zh-CN": "frame" "explore" "repository" "manage" "account" "organization" "admin" "errors");

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 2]> =
    LazyLock::new(|| [bundle(Language::English, &ENGLISH), bundle(Language::Chinese, &CHINESE)]);

fn bundle(language: Language, files: &[&str]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language.identifier()]);
    // The marks around values would stand in names that people copy.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(grouped));
    for text in files {
        // What does not parse is left out here and found by a test.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(read, _)| read);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Numbers as people of both languages write them: `2,418`.
fn grouped(
    value: &FluentValue<'_>,
    _: &intl_memoizer::concurrent::IntlLangMemoizer,
) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(ui::exact(values::whole(number))),
        _ => None,
    }
}

/// A text, with values where it has places for them. An id without a text, which the tests do not let pass,
/// stands for itself.
fn text(language: Language, id: &'static str, args: &FluentArgs<'_>) -> Cow<'static, str> {
    let [english, chinese] = &*BUNDLES;
    let bundle = match language {
        Language::English => english,
        Language::Chinese => chinese,
    };
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        return Cow::Borrowed(id);
    };
    let mut errors = Vec::new();
    Cow::Owned(bundle.format_pattern(pattern, Some(args), &mut errors).into_owned())
}

impl Frame {
    /// A text of the catalogue.
    pub fn t(&self, id: &'static str) -> Cow<'static, str> {
        text(self.language, id, &FluentArgs::new())
    }

    /// A text with one value.
    pub fn t1(&self, id: &'static str, name: &'static str, value: impl Value) -> Cow<'static, str> {
        text(self.language, id, &FluentArgs::from_iter([(name, value.value())]))
    }

    /// A text with two values.
    pub fn t2(
        &self,
        id: &'static str,
        name: &'static str,
        value: impl Value,
        second: &'static str,
        other: impl Value,
    ) -> Cow<'static, str> {
        let args = [(name, value.value()), (second, other.value())];
        text(self.language, id, &FluentArgs::from_iter(args))
    }

    /// A text with three values.
    pub fn t3(
        &self,
        id: &'static str,
        values: [(&'static str, &dyn Value); 3],
    ) -> Cow<'static, str> {
        let args = values.map(|(name, value)| (name, value.value()));
        text(self.language, id, &FluentArgs::from_iter(args))
    }

    /// A text that is HTML itself.
    pub fn h(&self, id: &'static str) -> Markup {
        Markup::trusted(self.t(id).into_owned())
    }

    /// A text that is HTML itself, around a value that is not.
    pub fn h1(&self, id: &'static str, name: &'static str, value: impl Value) -> Markup {
        let args = FluentArgs::from_iter([(name, value.html())]);
        Markup::trusted(text(self.language, id, &args).into_owned())
    }

    /// A text that is HTML itself, around two values that are not.
    pub fn h2(
        &self,
        id: &'static str,
        name: &'static str,
        value: impl Value,
        second: &'static str,
        other: impl Value,
    ) -> Markup {
        let args = FluentArgs::from_iter([(name, value.html()), (second, other.html())]);
        Markup::trusted(text(self.language, id, &args).into_owned())
    }
}
