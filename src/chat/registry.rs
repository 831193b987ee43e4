//! What features add to the conversation: renderers of message cards and slash commands.

use super::Card;
use crate::feature::{Cards, Feature, SlashCommand};
use crate::ui::later::load_each;
use futures_util::FutureExt;
use leptos::{prelude::*, task::spawn_local};
#[cfg(feature = "hydrate")]
use std::sync::atomic::{AtomicBool, Ordering};

/// true if the card renderers were loaded before hydration.
#[cfg(feature = "hydrate")]
static THERE: AtomicBool = AtomicBool::new(false);

/// Everything that the features add.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Renderers by the name of their feature.
    cards: Vec<(&'static str, Cards)>,
    /// true once the renderers are loaded, which happens with the first message that has a card.
    there: RwSignal<bool>,
    /// Commands in the order in which the composer lists them.
    pub commands: Vec<SlashCommand>,
}

impl Registry {
    /// Collects what the features add.
    pub fn of(features: &[Feature]) -> Self {
        #[cfg(feature = "hydrate")]
        let there = THERE.load(Ordering::Relaxed);
        #[cfg(not(feature = "hydrate"))]
        let there = true;
        let cards = features.iter();
        Self {
            cards: cards
                .filter_map(|one| Some((one.name, one.cards?)))
                .collect(),
            there: RwSignal::new(there),
            commands: features.iter().flat_map(|one| (one.commands)()).collect(),
        }
    }

    /// Returns the registry from the Leptos context, or an empty one.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(|| Self::of(&[]))
    }

    /// Renders a card if its feature is known. Reactive: loads the renderers first if necessary.
    pub fn draw(&self, card: &Card) -> Option<AnyView> {
        let feature = card.kind.split('.').next();
        let (_, cards) = self.cards.iter().find(|(name, _)| Some(*name) == feature)?;
        if self.there.get() {
            let drawn = (cards.draw)(card.kind.clone(), card.body.clone());
            return drawn.now_or_never()?.ok()?;
        }
        self.fetch();
        None
    }

    /// Starts loading the renderers. After a failure the next message with a card tries again.
    fn fetch(&self) {
        let (cards, there) = (self.cards.clone(), self.there);
        spawn_local(async move {
            let loaded = load_each(cards.into_iter().map(|(_, cards)| cards.load)).await;
            if loaded.is_ok() && there.try_get_untracked() == Some(false) {
                there.set(true);
            }
        });
    }

    /// Returns the commands that the typed text can complete to.
    pub fn completions(&self, text: &str) -> Vec<SlashCommand> {
        let Some(typed) = text.strip_prefix('/') else {
            return Vec::new();
        };
        if typed.chars().any(|c| c.is_whitespace() || c == '=') {
            return Vec::new();
        }
        let typed = typed.to_ascii_lowercase();
        let commands = self.commands.iter().copied();
        commands
            .filter(|command| command.name.starts_with(&typed))
            .collect()
    }
}

/// Loads the card renderers if the server's page contains a card or a notification, whose texts are
/// in the same part: the first render in the browser must equal the server's.
///
/// # Errors
/// They cannot be loaded.
#[cfg(feature = "hydrate")]
pub async fn load_cards_of_page(features: &[Feature]) -> Result<(), crate::ui::later::NotLoaded> {
    let drawn = document().query_selector(".message-card, .notification");
    if let Ok(Some(_)) = drawn {
        let cards = features.iter().filter_map(|one| Some(one.cards?.load));
        let texts = features
            .iter()
            .filter_map(|one| Some(one.notifications?.load));
        load_each(cards.chain(texts)).await?;
        THERE.store(true, Ordering::Relaxed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completes_what_is_being_typed() {
        let owner = Owner::new();
        owner.set();
        let command = |name| SlashCommand {
            name,
            usage: "",
            description_key: "",
        };
        let mut registry = Registry::of(&[]);
        registry.commands = vec![command("stock"), command("help")];
        let names = |text: &str| -> Vec<_> {
            registry
                .completions(text)
                .iter()
                .map(|command| command.name)
                .collect()
        };
        assert_eq!(names("/"), ["stock", "help"]);
        assert_eq!(names("/ST"), ["stock"]);
        assert!(names("/stock=").is_empty());
        assert!(names("hi /st").is_empty());
        assert!(names("/x").is_empty());
    }
}
