//! Markup of messages: a small, safe subset of Markdown, parsed into plain data.
//!
//! The result is a tree of known elements, which the page draws itself, so a member's HTML never
//! reaches the page. Headings, images, tables, rules, HTML and entities stay text. No Markdown
//! library is used: they contain the names of all HTML entities, which every page would load.

mod blocks;
mod inlines;
mod pairs;
#[cfg(test)]
mod tests;
mod tree;

pub use tree::{Block, Inline};

/// Parses a message's text.
pub fn parse(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.split('\n').collect();
    blocks::blocks(&lines, 0)
}

/// Returns the symbols of a text's cashtags, each once, in order. Like the page, it skips code and
/// links.
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
            // A quotation repeats another message, whose cashtags were counted there.
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
