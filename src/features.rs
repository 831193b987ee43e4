//! All features, lowest first: each uses only those before it.

use crate::feature::Feature;
use crate::{
    accounts, admin, alerts, bots, chat, communities, gateway, markets, notifications, paper,
    portfolio, predictions, trending,
};

/// The features in their order.
pub const FEATURES: &[Feature] = &[
    #[cfg(feature = "ssr")]
    crate::mail::FEATURE,
    accounts::FEATURE,
    gateway::FEATURE,
    communities::FEATURE,
    notifications::FEATURE,
    markets::FEATURE,
    chat::FEATURE,
    portfolio::FEATURE,
    alerts::FEATURE,
    predictions::FEATURE,
    trending::FEATURE,
    paper::FEATURE,
    bots::FEATURE,
    admin::FEATURE,
];
