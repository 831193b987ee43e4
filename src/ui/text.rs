//! TEMPORARY STUB, to be replaced by the message catalogues.

/// Stub.
#[must_use]
pub fn t(key: &str) -> String {
    key.to_owned()
}

/// Stub.
#[must_use]
pub fn t_with(key: &str, values: &[(&str, String)]) -> String {
    let values = values.iter().map(|(_, value)| value.as_str());
    std::iter::once(key)
        .chain(values)
        .collect::<Vec<_>>()
        .join(" ")
}
