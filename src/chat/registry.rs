//! What features above offer to the conversation: cards for message parts and slash commands.
//! `app.rs` fills it.

use super::Part;
use crate::ui::later::NotLoaded;
use leptos::{prelude::*, task::spawn_local};
use std::pin::Pin;

/// The way to what draws parts: it is loaded with the first message that has one.
#[derive(Clone, Copy, Debug)]
pub struct Cards {
    /// Draws a part once all is there; none when it is of no known kind or cannot be read.
    pub draw: fn(Part) -> Option<AnyView>,
    /// Loads what draws.
    pub load: fn() -> Loading,
    /// It is there.
    pub there: RwSignal<bool>,
}

/// Something on its way.
pub type Loading = Pin<Box<dyn Future<Output = Result<(), NotLoaded>>>>;

impl Cards {
    /// What cannot be loaded now is asked for with the next message.
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
    /// Without the slash.
    pub name: &'static str,
    /// How it is written: `/stock=AAPL.US`.
    pub usage: &'static str,
    /// Key of its description in the catalogue.
    pub description_key: &'static str,
}

/// Everything that was offered.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// None: parts are left to the texts of their messages.
    pub cards: Option<Cards>,
    /// In the order in which they are listed.
    pub commands: Vec<SlashCommand>,
}

impl Registry {
    /// The registry of the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or_default()
    }

    /// Draws a part, when its feature is known here. Reactive: what draws it may have to be loaded.
    pub fn draw(&self, part: &Part) -> Option<AnyView> {
        let cards = self.cards?;
        if cards.there.get() {
            return (cards.draw)(part.clone());
        }
        cards.fetch();
        None
    }

    /// The commands that a text may become.
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
