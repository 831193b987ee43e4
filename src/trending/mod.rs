//! Trending: which symbols a community mentions, day by day, with their prices.
//!
//! A mention is a cashtag in a message that is not deleted, or a command that asks a bot for a
//! symbol ([`Commands`]). The [`Reader`] follows the changes of each channel with a cursor of its
//! own. It stores the mentions of a message together with the cursor, so counts stay exact after
//! edits, deletions and crashes. Results include only channels that the viewer can read.

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

pub use model::{Counts, Day, Place, Ranked, Trending, TrendingPage, TrendingSymbol};
#[cfg(feature = "ssr")]
pub use service::{Commands, Reader, Service, Wanted};

#[cfg(feature = "ssr")]
use crate::feature::Setup;
use crate::feature::{Feature, MarketSection};
use crate::ui::{IconName, sections::Section};

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "trending",
    sections: &[MarketSection {
        section: Section {
            slug: "trending",
            icon: IconName::Chat,
            name: "markets-trending",
        },
        load: || Box::pin(view::load_trending_section()),
        draw: || Box::pin(view::trending_section()),
    }],
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let service = Service::new(setup.db.clone(), setup.get()?, setup.get()?);
    setup.api(api::routes(service.clone()));
    setup.service(service);
    Ok(())
}
