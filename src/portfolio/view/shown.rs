//! What the sections share: the chosen portfolio, and links to the others.

use crate::portfolio::{Overview, Portfolio};
use crate::shared::{PortfolioId, TransactionId};
use crate::ui::{Changes, Chip, chips, t};
use leptos::prelude::*;

/// What to share: a portfolio, or one of its transactions.
pub type Target = (PortfolioId, Option<TransactionId>);

/// Base path of the sections.
pub const BASE: &str = "/portfolio";

/// Cookie with the portfolio viewed last.
pub const CHOSEN: &str = "portfolio";

/// State shared by all sections.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The selected portfolio. None: the first one.
    pub chosen: Memo<Option<PortfolioId>>,
    pub changes: Changes,
    /// What is being shared; its dialog is open.
    pub sharing: RwSignal<Option<Target>>,
}

impl Shown {
    /// Source of resources: they reload when it changes.
    pub fn source(self) -> (Option<PortfolioId>, usize) {
        (self.chosen.get(), self.changes.count())
    }
}

/// Links to the other portfolios; empty if there is only one.
pub fn switch(overview: &Overview, section: &'static str) -> AnyView {
    let shown = overview.page.as_ref().map(|page| page.portfolio.id);
    let chip = |portfolio: &Portfolio| Chip {
        name: portfolio.name.clone(),
        address: format!("{BASE}/{section}?{CHOSEN}={}", portfolio.id),
        current: Some(portfolio.id) == shown,
    };
    let portfolios = overview.portfolios.iter().map(chip).collect();
    chips(t("portfolio-portfolios"), None, portfolios)
}
