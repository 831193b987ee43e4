//! Address of the section, and what its query parameters ask for.

use crate::ui::{address, query_param};
use leptos_router::params::ParamsMap;

/// Path of the section.
pub const PLACE: &str = "/markets/predictions";

/// Query parameters of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    pub symbol: Option<String>,
    pub state: Option<String>,
    pub before: Option<String>,
}

impl Wanted {
    pub fn of(query: &ParamsMap) -> Self {
        Self {
            symbol: query_param(query, "symbol"),
            state: query_param(query, "state"),
            before: query_param(query, "before"),
        }
    }

    /// Path with these query parameters.
    pub fn address(&self) -> String {
        let wanted = [
            ("symbol", self.symbol.as_deref()),
            ("state", self.state.as_deref()),
            ("before", self.before.as_deref()),
        ];
        address(PLACE, &wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    pub fn addresses_say_what_is_wanted() {
        assert_eq!(Wanted::default().address(), "/markets/predictions");
        let wanted = Wanted {
            symbol: Some("AAPL".into()),
            state: Some("open".into()),
            before: None,
        };
        assert_eq!(
            wanted.address(),
            "/markets/predictions?symbol=AAPL&state=open"
        );
    }
}
