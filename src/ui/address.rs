//! Query parameters of page addresses.

use leptos_router::params::ParamsMap;

/// Returns the path with these query parameters, without the missing and empty ones.
pub fn address(place: &str, wanted: &[(&'static str, Option<&str>)]) -> String {
    let mut query = ParamsMap::new();
    for (name, value) in wanted {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            query.insert(*name, value.to_owned());
        }
    }
    format!("{place}{}", query.to_query_string())
}

/// Value of a query parameter. None: missing or blank.
pub fn query_param(query: &ParamsMap, name: &str) -> Option<String> {
    query.get(name).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_read_again() {
        let wanted = [
            ("search", Some("a b&c=^")),
            ("before", None),
            ("edit", Some("")),
        ];
        let address = address("/here", &wanted);
        assert_eq!(address, "/here?search=a%20b%26c%3D%5E");
        assert_eq!(super::address("/here", &[]), "/here");
        let mut query = ParamsMap::new();
        query.insert("search", "a b".to_owned());
        query.insert("blank", "  ".to_owned());
        assert_eq!(query_param(&query, "search").as_deref(), Some("a b"));
        assert_eq!(query_param(&query, "blank"), None);
        assert_eq!(query_param(&query, "other"), None);
    }
}
