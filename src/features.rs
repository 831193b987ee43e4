//! All features, lowest first: each uses only those before it. `cargo xtask tidy` reads their order
//! here.

use crate::feature::Feature;

/// The features in their order.
pub const FEATURES: &[Feature] = &[
    #[cfg(feature = "ssr")]
    crate::mail::FEATURE,
    crate::accounts::FEATURE,
    crate::gateway::FEATURE,
    crate::communities::FEATURE,
    crate::notifications::FEATURE,
    crate::markets::FEATURE,
    crate::chat::FEATURE,
    crate::portfolio::FEATURE,
    crate::alerts::FEATURE,
    crate::predictions::FEATURE,
    crate::trending::FEATURE,
    crate::paper::FEATURE,
    crate::bots::FEATURE,
    crate::admin::FEATURE,
];
