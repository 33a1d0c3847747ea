//! What may stand in a text: numbers, which choose the plural and get separators, and words.

use std::borrow::Cow;

use fluent_bundle::FluentValue;
use fluent_bundle::types::FluentNumber;

use crate::ui::{self, Markup};

/// A value for a place in a text. Templates hand over references.
pub trait Value {
    fn value(&self) -> FluentValue<'_>;

    /// As it may stand in a text that is HTML.
    fn html(&self) -> FluentValue<'static> {
        match self.value() {
            FluentValue::String(text) => FluentValue::from(ui::escaped(&text)),
            FluentValue::Number(number) => FluentValue::Number(number),
            _ => FluentValue::None,
        }
    }
}

macro_rules! numbers {
    ($($kind:ty)*) => { $(impl Value for $kind {
        fn value(&self) -> FluentValue<'_> {
            FluentValue::from(*self)
        }
    })* };
}
numbers!(u16 u32 u64 usize i64);

impl Value for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl Value for String {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl Value for Cow<'_, str> {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_ref())
    }
}

/// For texts that are HTML, like itself.
impl Value for Markup {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.to_string())
    }

    fn html(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_string())
    }
}

impl<V: Value + ?Sized> Value for &V {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }

    fn html(&self) -> FluentValue<'static> {
        (**self).html()
    }
}

/// Pages count things, of which there are no parts and never less than none.
pub(super) fn whole(number: &FluentNumber) -> u64 {
    number.as_string().parse().unwrap_or(0)
}
