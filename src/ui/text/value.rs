//! Values that are filled into texts.

#[cfg(feature = "ssr")]
use fluent_bundle::FluentValue;
use std::borrow::Cow;

/// A number or a name that a text mentions. Numbers select plural forms.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A name or another text, shown unchanged.
    Text(Cow<'a, str>),
    Number(i64),
}

impl<'a> Value<'a> {
    /// A number if the text is one, else the text.
    pub fn guess(text: &'a str) -> Self {
        text.parse()
            .map_or(Self::Text(Cow::Borrowed(text)), Self::Number)
    }

    /// The value for the Fluent library.
    #[cfg(feature = "ssr")]
    pub(super) fn to_fluent(&self) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::from(text.as_ref()),
            Self::Number(number) => FluentValue::from(*number),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

macro_rules! from_number {
    ($($number:ty),*) => {$(
        impl From<$number> for Value<'_> {
            fn from(number: $number) -> Self {
                Self::Number(i64::from(number))
            }
        }
    )*};
}

from_number!(u8, u16, u32, i32, i64);

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
