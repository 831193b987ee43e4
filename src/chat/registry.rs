//! What features above offer to the conversation: renderers of message parts and slash commands.
//! `app.rs` fills it.

use leptos::prelude::*;
use serde_json::Value;

/// Draws the body of a part; none when it cannot be read.
pub type Renderer = fn(&Value) -> Option<AnyView>;

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
    /// By kind of part.
    pub renderers: Vec<(&'static str, Renderer)>,
    /// In the order in which they are listed.
    pub commands: Vec<SlashCommand>,
}

impl Registry {
    /// The registry of the context.
    #[must_use]
    pub fn of_context() -> Self {
        use_context().unwrap_or_default()
    }

    /// Draws a part, when its feature is known here.
    #[must_use]
    pub fn draw(&self, part: &super::Part) -> Option<AnyView> {
        let (_, renderer) = self.renderers.iter().find(|(kind, _)| *kind == part.kind)?;
        renderer(&part.body)
    }

    /// The commands that a text may become.
    #[must_use]
    pub fn completions(&self, text: &str) -> Vec<SlashCommand> {
        let Some(typed) = text.strip_prefix('/') else {
            return Vec::new();
        };
        if typed.chars().any(|c| c.is_whitespace() || c == '=') {
            return Vec::new();
        }
        let typed = typed.to_lowercase();
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
