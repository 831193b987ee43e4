//! What stands in a paragraph: emphasis, code, links, cashtags.

use super::{Inline, MAX_DEPTH};
use crate::markets;
use linkify::{LinkFinder, LinkKind};

/// A piece that is read, or a sign that may begin or end one.
enum Piece<'a> {
    Done(Inline),
    Text(&'a str),
    /// The sign, how often it stands there, and whether it may begin and end something.
    Sign(char, usize, bool, bool),
}

/// The pieces of a paragraph. Links have none in them.
pub fn inlines(text: &str, in_link: bool) -> Vec<Inline> {
    let mut pieces = Vec::new();
    let (mut at, mut plain) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let found = match rest.chars().next() {
            Some('\\') => escape(rest),
            Some('`') => code_span(rest),
            Some('<') if !in_link => address(rest),
            Some('[') if !in_link => link(rest),
            Some('$') if !in_link => cashtag(text, at),
            Some('!') if rest.starts_with("![") => {
                link(rest.get(1..).unwrap_or_default()).map(|(_, length)| {
                    (
                        Piece::Text(rest.get(..=length).unwrap_or_default()),
                        length + 1,
                    )
                })
            }
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
                // A run of back ticks that nothing closes begins nothing further on either.
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

/// A sign after a backslash is only itself; the end of a line is one in any case.
fn escape(rest: &str) -> Option<(Piece<'_>, usize)> {
    let next = rest.chars().nth(1)?;
    match next {
        '\n' => Some((Piece::Text(""), 1)),
        _ if next.is_ascii_punctuation() => Some((Piece::Text(rest.get(1..2)?), 2)),
        _ => None,
    }
}

fn code_span(rest: &str) -> Option<(Piece<'_>, usize)> {
    let inner = rest.trim_start_matches('`');
    let count = rest.len() - inner.len();
    let mut from = 0;
    loop {
        let begin = from + inner.get(from..)?.find('`')?;
        let after = inner.get(begin..)?;
        let ticks = after.len() - after.trim_start_matches('`').len();
        if ticks != count {
            from = begin + ticks;
            continue;
        }
        let code = inner.get(..begin)?.replace('\n', " ");
        let bare = code
            .strip_prefix(' ')
            .and_then(|code| code.strip_suffix(' '))
            .filter(|bare| !bare.trim().is_empty());
        let code = bare.unwrap_or(&code).to_owned();
        return Some((Piece::Done(Inline::Code(code)), count + begin + count));
    }
}

/// `$AAPL`, which is no part of a word or of an address.
fn cashtag(text: &str, at: usize) -> Option<(Piece<'_>, usize)> {
    let (before, rest) = text.split_at_checked(at)?;
    let word = before.rsplit(char::is_whitespace).next()?;
    if word.contains("://") || !markets::may_follow(before.chars().next_back()) {
        return None;
    }
    let (symbol, length) = markets::cashtag(rest)?;
    let tag = Inline::Cashtag {
        symbol: symbol.to_string(),
        shown: rest.get(..length)?.to_owned(),
    };
    Some((Piece::Done(tag), length))
}

/// `<https://…>`
fn address(rest: &str) -> Option<(Piece<'_>, usize)> {
    let end = rest.find('>')?;
    let url = rest.get(1..end)?;
    let link = Inline::Link {
        url: safe_url(url).filter(|url| !url.contains('<'))?,
        children: vec![Inline::Text(url.to_owned())],
    };
    Some((Piece::Done(link), end + 1))
}

/// `[what is shown](address "title")`; with an address that is not safe only what is shown.
fn link(rest: &str) -> Option<(Piece<'_>, usize)> {
    let (mut depth, mut close) = (0_usize, None);
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => depth += 1,
            ']' => {
                depth -= 1;
                if depth == 0 {
                    close = Some(at);
                    break;
                }
            }
            _ => {}
        }
    }
    let close = close?;
    // A link in a link: the inner one counts.
    if rest.get(..close)?.contains("](") {
        return None;
    }
    let target = rest.get(close + 1..)?.strip_prefix('(')?;
    let (url, length) = target_of(target)?;
    let children = inlines(rest.get(1..close)?, true);
    let length = close + 2 + length;
    let piece = match safe_url(&url) {
        Some(url) => Inline::Link { url, children },
        // Nothing that can be followed, so what it would have shown.
        None => Inline::Link {
            url: String::new(),
            children,
        },
    };
    Some((Piece::Done(piece), length))
}

/// The address of a link, and how much of the text it takes with the bracket that ends it.
fn target_of(text: &str) -> Option<(String, usize)> {
    let begin = text.len() - text.trim_start().len();
    let (mut depth, mut end) = (0_usize, None);
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < begin) {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => {
                end = Some(at);
                break;
            }
            ')' => depth -= 1,
            c if c.is_whitespace() => {
                end = Some(at);
                break;
            }
            _ => {}
        }
    }
    let end = end?;
    let url = text.get(begin..end)?;
    let url = url
        .strip_prefix('<')
        .and_then(|url| url.strip_suffix('>'))
        .unwrap_or(url);
    let after = text.get(end..)?;
    let title = after.trim_start();
    let skipped = end + after.len() - title.len();
    let quoted = match title.chars().next()? {
        ')' => 0,
        mark @ ('"' | '\'') => 2 + title.get(1..)?.find(mark)?,
        _ => return None,
    };
    let rest = title.get(quoted..)?;
    let closed = rest.trim_start();
    closed.starts_with(')').then(|| {
        let length = skipped + quoted + rest.len() - closed.len() + 1;
        (url.to_owned(), length)
    })
}

/// A run of signs of emphasis, and what it may do there.
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
        // Within a word it is a part of the word.
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

/// Something that a sign has begun.
struct Open {
    sign: char,
    count: usize,
    ends_too: bool,
    /// What came before it.
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
                        // Of three and more signs only those that add up otherwise.
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
                    // What was begun later and has no end is text.
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

/// A sign that began nothing is text.
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

/// The addresses in plain text made into links.
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
/// The address when it is safe to open from here: `http`, `https` or `mailto`, nothing hidden.
pub(super) fn safe_url(url: &str) -> Option<String> {
    let scheme = url.split(':').next()?.to_ascii_lowercase();
    let known = match scheme.as_str() {
        // Without the slashes browsers take it for a place on this very site.
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
