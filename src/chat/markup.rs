//! The markup of messages: a small, safe part of Markdown, read into plain data.
//!
//! What comes out is a tree of known pieces that the page draws with its own elements; no HTML of
//! the writer's gets anywhere. Headings, images, tables, rules, HTML and entities stay the text
//! they were typed as. Read here and not by a library: those know all of HTML's entities by name,
//! and every page would load them.

mod blocks;
mod inlines;
#[cfg(test)]
mod tests;

/// A block of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines of text.
    Paragraph(Vec<Inline>),
    /// Code in its own lines, with the language that was named.
    Code {
        /// The language, possibly empty.
        language: String,
        /// The code.
        code: String,
    },
    /// What somebody else said.
    Quote(Vec<Block>),
    /// A list; the first number when it is a numbered one.
    List {
        /// First number of a numbered list.
        start: Option<u64>,
        /// The entries.
        items: Vec<Vec<Block>>,
    },
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Code within a line.
    Code(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Struck out.
    Strike(Vec<Inline>),
    /// A link to an address that is safe to open.
    Link {
        /// `http:`, `https:` or `mailto:`.
        url: String,
        /// What is shown.
        children: Vec<Inline>,
    },
    /// A line break.
    Break,
}

/// Nesting that is followed; what lies deeper stays text.
const MAX_DEPTH: usize = 12;

/// Reads a message's text.
#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.split('\n').collect();
    blocks::blocks(&lines, 0)
}
