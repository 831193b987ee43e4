//! TEMPORARY STUB, to be replaced by the message catalogues.

/// Stub.
pub struct Value(String);

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Stub.
#[must_use]
pub fn t(key: &str) -> String {
    key.to_owned()
}

/// Stub.
#[must_use]
pub fn t_with(key: &str, values: &[(&str, Value)]) -> String {
    let values = values.iter().map(|(_, value)| value.0.as_str());
    std::iter::once(key)
        .chain(values)
        .collect::<Vec<_>>()
        .join(" ")
}
