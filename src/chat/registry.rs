//! What higher features add to the conversation: renderers of message cards and slash commands.
//! `app` fills it.

use super::Card;
use crate::ui::later::NotLoaded;
use leptos::{prelude::*, task::spawn_local};
use std::pin::Pin;

/// Access to the card renderers, which load with the first message that has a card.
#[derive(Clone, Copy, Debug)]
pub struct Cards {
    /// Renders a card once the renderers are loaded; None: the kind is unknown or the body is
    /// invalid.
    pub draw: fn(Card) -> Option<AnyView>,
    /// Loads the renderers.
    pub load: fn() -> Loading,
    /// true once the renderers are loaded.
    pub there: RwSignal<bool>,
}

/// A load in progress.
pub type Loading = Pin<Box<dyn Future<Output = Result<(), NotLoaded>>>>;

impl Cards {
    /// Starts loading the renderers. After a failure the next message with a card tries again.
    fn fetch(self) {
        let loading = (self.load)();
        spawn_local(async move {
            if loading.await.is_ok() && self.there.try_get_untracked() == Some(false) {
                self.there.set(true);
            }
        });
    }
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

/// Everything that the features registered.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// None: cards are not rendered, and only the texts of their messages are shown.
    pub cards: Option<Cards>,
    /// Commands in the order in which the composer lists them.
    pub commands: Vec<SlashCommand>,
}

impl Registry {
    /// Returns the registry from the Leptos context, or an empty one.
    pub fn of_context() -> Self {
        use_context().unwrap_or_default()
    }

    /// Renders a card if its feature is known. Reactive: loads the renderers first if necessary.
    pub fn draw(&self, card: &Card) -> Option<AnyView> {
        let cards = self.cards?;
        if cards.there.get() {
            return (cards.draw)(card.clone());
        }
        cards.fetch();
        None
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completes_what_is_being_typed() {
        let command = |name| SlashCommand {
            name,
            usage: "",
            description_key: "",
        };
        let registry = Registry {
            commands: vec![command("stock"), command("help")],
            ..Registry::default()
        };
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
