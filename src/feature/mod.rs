//! What a feature brings to Rialto. Each feature declares one [`Feature`]; `features` lists them.

#[cfg(feature = "ssr")]
mod setup;

use crate::ui::later::{Later, Loading, Part};
use crate::ui::sections::Section;
use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::{ChooseView, NestedRoute, PossibleRouteMatch, SsrMode};
use serde_json::Value;

#[cfg(feature = "ssr")]
pub use setup::{Services, Setup, Starting, ToStart};

/// A feature: what it adds to pages and to the server. Views of other parts than the first one are
/// split points: this is in the first part of the WebAssembly module.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// Name of its folder, and first word of its kinds of cards, commands and events.
    pub name: &'static str,
    /// Puts what views need into the context of every page.
    pub provide: fn(),
    pub pages: &'static [Page],
    /// Sections of the market pages.
    pub sections: &'static [MarketSection],
    pub cards: Option<Cards>,
    pub notifications: Option<Notifications>,
    /// Commands that the composer completes.
    pub commands: fn() -> Vec<SlashCommand>,
    /// Drawn once beside the page.
    pub overlay: fn() -> Option<AnyView>,
    /// Creates its services on the server and adds what they offer.
    #[cfg(feature = "ssr")]
    pub start: for<'a> fn(&'a mut Setup) -> Starting<'a>,
}

impl Feature {
    /// A feature that adds nothing.
    pub const NOTHING: Self = Self {
        name: "",
        provide: || (),
        pages: &[],
        sections: &[],
        cards: None,
        notifications: None,
        commands: Vec::new,
        overlay: || None,
        #[cfg(feature = "ssr")]
        start: |_| Box::pin(async { Ok(()) }),
    };
}

/// A page with an address of its own.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// First segment of its address; empty: the start page.
    pub root: &'static str,
    pub route: fn() -> AnyNestedRoute,
    /// None: the first part contains it.
    pub part: Option<Part>,
}

/// A section of the market pages, in the part `markets`.
#[derive(Clone, Copy, Debug)]
pub struct MarketSection {
    pub section: Section,
    /// Loads `draw`, which completes at once afterwards.
    pub load: fn() -> Loading,
    pub draw: fn() -> Later<AnyView>,
}

/// Creates the route of a page. The page is sent as a whole, because out-of-order streaming needs
/// scripts to assemble it.
pub fn route<Path, View>(path: Path, view: View) -> AnyNestedRoute
where
    Path: PossibleRouteMatch + std::fmt::Debug + Clone + Send + 'static,
    View: ChooseView,
{
    NestedRoute::new(path, view)
        .ssr_mode(SsrMode::Async)
        .into_any_nested_route()
}

/// The renderers of a feature's cards, in the part `cards`.
#[derive(Clone, Copy, Debug)]
pub struct Cards {
    /// Loads `draw`, which completes at once afterwards.
    pub load: fn() -> Loading,
    /// Draws a card by its kind and body. None: the kind is unknown or the body is invalid.
    pub draw: fn(String, Value) -> Later<Option<AnyView>>,
}

/// The texts of a feature's notifications, in the part `cards`.
#[derive(Clone, Copy, Debug)]
pub struct Notifications {
    /// Loads `text`, which completes at once afterwards.
    pub load: fn() -> Loading,
    /// Text by kind and body. None: the kind is unknown or the body is invalid.
    pub text: fn(String, Value) -> Later<Option<NotificationText>>,
}

/// Text of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationText {
    pub text: String,
    /// Path of the page with more about it.
    pub place: String,
    /// More about it in the list.
    pub details: Vec<String>,
}

/// A command that the composer completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlashCommand {
    /// Name without the slash.
    pub name: &'static str,
    /// Usage, e.g. `/stock=AAPL.US`.
    pub usage: &'static str,
    /// Key of the description in the message catalogue.
    pub description_key: &'static str,
}
