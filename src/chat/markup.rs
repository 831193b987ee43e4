//! The markup of messages: a small, safe part of Markdown, read into plain data.
//!
//! What comes out is a tree of known pieces that the page draws with its own elements; no HTML of
//! the writer's gets anywhere. Headings, images, tables, rules, HTML and entities stay the text
//! they were typed as. Read here and not by a library: those know all of HTML's entities by name,
//! and every page would load them.

mod blocks;
mod inlines;
mod pairs;
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
    /// An instrument that is spoken of.
    Cashtag {
        /// Its code.
        symbol: String,
        /// As it was written, with its sign.
        shown: String,
    },
    /// A line break.
    Break,
}

/// Nesting that is followed; what lies deeper stays text.
const MAX_DEPTH: usize = 12;

/// Reads a message's text.
pub fn parse(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.split('\n').collect();
    blocks::blocks(&lines, 0)
}

/// The instruments that a text speaks of by cashtags, each once, in their order: those that the
/// page draws as such, so nothing within code and links.
pub fn cashtags(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Most messages have none.
    if text.contains('$') {
        of_blocks(&parse(text), &mut found);
    }
    found
}

fn of_blocks(blocks: &[Block], found: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => of_inlines(inlines, found),
            Block::Code { .. } => {}
            // Somebody else said that, and it was counted there.
            Block::Quote(_) => {}
            Block::List { items, .. } => items.iter().for_each(|item| of_blocks(item, found)),
        }
    }
}

fn of_inlines(inlines: &[Inline], found: &mut Vec<String>) {
    for inline in inlines {
        match inline {
            Inline::Cashtag { symbol, .. } if !found.contains(symbol) => found.push(symbol.clone()),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => {
                of_inlines(inner, found);
            }
            _ => {}
        }
    }
}
