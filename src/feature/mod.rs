//! What a feature brings to Rialto. Each feature declares one [`Feature`]; `features` lists them.

#[cfg(feature = "ssr")]
mod setup;

#[cfg(feature = "ssr")]
pub use setup::{Services, Setup, Starting, ToStart};

/// A feature: what it adds to pages and to the server.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// Name of its folder.
    pub name: &'static str,
    /// Creates its services on the server and adds what they offer.
    #[cfg(feature = "ssr")]
    pub start: for<'a> fn(&'a mut Setup) -> Starting<'a>,
}
