//! Content of a paragraph: emphasis, code, links, cashtags.

use super::pairs::Pairs;
use super::tree::{Inline, MAX_DEPTH};
use crate::markets;
use linkify::{LinkFinder, LinkKind};

/// A parsed element, text, or a delimiter that can open or close an element.
enum Piece<'a> {
    Done(Inline),
    Text(&'a str),
    /// Character, number of repeats, whether it can open, whether it can close.
    Sign(char, usize, bool, bool),
}

/// Parses the inline content of a paragraph. The text of a link contains no links.
pub fn inlines(text: &str, in_link: bool) -> Vec<Inline> {
    let mut pieces = Vec::new();
    let (mut at, mut plain) = (0, 0);
    let pairs = Pairs::of(text);
    let mut unclosed = Vec::new();
    let mut word = Word::default();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let found = match rest.chars().next() {
            Some('\\') => escape(rest),
            Some('`') => code_span(rest, &mut unclosed),
            Some('<') if !in_link => address(rest),
            Some('[') if !in_link => link(text, at, &pairs),
            Some('$') if !in_link => cashtag(text, at, &mut word),
            Some('!') if rest.starts_with("![") => link(text, at + 1, &pairs).map(|(_, length)| {
                (
                    Piece::Text(rest.get(..=length).unwrap_or_default()),
                    length + 1,
                )
            }),
            Some('\n') => Some((Piece::Done(Inline::Break), 1)),
            Some(sign @ ('*' | '_' | '~')) => Some(signs(text, at, sign)),
            _ => None,
        };
        let length = match found {
            Some((piece, length)) => {
                let before = text.get(plain..at).unwrap_or_default();
                let before = if rest.starts_with('\n') {
                    before.trim_end_matches(' ')
                } else {
                    before
                };
                pieces.push(Piece::Text(before));
                pieces.push(piece);
                plain = at + length;
                length
            }
            None => match rest.chars().next() {
                // The rest of an unclosed run of backticks cannot open code either.
                Some('`') => rest.len() - rest.trim_start_matches('`').len(),
                Some(c) => c.len_utf8(),
                None => 1,
            },
        };
        at += length;
    }
    pieces.push(Piece::Text(text.get(plain..).unwrap_or_default()));
    put_together(pieces, in_link)
}

/// Parses a backslash escape: the next punctuation character is literal, and a line end stays a
/// line end.
fn escape(rest: &str) -> Option<(Piece<'_>, usize)> {
    let next = rest.chars().nth(1)?;
    match next {
        '\n' => Some((Piece::Text(""), 1)),
        _ if next.is_ascii_punctuation() => Some((Piece::Text(rest.get(1..2)?), 2)),
        _ => None,
    }
}

/// Parses inline code; `unclosed` holds the lengths of runs that have no closing run further on.
fn code_span<'a>(rest: &'a str, unclosed: &mut Vec<usize>) -> Option<(Piece<'a>, usize)> {
    let inner = rest.trim_start_matches('`');
    let count = rest.len() - inner.len();
    if unclosed.contains(&count) {
        return None;
    }
    let Some(begin) = closing(inner, count) else {
        unclosed.push(count);
        return None;
    };
    let code = inner.get(..begin)?.replace('\n', " ");
    let bare = code
        .strip_prefix(' ')
        .and_then(|code| code.strip_suffix(' '))
        .filter(|bare| !bare.trim().is_empty());
    let code = bare.unwrap_or(&code).to_owned();
    Some((Piece::Done(Inline::Code(code)), count + begin + count))
}

/// Returns the position of a run of exactly `count` backticks.
fn closing(inner: &str, count: usize) -> Option<usize> {
    let mut from = 0;
    loop {
        let begin = from + inner.get(from..)?.find('`')?;
        let after = inner.get(begin..)?;
        let ticks = after.len() - after.trim_start_matches('`').len();
        if ticks == count {
            return Some(begin);
        }
        from = begin + ticks;
    }
}

/// State of the scan for addresses.
#[derive(Default)]
struct Word {
    /// Position up to which the text was scanned.
    at: usize,
    /// true if the current word is an address.
    is_address: bool,
}

impl Word {
    /// true if the text before this position is part of an address.
    fn is_address_at(&mut self, text: &str, at: usize) -> bool {
        let fresh = text.get(self.at..at).unwrap_or_default();
        let from = match fresh.char_indices().rfind(|(_, c)| c.is_whitespace()) {
            Some((space, _)) => {
                self.is_address = false;
                self.at + space
            }
            // The `://` may have started before.
            None => self.at.saturating_sub(2),
        };
        let bytes = text.as_bytes().get(from..at).unwrap_or_default();
        self.is_address |= bytes.windows(3).any(|three| three == b"://");
        self.at = at;
        self.is_address
    }
}

/// Parses `$AAPL`, unless it is part of a word or an address.
fn cashtag<'a>(text: &'a str, at: usize, word: &mut Word) -> Option<(Piece<'a>, usize)> {
    let (before, rest) = text.split_at_checked(at)?;
    if word.is_address_at(text, at) || !markets::may_follow(before.chars().next_back()) {
        return None;
    }
    let (symbol, length) = markets::cashtag(rest)?;
    let tag = Inline::Cashtag {
        symbol: symbol.to_string(),
        shown: rest.get(..length)?.to_owned(),
    };
    Some((Piece::Done(tag), length))
}

/// Parses `<https://…>`.
fn address(rest: &str) -> Option<(Piece<'_>, usize)> {
    let inner = rest.get(1..)?;
    let url = inner.get(..inner.find(['<', '>'])?)?;
    let end = 1 + url.len();
    if !rest.get(end..)?.starts_with('>') {
        return None;
    }
    let link = Inline::Link {
        url: safe_url(url)?,
        children: vec![Inline::Text(url.to_owned())],
    };
    Some((Piece::Done(link), end + 1))
}

/// Parses `[text](address "title")`; with an unsafe address only the text remains.
fn link<'a>(text: &'a str, at: usize, pairs: &Pairs) -> Option<(Piece<'a>, usize)> {
    let close = pairs.square(at)?;
    // A link within a link: the inner one counts.
    if pairs.has_joint(at, close) || !text.get(close + 1..)?.starts_with('(') {
        return None;
    }
    let (url, end) = target_of(text, close + 1, pairs)?;
    let children = inlines(text.get(at + 1..close)?, true);
    let length = end - at;
    let piece = match safe_url(url) {
        Some(url) => Inline::Link { url, children },
        // The address is unsafe, so only the text is shown.
        None => Inline::Link {
            url: String::new(),
            children,
        },
    };
    Some((Piece::Done(piece), length))
}

/// Returns the address of a link after its opening bracket, and the end of the link.
fn target_of<'a>(text: &'a str, open: usize, pairs: &Pairs) -> Option<(&'a str, usize)> {
    let target = text.get(open + 1..)?;
    let begin = text.len() - target.trim_start().len();
    // An address ends at a space or at the bracket that closes the link.
    let ends = [pairs.round(open), pairs.space(begin)];
    let end = ends
        .into_iter()
        .flatten()
        .filter(|end| *end >= begin)
        .min()?;
    let url = text.get(begin..end)?;
    let url = url
        .strip_prefix('<')
        .and_then(|url| url.strip_suffix('>'))
        .unwrap_or(url);
    let closed = pairs.once(end, || title_end(text, end))?;
    Some((url, closed))
}

/// Returns the end of a link after its address, an optional title, and the closing bracket.
fn title_end(text: &str, end: usize) -> Option<usize> {
    let title = text.get(end..)?.trim_start();
    let quoted = match title.chars().next()? {
        ')' => 0,
        mark @ ('"' | '\'') => 2 + title.get(1..)?.find(mark)?,
        _ => return None,
    };
    let closed = title.get(quoted..)?.trim_start();
    closed
        .starts_with(')')
        .then(|| text.len() - closed.len() + 1)
}

/// Parses a run of delimiters, and whether it can open or close there.
fn signs(text: &str, at: usize, sign: char) -> (Piece<'_>, usize) {
    let rest = text.get(at..).unwrap_or_default();
    let after_run = rest.trim_start_matches(sign);
    let count = rest.len() - after_run.len();
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = after_run.chars().next();
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let is_mark = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace());
    let left = !is_space(after) && (!is_mark(after) || is_space(before) || is_mark(before));
    let right = !is_space(before) && (!is_mark(before) || is_space(after) || is_mark(after));
    let (begins, ends) = match (sign, count) {
        // Within a word it is part of the word.
        ('_', _) | ('~', 1) => (
            left && (!right || is_mark(before)),
            right && (!left || is_mark(after)),
        ),
        _ => (left, right),
    };
    let usable = sign != '~' || count <= 2;
    (
        Piece::Sign(sign, count, begins && usable, ends && usable),
        count,
    )
}

/// An open delimiter.
struct Open {
    sign: char,
    count: usize,
    ends_too: bool,
    /// Elements before it.
    before: Vec<Inline>,
}

fn put_together(pieces: Vec<Piece<'_>>, in_link: bool) -> Vec<Inline> {
    let mut open: Vec<Open> = Vec::new();
    let mut now: Vec<Inline> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => push_text(&mut now, text),
            Piece::Done(Inline::Link { url, children }) if url.is_empty() => {
                for child in children {
                    push(&mut now, child);
                }
            }
            Piece::Done(inline) => now.push(inline),
            Piece::Sign(sign, mut count, begins, ends) => {
                while ends && count > 0 {
                    let fits = |one: &Open| {
                        // CommonMark's rule of three: if a run can open and close, the sum of both
                        // lengths must not be a multiple of 3 unless both are.
                        let odd = (one.ends_too || begins)
                            && (one.count + count).is_multiple_of(3)
                            && !(one.count.is_multiple_of(3) && count.is_multiple_of(3));
                        one.sign == sign
                            && if sign == '~' {
                                one.count == count
                            } else {
                                !odd
                            }
                    };
                    let Some(place) = open.iter().rposition(fits) else {
                        break;
                    };
                    // Delimiters opened later without an end are text.
                    while open.len() > place + 1 {
                        if let Some(one) = open.pop() {
                            now = unopened(one, now);
                        }
                    }
                    let Some(mut one) = open.pop() else { break };
                    let used = if sign == '~' {
                        count
                    } else {
                        2.min(one.count).min(count)
                    };
                    let inner = std::mem::take(&mut now);
                    let inner = match (sign, used) {
                        ('~', _) => Inline::Strike(inner),
                        (_, 2) => Inline::Strong(inner),
                        _ => Inline::Emphasis(inner),
                    };
                    count -= used;
                    one.count -= used;
                    if one.count > 0 {
                        now.push(inner);
                        open.push(one);
                    } else {
                        now = one.before;
                        now.push(inner);
                    }
                }
                if count > 0 && begins && open.len() < MAX_DEPTH {
                    open.push(Open {
                        sign,
                        count,
                        ends_too: ends,
                        before: std::mem::take(&mut now),
                    });
                } else {
                    push_text(&mut now, &String::from(sign).repeat(count));
                }
            }
        }
    }
    while let Some(one) = open.pop() {
        now = unopened(one, now);
    }
    if in_link { now } else { linked(now) }
}

/// Turns a delimiter that opened nothing into text.
fn unopened(one: Open, inner: Vec<Inline>) -> Vec<Inline> {
    let mut now = one.before;
    push_text(&mut now, &String::from(one.sign).repeat(one.count));
    for inline in inner {
        push(&mut now, inline);
    }
    now
}

fn push(to: &mut Vec<Inline>, inline: Inline) {
    match inline {
        Inline::Text(text) => push_text(to, &text),
        inline => to.push(inline),
    }
}

fn push_text(to: &mut Vec<Inline>, text: &str) {
    if let Some(Inline::Text(last)) = to.last_mut() {
        last.push_str(text);
    } else if !text.is_empty() {
        to.push(Inline::Text(text.to_owned()));
    }
}

/// Turns addresses in plain text into links.
fn linked(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut out = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match inline {
            Inline::Text(text) => addresses(&text, &mut out),
            Inline::Emphasis(inner) => out.push(Inline::Emphasis(linked(inner))),
            Inline::Strong(inner) => out.push(Inline::Strong(linked(inner))),
            Inline::Strike(inner) => out.push(Inline::Strike(linked(inner))),
            other => out.push(other),
        }
    }
    out
}

fn addresses(text: &str, out: &mut Vec<Inline>) {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    for span in finder.spans(text) {
        match span.kind().and_then(|_| safe_url(span.as_str())) {
            Some(url) => out.push(Inline::Link {
                url,
                children: vec![Inline::Text(span.as_str().to_owned())],
            }),
            None => push_text(out, span.as_str()),
        }
    }
}
/// Returns the address if it is safe to open: `http`, `https` or `mailto`, without invisible
/// characters.
pub(super) fn safe_url(url: &str) -> Option<String> {
    let scheme = url.split(':').next()?.to_ascii_lowercase();
    let known = match scheme.as_str() {
        // Without the slashes, browsers treat it as a path on this site.
        "http" | "https" => url
            .get(scheme.len()..)
            .is_some_and(|rest| rest.starts_with("://")),
        "mailto" => true,
        _ => false,
    };
    let plain = !url
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || crate::shared::names::is_invisible(c));
    (known && plain).then(|| url.to_owned())
}
