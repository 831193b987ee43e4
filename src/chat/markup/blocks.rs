//! Blocks: paragraphs, code, quotations and lists.

use super::inlines::inlines;
use super::tree::{Block, MAX_DEPTH};

/// The kind of block that a line starts.
#[derive(Clone, Copy, PartialEq)]
enum Start<'a> {
    Blank,
    /// Fence character, number of repeats, and the language after it.
    Fence(char, usize, &'a str),
    /// Rest of the line.
    Quote(&'a str),
    Item(Item<'a>),
    Text,
}

/// First line of a list item.
#[derive(Clone, Copy, PartialEq)]
struct Item<'a> {
    /// The bullet, or the character after the number.
    sign: char,
    number: Option<u64>,
    /// Columns before the bullet or number (`indent`) and before the text (`inside`).
    indent: usize,
    inside: usize,
    text: &'a str,
}

impl Item<'_> {
    /// true if both items belong to the same list.
    fn is_like(&self, other: &Self) -> bool {
        self.sign == other.sign && self.number.is_some() == other.number.is_some()
    }
}

fn start(line: &str) -> Start<'_> {
    let trimmed = line.trim_start();
    let first = trimmed.chars().next();
    match first {
        None => Start::Blank,
        Some(sign @ ('`' | '~')) => {
            let rest = trimmed.trim_start_matches(sign);
            let count = trimmed.len() - rest.len();
            // Backticks later in the line make it inline code.
            if count >= 3 && (sign == '~' || !rest.contains('`')) {
                Start::Fence(sign, count, rest.trim())
            } else {
                Start::Text
            }
        }
        Some('>') => {
            let rest = trimmed.get(1..).unwrap_or_default();
            Start::Quote(rest.strip_prefix(' ').unwrap_or(rest))
        }
        Some(_) => item(line, trimmed).map_or(Start::Text, Start::Item),
    }
}

fn item<'a>(line: &str, trimmed: &'a str) -> Option<Item<'a>> {
    let digits = trimmed.len()
        - trimmed
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    let (number, rest) = trimmed.split_at_checked(digits)?;
    let sign = rest.chars().next()?;
    let number = match (digits, sign) {
        (0, '-' | '*' | '+') => None,
        (1..=9, '.' | ')') => Some(number.parse().ok()?),
        _ => return None,
    };
    let after = rest.get(1..)?;
    if !after.starts_with([' ', '\t']) {
        return None;
    }
    // A line of such characters only is a rule, which stays text.
    let rule = |c: char| c == sign || c.is_whitespace();
    if number.is_none() && after.contains(sign) && after.chars().all(rule) {
        return None;
    }
    let text = after.trim_start();
    // A bullet without text after it starts no list.
    if text.is_empty() {
        return None;
    }
    let indent = line.len() - trimmed.len();
    Some(Item {
        sign,
        number,
        indent,
        inside: indent + digits + 2,
        text,
    })
}

/// Parses lines inside `depth` quotations and lists.
pub fn blocks(lines: &[&str], depth: usize) -> Vec<Block> {
    let mut out = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        let (block, taken) = match start(line) {
            Start::Blank => (None, 1),
            Start::Fence(sign, count, language) => code(rest, sign, count, language),
            Start::Quote(_) if depth < MAX_DEPTH => quote(rest, depth),
            Start::Item(item) if depth < MAX_DEPTH && may_begin(&item, &paragraph) => {
                list(rest, item, depth)
            }
            _ => {
                paragraph.push(line.trim_start());
                at += 1;
                continue;
            }
        };
        close(&mut paragraph, &mut out);
        out.extend(block);
        at += taken;
    }
    close(&mut paragraph, &mut out);
    out
}

/// A line of a paragraph can start with a number, so only bullets and `1` interrupt it.
fn may_begin(item: &Item<'_>, paragraph: &[&str]) -> bool {
    paragraph.is_empty() || item.number.is_none_or(|number| number == 1)
}

fn close(paragraph: &mut Vec<&str>, out: &mut Vec<Block>) {
    if !paragraph.is_empty() {
        let text = std::mem::take(paragraph).join("\n");
        out.push(Block::Paragraph(inlines(text.trim_end(), false)));
    }
}

fn code(lines: &[&str], sign: char, count: usize, language: &str) -> (Option<Block>, usize) {
    let indent = lines
        .first()
        .map_or(0, |line| line.len() - line.trim_start().len());
    let mut code = String::new();
    let (mut taken, mut closed) = (1, false);
    for line in lines.iter().skip(1) {
        taken += 1;
        let trimmed = line.trim();
        closed = trimmed.len() >= count && trimmed.chars().all(|c| c == sign);
        if closed {
            break;
        }
        let own = line.len() - line.trim_start_matches(' ').len();
        code.push_str(line.get(own.min(indent)..).unwrap_or_default());
        code.push('\n');
    }
    if !closed {
        code.pop();
    }
    let language = language.to_owned();
    (Some(Block::Code { language, code }), taken)
}

/// true if the line continues a paragraph in the quotation or list before it.
fn goes_on(line: &str, before: Option<&&str>) -> bool {
    let is_text = |line: &str| matches!(start(line), Start::Text);
    is_text(line)
        && before.is_some_and(|before| {
            let mut inner = *before;
            for _ in 0..=MAX_DEPTH {
                match start(inner) {
                    Start::Quote(rest) => inner = rest,
                    Start::Item(item) => inner = item.text,
                    Start::Text => return true,
                    Start::Blank | Start::Fence(..) => return false,
                }
            }
            // Deeper markup is text.
            true
        })
}

fn quote(lines: &[&str], depth: usize) -> (Option<Block>, usize) {
    let mut inner: Vec<&str> = Vec::new();
    let mut fence = false;
    for line in lines {
        match start(line) {
            Start::Quote(rest) => {
                fence ^= matches!(start(rest), Start::Fence(..));
                inner.push(rest);
            }
            _ if !fence && goes_on(line, inner.last()) => inner.push(line),
            _ => break,
        }
    }
    let taken = inner.len();
    (Some(Block::Quote(blocks(&inner, depth + 1))), taken)
}

fn list<'a>(lines: &[&'a str], first: Item<'a>, depth: usize) -> (Option<Block>, usize) {
    let mut items: Vec<Vec<Block>> = Vec::new();
    let mut inner: Vec<&str> = vec![first.text];
    let mut current = first;
    let mut taken = 1;
    for (number, line) in lines.iter().enumerate().skip(1) {
        let begun = start(line);
        match begun {
            // Indented: belongs to the item.
            _ if line.len() - line.trim_start().len() >= current.inside => {
                inner.push(line.get(current.inside..).unwrap_or_default());
            }
            Start::Item(item) if item.is_like(&first) => {
                items.push(blocks(&inner, depth + 1));
                inner = vec![item.text];
                current = item;
            }
            Start::Blank => {
                // Kept if the list continues after it.
                let next = lines.get(number + 1).copied().unwrap_or_default();
                let belongs = match start(next) {
                    Start::Blank => false,
                    Start::Item(item) => item.is_like(&first) || item.indent >= current.inside,
                    _ => next.len() - next.trim_start().len() >= current.inside,
                };
                if !belongs {
                    break;
                }
                inner.push("");
            }
            _ if goes_on(line, inner.last()) => inner.push(line),
            _ => break,
        }
        taken = number + 1;
    }
    items.push(blocks(&inner, depth + 1));
    let start = first.number;
    (Some(Block::List { start, items }), taken)
}
