//! Address of the section, and what its query parameters ask for.

use serde::{Deserialize, Serialize};

/// Path of the section.
pub const PLACE: &str = "/markets/paper";

/// Query parameters of the ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    pub symbol: Option<String>,
    /// Quantity to sell.
    pub sell: Option<String>,
    /// Open order to edit.
    pub change: Option<String>,
}
