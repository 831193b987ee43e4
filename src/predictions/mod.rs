//! Predictions of members, and of Rialto by its technical rating, scored after their horizon.
//!
//! A prediction is made with what is known, starts at the next open and ends at the close of the
//! last trading day within its horizon ([`rules`]). It does not change after its first two minutes.
//! Its author is notified when it is scored or void.
//! Authors are compared by intervals and base rates; with too few predictions they have no rank.

mod model;
pub mod rpc;
pub mod rules;
pub mod view;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{
    Created, Direction, Leaderboard, MAX_REASON, Mark, Prediction, PredictionInput, PredictionPage,
    PredictionsPage, RankedAuthor, Score, Settled, State, Tally,
};
#[cfg(feature = "ssr")]
pub use service::{Filter, Scorer, Service};

#[cfg(feature = "ssr")]
use crate::feature::Setup;
use crate::feature::{Feature, MarketSection, Notifications};
use crate::ui::{IconName, sections::Section};

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "predictions",
    sections: &[MarketSection {
        section: Section {
            slug: "predictions",
            icon: IconName::Check,
            name: "markets-predictions",
        },
        load: || Box::pin(view::load_predictions_section()),
        draw: || Box::pin(view::predictions_section()),
    }],
    notifications: Some(Notifications {
        load: || Box::pin(view::load_notification_text()),
        text: |kind, body| Box::pin(view::notification_text(kind, body)),
    }),
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let service = Service::start(
        setup.db.clone(),
        &setup.get()?,
        setup.get()?,
        setup.get()?,
        setup.get()?,
    );
    setup.api(api::routes(service.clone()));
    setup.worker(Scorer(service.clone()));
    setup.service(service);
    Ok(())
}
