//! The markup of messages: a small, safe part of Markdown, read into plain data.
//!
//! What comes out is a tree of known pieces that the page draws with its own elements; no HTML of
//! the writer's gets anywhere. Headings, images, tables and HTML stay the text they were typed as.

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

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

/// Nesting that is followed; what lies deeper is flattened.
const MAX_DEPTH: usize = 12;

/// Reads a message's text.
#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    let prepared = keep_line_starts(text);
    let mut options = Options::empty();
    options.insert(Options::ENABLE_STRIKETHROUGH);
    let mut builder = Builder::default();
    for (event, range) in Parser::new_ext(&prepared, options).into_offset_iter() {
        builder.event(event, prepared.get(range).unwrap_or_default());
    }
    builder.finish()
}

/// Takes line starts out of Markdown's hands that mean something else in a chat: `#channel`,
/// indented lines, rules and underlines. Code fences are left alone.
fn keep_line_starts(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut fence: Option<char> = None;
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let start = line.trim_start();
        let marker = ['`', '~']
            .into_iter()
            .find(|mark| start.chars().take_while(|c| c == mark).count() >= 3);
        match (fence, marker) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if fence.is_some() || marker.is_some() {
            out.push_str(line);
            continue;
        }
        let only = |mark: char| !start.is_empty() && start.chars().all(|c| c == mark || c == ' ');
        let list = start.starts_with("- ") || start.starts_with("* ") || start.starts_with("+ ");
        if start.starts_with('#') || only('=') || only('-') || (only('_') || only('*')) && !list {
            out.push('\\');
            out.push_str(start);
        } else if list {
            out.push_str(line);
        } else {
            out.push_str(start);
        }
    }
    out
}

/// An element that is open.
enum Open {
    Paragraph,
    Quote,
    List(Option<u64>),
    Item,
    Emphasis,
    Strong,
    Strike,
    Link(Option<String>),
    Code(String),
    /// Something that is not followed; its text is kept.
    Other,
}

#[derive(Default)]
struct Builder {
    open: Vec<(Open, Vec<Inline>, Vec<Block>)>,
    items: Vec<Vec<Vec<Block>>>,
    code: String,
    inlines: Vec<Inline>,
    blocks: Vec<Block>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, source: &str) {
        match event {
            Event::Start(tag) => self.start(tag, source),
            Event::End(end) => self.end(end),
            Event::Text(text) => {
                if self.in_code() {
                    self.code.push_str(&text);
                } else {
                    self.text(&text);
                }
            }
            Event::Code(code) => self.inlines.push(Inline::Code(code.into_string())),
            Event::SoftBreak | Event::HardBreak => self.inlines.push(Inline::Break),
            Event::Html(html) | Event::InlineHtml(html) => self.text(html.trim_end_matches('\n')),
            _ => self.text(source),
        }
    }

    fn in_code(&self) -> bool {
        matches!(self.open.last(), Some((Open::Code(_), ..)))
    }

    fn in_link(&self) -> bool {
        self.open
            .iter()
            .any(|(open, ..)| matches!(open, Open::Link(Some(_))))
    }

    /// Plain text, with the addresses in it made into links.
    fn text(&mut self, text: &str) {
        if self.in_link() {
            self.push_text(text);
            return;
        }
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url]);
        for span in finder.spans(text) {
            match span.kind().and_then(|_| safe_url(span.as_str())) {
                Some(url) => self.inlines.push(Inline::Link {
                    url,
                    children: vec![Inline::Text(span.as_str().to_owned())],
                }),
                None => self.push_text(span.as_str()),
            }
        }
    }

    fn push_text(&mut self, text: &str) {
        if let Some(Inline::Text(last)) = self.inlines.last_mut() {
            last.push_str(text);
        } else if !text.is_empty() {
            self.inlines.push(Inline::Text(text.to_owned()));
        }
    }

    fn start(&mut self, tag: Tag<'_>, source: &str) {
        let open = match tag {
            _ if self.open.len() >= MAX_DEPTH => Open::Other,
            Tag::Paragraph => Open::Paragraph,
            Tag::BlockQuote(_) => Open::Quote,
            Tag::List(start) => {
                self.items.push(Vec::new());
                Open::List(start)
            }
            Tag::Item => Open::Item,
            Tag::Emphasis => Open::Emphasis,
            Tag::Strong => Open::Strong,
            Tag::Strikethrough => Open::Strike,
            Tag::Link { dest_url, .. } => Open::Link(safe_url(&dest_url)),
            Tag::Image { .. } => {
                // The text as it was typed; its inner events are swallowed with it.
                self.push_text(source.get(..2).unwrap_or_default());
                Open::Other
            }
            Tag::CodeBlock(kind) => Open::Code(match kind {
                CodeBlockKind::Fenced(language) => language.into_string(),
                CodeBlockKind::Indented => String::new(),
            }),
            _ => Open::Other,
        };
        let inlines = std::mem::take(&mut self.inlines);
        let blocks = std::mem::take(&mut self.blocks);
        self.open.push((open, inlines, blocks));
    }

    fn end(&mut self, _end: TagEnd) {
        let Some((open, inlines, blocks)) = self.open.pop() else {
            return;
        };
        let inner = std::mem::replace(&mut self.inlines, inlines);
        let mut inner_blocks = std::mem::replace(&mut self.blocks, blocks);
        match open {
            Open::Emphasis => self.inlines.push(Inline::Emphasis(inner)),
            Open::Strong => self.inlines.push(Inline::Strong(inner)),
            Open::Strike => self.inlines.push(Inline::Strike(inner)),
            Open::Link(Some(url)) => self.inlines.push(Inline::Link {
                url,
                children: inner,
            }),
            Open::Link(None) => self.inlines.extend(inner),
            Open::Paragraph => self.blocks.push(Block::Paragraph(inner)),
            Open::Code(language) => self.blocks.push(Block::Code {
                language,
                code: std::mem::take(&mut self.code),
            }),
            Open::Quote => self.blocks.push(Block::Quote(inner_blocks)),
            Open::Item => {
                // A tight list's text stands in the item itself.
                if !inner.is_empty() {
                    inner_blocks.insert(0, Block::Paragraph(inner));
                }
                if let Some(items) = self.items.last_mut() {
                    items.push(inner_blocks);
                }
            }
            Open::List(start) => {
                let items = self.items.pop().unwrap_or_default();
                self.blocks.push(Block::List { start, items });
            }
            Open::Other => {
                if !inner_blocks.is_empty() || self.open.is_empty() {
                    if !inner.is_empty() {
                        inner_blocks.push(Block::Paragraph(inner));
                    }
                    self.blocks.extend(inner_blocks);
                } else {
                    self.inlines.extend(inner);
                }
            }
        }
    }

    fn finish(mut self) -> Vec<Block> {
        if !self.inlines.is_empty() {
            self.blocks.push(Block::Paragraph(self.inlines));
        }
        self.blocks
    }
}

/// The address when it is safe to open from here: `http`, `https` or `mailto`, nothing hidden.
fn safe_url(url: &str) -> Option<String> {
    let scheme = url.split(':').next()?.to_ascii_lowercase();
    let known = matches!(scheme.as_str(), "http" | "https" | "mailto");
    let plain = !url
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || crate::shared::names::is_invisible(c));
    (known && plain).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.into())
    }

    fn paragraph(inlines: Vec<Inline>) -> Vec<Block> {
        vec![Block::Paragraph(inlines)]
    }

    #[test]
    fn emphasis_code_and_breaks() {
        assert_eq!(
            parse("a **b** *c* ~~d~~ `e`\nf"),
            paragraph(vec![
                text("a "),
                Inline::Strong(vec![text("b")]),
                text(" "),
                Inline::Emphasis(vec![text("c")]),
                text(" "),
                Inline::Strike(vec![text("d")]),
                text(" "),
                Inline::Code("e".into()),
                Inline::Break,
                text("f"),
            ])
        );
    }

    #[test]
    fn addresses_become_links_and_tricks_do_not() {
        let link = |url: &str, shown: &str| Inline::Link {
            url: url.into(),
            children: vec![text(shown)],
        };
        assert_eq!(
            parse("see https://a.example/b."),
            paragraph(vec![
                text("see "),
                link("https://a.example/b", "https://a.example/b"),
                text("."),
            ])
        );
        assert_eq!(
            parse("[x](https://a.example)"),
            paragraph(vec![link("https://a.example", "x")])
        );
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//a.example",
        ] {
            assert_eq!(
                parse(&format!("[x]({bad})")),
                paragraph(vec![text("x")]),
                "{bad}"
            );
        }
    }

    #[test]
    fn html_and_headings_stay_text() {
        assert_eq!(
            parse("<script>alert(1)</script>"),
            paragraph(vec![text("<script>alert(1)</script>")])
        );
        assert_eq!(parse("#general"), paragraph(vec![text("#general")]));
        assert_eq!(
            parse("# not a title"),
            paragraph(vec![text("# not a title")])
        );
        assert_eq!(
            parse("a <b onclick=x>c</b>"),
            paragraph(vec![text("a <b onclick=x>c</b>")])
        );
    }

    #[test]
    fn blocks() {
        assert_eq!(
            parse("```rust\nlet a = 1;\n```"),
            [Block::Code {
                language: "rust".into(),
                code: "let a = 1;\n".into()
            }]
        );
        assert_eq!(
            parse("> said\n\nyes"),
            [
                Block::Quote(paragraph(vec![text("said")])),
                Block::Paragraph(vec![text("yes")])
            ]
        );
        let Some(Block::List { start, items }) = parse("1. a\n2. b").pop() else {
            panic!("a list");
        };
        assert_eq!((start, items.len()), (Some(1), 2));
    }

    fn collect(blocks: &[Block], out: &mut String) {
        fn inline(pieces: &[Inline], out: &mut String) {
            for piece in pieces {
                match piece {
                    Inline::Text(text) | Inline::Code(text) => out.push_str(text),
                    Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => {
                        inline(inner, out);
                    }
                    Inline::Link { children, url } => {
                        assert!(safe_url(url).is_some());
                        inline(children, out);
                    }
                    Inline::Break => out.push('\n'),
                }
            }
        }
        for block in blocks {
            match block {
                Block::Paragraph(pieces) => inline(pieces, out),
                Block::Code { code, .. } => out.push_str(code),
                Block::Quote(blocks) => collect(blocks, out),
                Block::List { items, .. } => items.iter().for_each(|item| collect(item, out)),
            }
        }
    }

    proptest! {
        /// Whatever is typed: no panic, every link is safe, and letters are not lost.
        #[test]
        fn letters_survive(typed in "[a-z*_~`<>#\\[\\]()!\n -]{0,80}") {
            let mut shown = String::new();
            collect(&parse(&typed), &mut shown);
            let letters = |s: &str| s.chars().filter(char::is_ascii_lowercase).count();
            prop_assert!(letters(&shown) <= letters(&typed));
        }

        #[test]
        fn anything_goes(typed in "\\PC{0,200}") {
            let mut shown = String::new();
            collect(&parse(&typed), &mut shown);
        }
    }
}
