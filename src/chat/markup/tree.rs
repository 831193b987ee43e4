//! The elements of a parsed message.

/// A block of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines of text.
    Paragraph(Vec<Inline>),
    /// A code block, with the language after the fence.
    Code {
        /// Language, possibly empty.
        language: String,
        code: String,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// A list.
    List {
        /// First number of a numbered list; None: a bulleted list.
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    /// Inline code.
    Code(String),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    /// Strikethrough.
    Strike(Vec<Inline>),
    /// A link to a safe address.
    Link {
        /// An `http:`, `https:` or `mailto:` address.
        url: String,
        /// Content that is shown.
        children: Vec<Inline>,
    },
    /// A symbol mentioned with `$`.
    Cashtag {
        symbol: String,
        /// Text as written, with its `$`.
        shown: String,
    },
    /// A line break.
    Break,
}

/// Maximum nesting depth; deeper markup stays text.
pub(super) const MAX_DEPTH: usize = 12;
